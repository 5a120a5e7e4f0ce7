package io.serverlesscontainers.policy.internal.engine;

import io.serverlesscontainers.core.spi.RuleExplanation;
import io.serverlesscontainers.core.spi.ScalingPolicy.Firings;
import io.serverlesscontainers.policy.Evaluation;
import io.serverlesscontainers.store.document.Resource;
import java.util.List;
import java.util.Map;
import java.util.RandomAccess;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Remembers what the rule engine decides (design, section 9). Facts with the same {@linkplain Signatures signature} get the
 * same answer, so the rule engine is asked once for each signature. A fact costs the computation of its signature and one
 * look at a table, and no allocation.
 *
 * <p>A fact for which a constraint cannot be evaluated always goes to the rule engine, which knows whether any rule comes
 * to ask for it. Where the signatures of a resource become too many, all its facts do: the cache would then cost more than
 * it saves. So do those of a resource of whose rules it is not known what they ask.
 *
 * @param <F> the facts
 * @param <R> what is told of a rule that holds
 */
final class DecisionCache<F, R> implements Evaluators<F, R> {
    // So many facts at a time that what is known of them stays in the processor's cache.
    private static final int ROWS = 512;

    private final FactKind<F> kind;
    private final Signatures<F> signatures;
    private final RuleSessions<F, R> sessions;
    private final ResourceCache<?, ?>[] caches = new ResourceCache<?, ?>[Resource.values().length];
    // By slot: the answer, null if none is known; and whether the answer is that no rule holds, as for most facts.
    private final Object[][] answers;
    private final boolean[] isQuiet;
    private final long[] slots = new long[ROWS];
    private final long[][] words;
    private final int[] found = new int[ROWS];

    DecisionCache(FactKind<F> kind, Map<Resource, ? extends Rules<F, R>> rules, Signatures<F> signatures) {
        this.kind = kind;
        this.signatures = signatures;
        this.sessions = new RuleSessions<>(kind, rules);
        this.answers = new Object[signatures.slots()][];
        this.isQuiet = new boolean[signatures.slots()];
        this.words = new long[signatures.words()][ROWS];
        rules.forEach((resource, each) -> each.constraints()
                .ifPresent(asked -> caches[resource.ordinal()] =
                        new ResourceCache<>(sessions.of(resource), asked.size(), signatures.isDirect(resource))));
        // A resource of whose rules nothing is known has no slot of its own.
        isQuiet[Signatures.NO_RULES] =
                rules.values().stream().allMatch(each -> each.constraints().isPresent());
    }

    @Override
    public Set<Resource> resources() {
        return sessions.resources();
    }

    @Override
    public Stream<Evaluation> evaluations() {
        return resources().stream().map(resource -> {
            ResourceCache<?, ?> cache = caches[resource.ordinal()];
            return cache == null ? sessions.of(resource).evaluation(resource) : cache.evaluation(resource);
        });
    }

    @Override
    public List<RuleExplanation> explain(F fact) {
        return sessions.explain(fact);
    }

    @Override
    public void run(List<F> facts, Firings<F, R> firings) {
        List<F> window = facts instanceof RandomAccess ? facts : List.copyOf(facts);
        sessions.begin(firings);
        for (int from = 0; from < window.size(); from += ROWS) {
            int rows = Math.min(ROWS, window.size() - from);
            signatures.compute(window, from, rows, slots, words);
            int count = rowsNotQuiet(slots, isQuiet, rows, found);
            for (int i = 0; i < count; i++) {
                answer(window.get(from + found[i]), found[i], firings);
            }
        }
        sessions.end();
    }

    /** Few facts are of interest, but nobody can guess which: without a branch there is nothing to guess. */
    private static int rowsNotQuiet(long[] slots, boolean[] isQuiet, int rows, int[] found) {
        int count = 0;
        for (int row = 0; row < rows; row++) {
            found[count] = row;
            count += isQuiet[(int) slots[row]] ? 0 : 1;
        }
        return count;
    }

    private void answer(F fact, int row, Firings<F, R> firings) {
        int slot = (int) slots[row];
        Object[] answer = answers[slot];
        if (answer == null) {
            answer = seek(fact, row, slot);
        }
        if (answer == null) {
            sessions.add(fact);
        } else {
            tell(fact, answer, firings);
        }
    }

    /** The answer that the slot does not have; null if the rule engine has to see the fact. */
    @SuppressWarnings("unchecked") // Only this class fills the caches.
    private Object[] seek(F fact, int row, int slot) {
        var cache = (ResourceCache<F, R>) caches[kind.resource().apply(fact).ordinal()];
        if (cache == null || slot == Signatures.NO_VALUE) {
            return null;
        }
        if (!cache.isDirect()) {
            return cache.answer(fact, words, row);
        }
        answers[slot] = cache.ask(fact);
        isQuiet[slot] = answers[slot].length == 0;
        return answers[slot];
    }

    @SuppressWarnings("unchecked") // Only the rules make answers.
    private void tell(F fact, Object[] answer, Firings<F, R> firings) {
        for (Object rule : answer) {
            firings.fired(fact, (R) rule);
        }
    }
}

package io.serverlesscontainers.policy.internal.engine;

import io.serverlesscontainers.core.spi.ScalingPolicy.Firings;
import io.serverlesscontainers.policy.Evaluation;
import io.serverlesscontainers.store.document.Resource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Remembers what the rule engine decides (design, section 9). Every constraint of the rules is evaluated for a whole
 * {@link Block} at a time, and sets its bit in the signature of each fact. Facts with the same signature get the same
 * answer, so the rule engine is asked once for each signature. A fact costs a comparison for each constraint and one look
 * at a table, and no allocation.
 *
 * <p>A fact for which a constraint cannot be evaluated always goes to the rule engine, which knows whether any rule comes
 * to ask for it. Where the signatures become too many, all facts do: the cache would then cost more than it saves.
 *
 * @param <F> the facts, all of one resource
 * @param <R> what is told of a rule that holds
 */
final class DecisionCache<F, R> implements Evaluator<F, R> {
    /** With more signatures than this, nearly every fact has a new one. */
    static final int MOST_COMBINATIONS = 4_096;

    private final Rules<F, R> rules;
    private final List<Constraint<F>> constraints;
    private final long[][] signatures;
    private final Answers answers;
    private final int[] rows = new int[Block.ROWS];
    private final RuleSession<F, R> session;
    private List<F> window = List.of();
    private Firings<F, R> firings;
    private long asked;
    private boolean isFull;

    DecisionCache(Rules<F, R> rules) {
        this.rules = rules;
        this.constraints = rules.constraints().orElseThrow();
        this.signatures = new long[Answers.words(constraints.size())][Block.ROWS];
        this.answers = new Answers(constraints.size());
        this.session = new RuleSession<>(rules);
    }

    @Override
    public void begin(List<F> facts, Firings<F, R> told) {
        rules.prepare();
        window = facts;
        session.begin(facts, told);
        firings = told;
    }

    @Override
    public void add(int[] places, int count, Block<F> scratch) {
        if (isFull) {
            session.add(places, count, scratch);
        } else {
            scratch.load(window, places, count);
            sign(scratch);
            answer(scratch);
        }
    }

    @Override
    public void end() {
        session.end();
        window = List.of();
        firings = null;
    }

    private void sign(Block<F> block) {
        for (long[] word : signatures) {
            Arrays.fill(word, 0, block.size(), 0);
        }
        for (int i = 0; i < constraints.size(); i++) {
            constraints.get(i).mark(block, signatures[i / Long.SIZE], 1L << i % Long.SIZE);
        }
    }

    private void answer(Block<F> block) {
        int count = block.hasFailed() ? all(block.size()) : answers.rowsNotEmpty(signatures, block.size(), rows);
        for (int i = 0; i < count; i++) {
            answer(block, rows[i]);
        }
    }

    private int all(int count) {
        for (int row = 0; row < count; row++) {
            rows[row] = row;
        }
        return count;
    }

    private void answer(Block<F> block, int row) {
        if (block.hasFailed(row)) {
            session.add(block.place(row));
            return;
        }
        Object[] answer = answers.get(signatures, row);
        if (answer == null) {
            answer = ask(block.fact(row), row);
        }
        tell(block.fact(row), answer);
    }

    private Object[] ask(F fact, int row) {
        asked++;
        var held = new ArrayList<R>();
        rules.run(List.of(fact), (same, rule) -> held.add(rule));
        Object[] answer = held.toArray();
        answers.put(signatures, row, answer);
        isFull = answers.size() >= MOST_COMBINATIONS;
        return answer;
    }

    @SuppressWarnings("unchecked") // Only ask makes answers.
    private void tell(F fact, Object[] answer) {
        for (Object rule : answer) {
            firings.fired(fact, (R) rule);
        }
    }

    @Override
    public Rules<F, R> rules() {
        return rules;
    }

    @Override
    public Evaluation evaluation(Resource resource) {
        return new Evaluation(
                resource,
                rules.kind().generates(),
                isFull ? Evaluation.Path.RULE_ENGINE : Evaluation.Path.DECISION_CACHE,
                isFull ? "more than " + MOST_COMBINATIONS + " combinations" : "",
                rules.count(),
                constraints.size(),
                answers.size(),
                asked + session.sessions());
    }
}

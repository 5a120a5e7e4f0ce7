package io.serverlesscontainers.policy.internal.engine;

import io.serverlesscontainers.core.spi.RuleExplanation;
import io.serverlesscontainers.core.spi.ScalingPolicy.Firings;
import io.serverlesscontainers.policy.Evaluation;
import io.serverlesscontainers.store.document.Resource;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.RandomAccess;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The evaluators of one kind of facts, by resource. It sorts the facts of a window by resource, in portions, so that what
 * it needs to do so does not grow with the window.
 *
 * @param <F> the facts
 * @param <R> what is told of a rule that holds
 */
public final class Evaluators<F, R> {
    private static final int RESOURCES = Resource.values().length;

    private final FactKind<F> kind;
    private final Map<Resource, Evaluator<F, R>> all = new EnumMap<>(Resource.class);
    private final Block<F> scratch;
    private final int[][] places = new int[RESOURCES][Block.ROWS];
    private final int[] counts = new int[RESOURCES];

    /** Made of an evaluator for each resource that has rules. */
    public Evaluators(FactKind<F> kind, Map<Resource, Evaluator<F, R>> all) {
        this.kind = kind;
        this.all.putAll(all);
        this.scratch = kind.newBlock().get();
    }

    /** The resources that have rules. */
    public Set<Resource> resources() {
        return Collections.unmodifiableSet(all.keySet());
    }

    /** How each of them evaluates. */
    public Stream<Evaluation> evaluations() {
        return all.entrySet().stream().map(each -> each.getValue().evaluation(each.getKey()));
    }

    /** Whether each rule of a fact's resource holds for it, and why. Any thread may ask at any time. */
    public List<RuleExplanation> explain(F fact) {
        Evaluator<F, R> evaluator = all.get(kind.resource().apply(fact));
        return evaluator == null ? List.of() : evaluator.rules().explain(fact);
    }

    /** Tells, for each fact, the rules that hold. */
    public void run(List<F> facts, Firings<F, R> firings) {
        List<F> window = facts instanceof RandomAccess ? facts : List.copyOf(facts);
        all.values().forEach(evaluator -> evaluator.begin(window, firings));
        for (int from = 0; from < window.size(); from += Block.ROWS) {
            sort(window, from, Math.min(from + Block.ROWS, window.size()));
            all.forEach((resource, evaluator) ->
                    evaluator.add(places[resource.ordinal()], counts[resource.ordinal()], scratch));
        }
        all.values().forEach(Evaluator::end);
        scratch.clear();
    }

    private void sort(List<F> window, int from, int to) {
        Arrays.fill(counts, 0);
        kind.sorter().sort(window, from, to, places, counts);
    }
}

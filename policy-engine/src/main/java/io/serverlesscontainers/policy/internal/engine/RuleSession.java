package io.serverlesscontainers.policy.internal.engine;

import io.serverlesscontainers.core.spi.ScalingPolicy.Firings;
import io.serverlesscontainers.policy.Evaluation;
import io.serverlesscontainers.store.document.Resource;
import java.util.ArrayList;
import java.util.List;

/**
 * The reference: every fact goes through a session of the rule engine, in chunks, because its cost per fact grows with
 * what it holds.
 *
 * @param <F> the facts
 * @param <R> what is told of a rule that holds
 */
final class RuleSession<F, R> implements Evaluator<F, R> {
    private static final int CHUNK = 1_000;

    private final Rules<F, R> rules;
    private final List<F> chunk = new ArrayList<>(CHUNK);
    private List<F> window = List.of();
    private Firings<F, R> firings;
    private long sessions;

    RuleSession(Rules<F, R> rules) {
        this.rules = rules;
    }

    @Override
    public void begin(List<F> facts, Firings<F, R> told) {
        rules.prepare();
        chunk.clear();
        window = facts;
        firings = told;
    }

    @Override
    public void add(int[] places, int count, Block<F> scratch) {
        for (int i = 0; i < count; i++) {
            add(places[i]);
        }
    }

    void add(int place) {
        chunk.add(window.get(place));
        if (chunk.size() == CHUNK) {
            run();
        }
    }

    @Override
    public void end() {
        if (!chunk.isEmpty()) {
            run();
        }
        window = List.of();
        firings = null;
    }

    private void run() {
        sessions++;
        rules.run(chunk, firings);
        chunk.clear();
    }

    long sessions() {
        return sessions;
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
                Evaluation.Path.RULE_ENGINE,
                rules.constraints().isPresent() ? "asked for" : "it is not known what the rules ask",
                rules.count(),
                rules.constraints().map(List::size).orElse(0),
                0,
                sessions);
    }
}

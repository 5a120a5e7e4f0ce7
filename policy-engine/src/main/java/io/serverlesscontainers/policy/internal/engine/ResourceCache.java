package io.serverlesscontainers.policy.internal.engine;

import io.serverlesscontainers.policy.Evaluation;
import io.serverlesscontainers.store.document.Resource;
import java.util.ArrayList;
import java.util.List;

/**
 * What the rule engine has answered for the facts of one resource.
 *
 * @param <F> the facts
 * @param <R> what is told of a rule that holds
 */
final class ResourceCache<F, R> {
    /** With more signatures than this, nearly every fact has a new one. */
    static final int MOST_COMBINATIONS = 4_096;

    private final RuleSession<F, R> session;
    private final int constraints;
    private final boolean isDirect;
    private final Answers answers;
    private long asked;

    /**
     * Nothing answered yet.
     *
     * @param session which sees the facts that are not answered here
     * @param isDirect whether the slots of {@link Signatures} say all, and answers are kept by slot
     */
    ResourceCache(RuleSession<F, R> session, int constraints, boolean isDirect) {
        this.session = session;
        this.constraints = constraints;
        this.isDirect = isDirect;
        this.answers = new Answers(constraints);
    }

    boolean isDirect() {
        return isDirect;
    }

    /** The answer for a fact, asked for if need be; null if there are too many. */
    Object[] answer(F fact, long[][] words, int row) {
        if (isFull()) {
            return null;
        }
        Object[] answer = answers.get(words, row);
        if (answer == null) {
            answer = ask(fact);
            answers.put(words, row, answer);
        }
        return answer;
    }

    /** What the rule engine answers for a fact. */
    Object[] ask(F fact) {
        asked++;
        var held = new ArrayList<R>();
        session.rules().run(List.of(fact), (same, rule) -> held.add(rule));
        return held.toArray();
    }

    private boolean isFull() {
        return answers.size() >= MOST_COMBINATIONS;
    }

    Evaluation evaluation(Resource resource) {
        return new Evaluation(
                resource,
                session.rules().kind().generates(),
                isFull() ? Evaluation.Path.RULE_ENGINE : Evaluation.Path.DECISION_CACHE,
                isFull() ? "more than " + MOST_COMBINATIONS + " combinations" : "",
                session.rules().count(),
                constraints,
                isDirect ? (int) asked : answers.size(),
                asked + session.sessions());
    }
}

package io.serverlesscontainers.policy.internal.logic;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;

/** Answers what a condition comes to by a walk over its tree, for tests of everything that is faster. */
public final class Interpreter {
    /** What can come of a condition. */
    public enum Result {
        /** It is true. */
        HOLDS,
        /** It is not. */
        DOES_NOT_HOLD,
        /** It has no value. */
        FAILS
    }

    private final Logic logic;

    private Interpreter(Logic logic) {
        this.logic = logic;
    }

    /** Of a condition as it stands in a document. */
    public static Interpreter of(JsonNode condition) {
        return new Interpreter(LogicParser.ofAnyData().parse(condition, JsonPointer.empty()));
    }

    /** What it comes to for some data. */
    public Result holds(JsonNode data) {
        try {
            return Coercion.isTrue(logic.valueFor(JsonValues.of(data))) ? Result.HOLDS : Result.DOES_NOT_HOLD;
        } catch (EvaluationException noValue) {
            return Result.FAILS;
        }
    }
}

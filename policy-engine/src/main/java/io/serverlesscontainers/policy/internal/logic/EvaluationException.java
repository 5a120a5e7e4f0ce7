package io.serverlesscontainers.policy.internal.logic;

import java.io.Serial;

/** An expression that has no value for some data; the message says why. */
public final class EvaluationException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    EvaluationException(String why) {
        super(why);
    }
}

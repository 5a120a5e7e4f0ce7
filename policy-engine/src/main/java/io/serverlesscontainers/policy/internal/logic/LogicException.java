package io.serverlesscontainers.policy.internal.logic;

import com.fasterxml.jackson.core.JsonPointer;
import java.io.Serial;

/** A piece of JSON that is no expression; the message names the place, what is there and what is allowed. */
public final class LogicException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    LogicException(JsonPointer where, String whatIsWrong) {
        super(where + " " + whatIsWrong);
    }
}

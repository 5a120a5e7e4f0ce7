package io.serverlesscontainers.policy.internal.logic;

import com.fasterxml.jackson.core.JsonPointer;
import java.io.Serial;

/** A piece of JSON that is no expression; the message names the place, what is there and what is allowed. */
public final class LogicException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private static final int LONGEST_PLACE = 1_000;

    LogicException(JsonPointer where, String whatIsWrong) {
        super(place(where.toString()) + " " + whatIsWrong);
    }

    private static String place(String pointer) {
        return pointer.length() <= LONGEST_PLACE ? pointer : pointer.substring(0, LONGEST_PLACE - 1) + "…";
    }
}

package io.serverlesscontainers.policy.internal.logic;

import com.fasterxml.jackson.core.JsonPointer;
import io.serverlesscontainers.store.document.Shown;
import java.io.Serial;

/** A piece of JSON that is no expression; the message names the place, what is there and what is allowed. */
public final class LogicException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private final transient JsonPointer where;
    private final String whatIsWrong;

    LogicException(JsonPointer where, String whatIsWrong) {
        super(Shown.of(where) + " " + whatIsWrong);
        this.where = where;
        this.whatIsWrong = whatIsWrong;
    }

    /** The place. */
    public JsonPointer where() {
        return where;
    }

    /** What is there and what is allowed. */
    public String whatIsWrong() {
        return whatIsWrong;
    }
}

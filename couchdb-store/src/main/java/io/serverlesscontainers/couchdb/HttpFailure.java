package io.serverlesscontainers.couchdb;

import io.serverlesscontainers.store.StateStoreException;
import java.io.Serial;

/** A request that was not answered as it should be. */
final class HttpFailure extends StateStoreException {
    @Serial
    private static final long serialVersionUID = 1;

    /** What went wrong, as far as it matters to what is done next. */
    enum Reason {
        /** No connection: nothing can have happened. */
        UNREACHABLE,
        /** A connection that was cut or timed out: what was asked for may have happened. */
        CUT_OFF,
        /** The server could not do it, which may have come to its mind halfway. */
        SERVER_ERROR,
        /** The server would not do it, and did nothing. */
        REFUSED,
        /** An answer that is not what a CouchDB answers. */
        UNREADABLE,
        /** The store was closed. */
        CLOSED
    }

    private final Reason reason;
    private final int status;
    private final boolean mayHaveHappened;

    HttpFailure(Reason reason, int status, String sentence, Throwable cause) {
        this(
                reason,
                status,
                reason == Reason.CUT_OFF || reason == Reason.SERVER_ERROR || reason == Reason.UNREADABLE,
                sentence,
                cause);
    }

    private HttpFailure(Reason reason, int status, boolean mayHaveHappened, String sentence, Throwable cause) {
        super(sentence, cause);
        this.reason = reason;
        this.status = status;
        this.mayHaveHappened = mayHaveHappened;
    }

    /** The same, after an earlier attempt that may have done it. */
    HttpFailure afterDoubt() {
        return mayHaveHappened ? this : new HttpFailure(reason, status, true, getMessage(), getCause());
    }

    Reason reason() {
        return reason;
    }

    /** The status of the answer; 0 if there was none. */
    int status() {
        return status;
    }

    /** Whether what was asked for may have been done all the same. */
    boolean mayHaveHappened() {
        return mayHaveHappened;
    }

    /** Whether the same request may fare better soon. */
    boolean mayPass() {
        return switch (reason) {
            case UNREACHABLE, CUT_OFF, SERVER_ERROR, UNREADABLE -> true;
            case REFUSED -> status == 408 || status == 429;
            case CLOSED -> false;
        };
    }
}

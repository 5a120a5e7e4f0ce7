package io.serverlesscontainers.opentsdb;

import io.serverlesscontainers.store.document.Shown;
import java.io.IOException;
import java.io.Serial;

/** A request that was not answered as it should be; the message is a sentence without its subject. */
final class HttpFailure extends IOException {
    @Serial
    private static final long serialVersionUID = 1;

    /** What went wrong, as far as it matters to what is done next. */
    enum Reason {
        /** No connection. */
        UNREACHABLE,
        /** No answer, or not all of it, in time. */
        TOO_LATE,
        /** The connection ended before the answer did. */
        CUT_OFF,
        /** The server could not do it, or is asked too much. */
        SERVER_ERROR,
        /** The server would not do it. */
        REFUSED,
        /** An answer that is not what OpenTSDB answers. */
        UNREADABLE,
        /** An answer of more bytes than are taken. */
        TOO_LONG,
        /** The thread was interrupted. */
        INTERRUPTED,
        /** Whatever was asking has been closed. */
        CLOSED
    }

    private final Reason reason;
    private final int status;
    private final String serverSays;

    HttpFailure(Reason reason, int status, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
        this.status = status;
        this.serverSays = "";
    }

    private HttpFailure(Reason reason, int status, String serverSays) {
        super("it answered " + status + (serverSays.isEmpty() ? "" : ": " + Shown.of(serverSays)));
        this.reason = reason;
        this.status = status;
        this.serverSays = serverSays;
    }

    /** An answer with a status that is no success, and what the server says about it; empty if it says nothing. */
    static HttpFailure answered(int status, String serverSays) {
        boolean passes = status >= 500 || status == 408 || status == 429;
        return new HttpFailure(passes ? Reason.SERVER_ERROR : Reason.REFUSED, status, serverSays);
    }

    Reason reason() {
        return reason;
    }

    /** The status of the answer; 0 if there was none. */
    int status() {
        return status;
    }

    /** The server's own words, all of them, which may hold anything; empty if it had none. */
    String serverSays() {
        return serverSays;
    }

    /** Whether it says that a request is too long, as OpenTSDB does with an HTML page and not a word about why. */
    boolean isAboutLength() {
        return status == 413 || status == 400 && serverSays.isEmpty();
    }

    /** Whether the same request may fare better soon. */
    boolean mayPass() {
        return switch (reason) {
            case UNREACHABLE, TOO_LATE, CUT_OFF, SERVER_ERROR, UNREADABLE -> true;
            case REFUSED, TOO_LONG, INTERRUPTED, CLOSED -> false;
        };
    }
}

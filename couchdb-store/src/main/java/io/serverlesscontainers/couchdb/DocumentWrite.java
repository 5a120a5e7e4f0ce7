package io.serverlesscontainers.couchdb;

import java.util.Optional;
import java.util.function.Consumer;

/** One document on its way to the server, and what became of it. Decided under the database's turn, once. */
final class DocumentWrite {
    /** What became of a write. */
    sealed interface Result {
        /** It is in the database. */
        record Done(String revision) implements Result {}

        /**
         * Somebody else was first; nothing was written.
         *
         * @param isElsewhere whether it was another program, or at least the server that knew
         */
        record Conflict(boolean isElsewhere) implements Result {}

        /** It is not in the database, or nobody knows; one sentence. */
        record Failed(HttpFailure failure) implements Result {}

        /** The server will not have it; one sentence. */
        record Refused(String sentence) implements Result {}
    }

    private final String id;
    private final Optional<String> expected;
    private final byte[] json;
    private final boolean mustBeHeld;
    private final boolean isOwnId;
    private final Consumer<String> whenDone;
    private Result result;

    private DocumentWrite(
            String id,
            Optional<String> expected,
            byte[] json,
            boolean mustBeHeld,
            boolean isOwnId,
            Consumer<String> whenDone) {
        this.id = id;
        this.expected = expected;
        this.json = json;
        this.mustBeHeld = mustBeHeld;
        this.isOwnId = isOwnId;
        this.whenDone = whenDone;
    }

    /**
     * A document that replaces a revision, or that must be new.
     *
     * @param whenDone is told the new revision, under the database's turn
     */
    static DocumentWrite of(String id, Optional<String> expected, byte[] json, Consumer<String> whenDone) {
        return new DocumentWrite(id, expected, json, false, false, whenDone);
    }

    /** A new document whose {@code _id} nobody else can have chosen. */
    static DocumentWrite ofOwnId(String id, byte[] json, Consumer<String> whenDone) {
        return new DocumentWrite(id, Optional.empty(), json, false, true, whenDone);
    }

    /** The removal of a document that is held; if it is not any more, nothing is asked of the server. */
    static DocumentWrite removalOfHeld(String id, String revision, byte[] json, Consumer<String> whenDone) {
        return new DocumentWrite(id, Optional.of(revision), json, true, false, whenDone);
    }

    String id() {
        return id;
    }

    byte[] json() {
        return json;
    }

    boolean isDecided() {
        return result != null;
    }

    Result result() {
        return result;
    }

    void decide(Result what) {
        if (what instanceof Result.Done done) {
            whenDone.accept(done.revision());
        }
        result = what;
    }

    /** Whether an {@code _id} that is there already can only be an earlier attempt of this write. */
    boolean isOwnId() {
        return isOwnId;
    }

    /** Whether the server need not be asked: the replica has seen a later revision already. */
    boolean isTooLate(Replica replica) {
        Optional<String> held = replica.revision(id);
        return expected.isPresent()
                && (Revisions.isPast(expected.get(), held.orElse(expected.get())) || mustBeHeld && held.isEmpty());
    }
}

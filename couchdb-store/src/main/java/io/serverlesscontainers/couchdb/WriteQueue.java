package io.serverlesscontainers.couchdb;

import io.serverlesscontainers.couchdb.DocumentWrite.Result;
import io.serverlesscontainers.couchdb.HttpFailure.Reason;
import io.serverlesscontainers.store.document.Shown;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The way of all writes to one database. What many threads want to write at the same time travels together: the thread
 * whose turn it is takes along what waits, a page at a time, so that the number of requests does not grow with the number
 * of writers, and two threads of one process hardly ever meet in a conflict at the server.
 */
final class WriteQueue {
    private static final System.Logger LOG = System.getLogger(WriteQueue.class.getName());

    /** A page that is longer is sent in parts; servers refuse what is very long. */
    private static final long MOST_BYTES = 16_000_000;

    private final Database database;
    private final Replica replica;
    private final Turn turn;
    private final int pageSize;
    private final Queue<DocumentWrite> waiting = new ConcurrentLinkedQueue<>();

    WriteQueue(Database database, Replica replica, Turn turn, int pageSize) {
        this.database = database;
        this.replica = replica;
        this.turn = turn;
        this.pageSize = pageSize;
    }

    /** Writes all; afterwards each is decided, and what was written is in the replica. */
    void write(List<DocumentWrite> writes) {
        waiting.addAll(writes);
        turn.during(() -> {
            for (DocumentWrite write : writes) {
                while (!write.isDecided()) {
                    Optional<HttpFailure> outage = sendPage();
                    // The rest would fail the same way, one patience after the other.
                    outage.ifPresent(failure -> giveUp(writes, failure));
                }
            }
        });
    }

    private static void giveUp(List<DocumentWrite> writes, HttpFailure failure) {
        writes.stream().filter(write -> !write.isDecided()).forEach(write -> write.decide(new Result.Failed(failure)));
    }

    /** Sends what waits, up to a page; returns why it could not. */
    private Optional<HttpFailure> sendPage() {
        Map<String, DocumentWrite> page = new LinkedHashMap<>();
        List<DocumentWrite> later = new ArrayList<>();
        long bytes = 0;
        while (page.size() < pageSize && bytes < MOST_BYTES) {
            DocumentWrite next = waiting.poll();
            if (next == null) {
                break;
            }
            if (next.isDecided()) {
                continue;
            }
            if (next.isTooLate(replica)) {
                next.decide(new Result.Conflict(false));
            } else if (page.putIfAbsent(next.id(), next) == null) {
                bytes += next.json().length;
            } else {
                later.add(next); // the same document twice: the second one may be too late then
            }
        }
        waiting.addAll(later);
        return page.isEmpty() ? Optional.empty() : send(List.copyOf(page.values()));
    }

    private Optional<HttpFailure> send(List<DocumentWrite> page) {
        try {
            decide(page, database.write(page.stream().map(DocumentWrite::json).toList()));
            return Optional.empty();
        } catch (HttpFailure e) {
            if (e.status() == 404) {
                return intoNewDatabase(page, e);
            }
            if (e.status() == 400 || e.status() == 413 || e.status() == 417) {
                return inHalves(page, e);
            }
            page.forEach(write -> write.decide(new Result.Failed(e)));
            return e.reason() == Reason.REFUSED && e.status() != 401 ? Optional.empty() : Optional.of(e);
        } catch (RuntimeException e) { // nobody else's thread may wait for these for ever
            page.stream()
                    .filter(write -> !write.isDecided())
                    .forEach(write -> write.decide(new Result.Refused(database.subject(write.id()) + ": " + e)));
            throw e;
        }
    }

    /** The database is gone: an empty one, so that what is new finds a place. */
    private Optional<HttpFailure> intoNewDatabase(List<DocumentWrite> page, HttpFailure notFound) {
        try {
            database.create();
            decide(page, database.write(page.stream().map(DocumentWrite::json).toList()));
            return Optional.empty();
        } catch (HttpFailure e) {
            HttpFailure failure = e.status() == 404 ? notFound : e;
            page.forEach(write -> write.decide(new Result.Failed(failure)));
            return Optional.of(failure);
        }
    }

    /** One document that the server will not have makes it refuse the whole page. */
    private Optional<HttpFailure> inHalves(List<DocumentWrite> page, HttpFailure refusal) {
        if (page.size() == 1) {
            page.get(0).decide(new Result.Refused(refusal.getMessage()));
            return Optional.empty();
        }
        int half = page.size() / 2;
        Optional<HttpFailure> first = send(page.subList(0, half));
        if (first.isPresent()) {
            giveUp(page, first.get());
            return first;
        }
        return send(page.subList(half, page.size()));
    }

    private void decide(List<DocumentWrite> page, Http.Answer<List<Database.BulkResult>> answer) {
        var conflicts = new ArrayList<DocumentWrite>();
        for (int i = 0; i < page.size(); i++) {
            DocumentWrite write = page.get(i);
            Database.BulkResult result = answer.value().get(i);
            if (result.revision().isPresent()) {
                write.decide(new Result.Done(result.revision().get()));
            } else if (result.isConflict()) {
                conflicts.add(write);
            } else {
                write.decide(refusal(write, result));
            }
        }
        if (!conflicts.isEmpty()) {
            refresh(conflicts.stream().map(DocumentWrite::id).toList());
            conflicts.forEach(write -> write.decide(conflict(write, answer.isAfterDoubt())));
        }
    }

    private Result refusal(DocumentWrite write, Database.BulkResult result) {
        String sentence = database.subject(write.id()) + ": the server answered '" + Shown.of(result.error()) + "' ("
                + Shown.of(result.reason()) + ")";
        return result.isRefusal()
                ? new Result.Refused(sentence)
                : new Result.Failed(new HttpFailure(Reason.SERVER_ERROR, 0, sentence, null));
    }

    /** So that whoever met the conflict sees what it was about. */
    private void refresh(List<String> ids) {
        try {
            database.fetch(ids).forEach(replica::put);
        } catch (HttpFailure e) {
            LOG.log(System.Logger.Level.DEBUG, "the replica will learn of a conflict later: " + e.getMessage());
        }
    }

    /** After an attempt in doubt, what is in the way may be that attempt's own work. */
    private Result conflict(DocumentWrite write, boolean isAfterDoubt) {
        if (write.isOwnId()) {
            Optional<String> held = replica.revision(write.id());
            if (held.isPresent()) {
                return new Result.Done(held.get());
            }
        }
        return isAfterDoubt
                ? new Result.Failed(new HttpFailure(
                        Reason.CUT_OFF,
                        0,
                        database.subject(write.id()) + ": the connection failed, and the document has changed since",
                        null))
                : new Result.Conflict(true);
    }
}

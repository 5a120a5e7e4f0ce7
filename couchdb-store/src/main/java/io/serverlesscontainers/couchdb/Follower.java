package io.serverlesscontainers.couchdb;

import io.serverlesscontainers.couchdb.HttpFailure.Reason;
import io.serverlesscontainers.store.StateStoreException;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Keeps a replica like its database: reads all of it once, then waits for changes on a thread of its own, and reads the
 * documents whose revision the replica does not have yet. What this process writes is there already, so its own changes
 * cost no second look. Where the server is away it tries again each retry interval; where the database has become
 * another one of the same name it reads all again.
 */
final class Follower {
    private static final System.Logger LOG = System.getLogger(Follower.class.getName());

    /** Changes that come in quick succession are fetched together. */
    private static final Duration BREATH = Duration.ofMillis(20);

    private final Database database;
    private final Replica replica;
    private final Turn turn;
    private final Http http;
    private final Settings settings;
    private final Thread thread;
    private volatile boolean isLoaded;
    private volatile long contactNanos;
    private String since;
    private String identity;
    private long checkedNanos;
    private boolean isAway;

    /** Of which a change from before this process's own last one was told; the own one should be told soon. */
    private final Set<String> doubtful = new HashSet<>();

    /** What this process has removed and was not told of yet, with the revision of the removal. */
    private final Map<String, String> removedHere = new ConcurrentHashMap<>();

    Follower(Database database, Replica replica, Turn turn, Http http, Settings settings) {
        this.database = database;
        this.replica = replica;
        this.turn = turn;
        this.http = http;
        this.settings = settings;
        this.thread = new Thread(this::run, "couchdb-" + database.name());
        this.thread.setDaemon(true);
    }

    /** Reads the database, the first time; throws if that fails, and tries again at the next call. */
    void ensureLoaded() {
        http.requireOpen();
        if (!isLoaded) {
            turn.during(() -> {
                if (!isLoaded) {
                    load();
                    isLoaded = true;
                    thread.start();
                }
            });
        }
    }

    /** How long ago the server last said that there is nothing newer; empty if nothing was read yet. */
    Optional<Duration> age() {
        return isLoaded ? Optional.of(Duration.ofNanos(System.nanoTime() - contactNanos)) : Optional.empty();
    }

    private void load() {
        long asked = System.nanoTime();
        String sequence = database.sequence();
        String instance = database.identity();
        Set<String> ids = new HashSet<>();
        Optional<String> last = Optional.empty();
        List<Row> page;
        do {
            page = database.page(last, settings.pageSize());
            for (Row row : page) {
                ids.add(row.id());
                replica.put(row);
                last = Optional.of(row.id());
            }
        } while (page.size() == settings.pageSize());
        replica.retain(ids);
        doubtful.clear();
        removedHere.clear();
        since = sequence;
        identity = instance;
        checkedNanos = asked;
        contactNanos = asked;
    }

    private void run() {
        boolean mustCheck = false;
        while (!http.isClosed()) {
            try {
                follow(mustCheck);
                mustCheck = false;
                if (isAway) {
                    isAway = false;
                    LOG.log(System.Logger.Level.INFO, "database '" + database.name() + "' is followed again");
                }
            } catch (StateStoreException e) {
                mustCheck = true;
                rest(e);
            } catch (RuntimeException e) {
                mustCheck = true;
                LOG.log(System.Logger.Level.WARNING, "database '" + database.name() + "' could not be followed", e);
                http.pause(settings.retryInterval());
            }
        }
    }

    private void rest(StateStoreException failure) {
        if (!isAway && !http.isClosed()) {
            isAway = true;
            LOG.log(
                    System.Logger.Level.WARNING,
                    failure.getMessage() + "; what was read last is served until it is back");
        }
        long interval = settings.retryInterval().toMillis();
        http.pause(Duration.ofMillis(interval / 2 + ThreadLocalRandom.current().nextLong(interval / 2 + 1)));
    }

    private void follow(boolean mustCheck) {
        if (mustCheck) {
            check();
        }
        Database.News news = news();
        if (news == null) {
            turn.during(this::load);
            http.pause(settings.retryInterval()); // in case the new one is not understood either
            return;
        }
        if (!news.rows().isEmpty()) {
            turn.during(() -> takeIn(news.rows()));
        }
        since = news.sequence();
        if (news.rows().size() < settings.pageSize()) { // a full page may not be all
            contactNanos = System.nanoTime();
        }
        if (news.rows().isEmpty()) {
            lookAtDoubtful();
            check();
        } else if (System.nanoTime() - checkedNanos > settings.pollTimeout().toNanos()) {
            check();
        } else {
            http.pause(BREATH);
        }
    }

    /** Null if the server does not know the sequence any more. */
    private Database.News news() {
        try {
            return database.changes(since, settings.pageSize(), settings.pollTimeout());
        } catch (HttpFailure e) {
            if (e.reason() == Reason.REFUSED && e.status() == 400) {
                return null;
            }
            throw e;
        }
    }

    /** Reads all again if this is not the database that was read. */
    private void check() {
        String now = database.identity();
        if (!now.equals(identity)) {
            turn.during(this::load);
        }
        checkedNanos = System.nanoTime();
    }

    private void takeIn(List<Row> changes) {
        Set<String> unknown = new LinkedHashSet<>();
        for (Row change : changes) {
            if (change.isDesign()) {
                continue;
            }
            Optional<String> held = replica.revision(change.id());
            if (held.equals(change.revision())) {
                doubtful.remove(change.id());
                removedHere.remove(change.id());
            } else if (isOlder(change, held)) {
                doubtful.add(change.id());
            } else {
                unknown.add(change.id());
            }
        }
        look(unknown);
    }

    /** Whether a change was made before this process's own last one, which is to be told yet. */
    private boolean isOlder(Row change, Optional<String> held) {
        Optional<String> own = held.or(() -> Optional.ofNullable(removedHere.get(change.id())));
        boolean isOlder = own.isPresent()
                && change.revision()
                        .filter(told -> Revisions.isOlder(told, own.get()))
                        .isPresent();
        if (!isOlder) {
            removedHere.remove(change.id());
        }
        return isOlder;
    }

    /** Normally none is left; but a revision that won a conflict may go, and an older one be the document again. */
    private void lookAtDoubtful() {
        if (!doubtful.isEmpty()) {
            turn.during(() -> look(doubtful));
            doubtful.clear();
        }
    }

    private void look(Set<String> ids) {
        database.fetch(List.copyOf(ids)).forEach(replica::put);
    }

    /** Says that this process has removed a document; under the database's turn. */
    void removed(String id, String revision) {
        removedHere.put(id, revision);
    }

    /** Waits for the thread's end, after the store's. */
    void join() {
        boolean interrupted = false;
        if (thread != Thread.currentThread()) {
            try {
                thread.join(Duration.ofSeconds(5).toMillis());
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

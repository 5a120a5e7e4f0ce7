package io.serverlesscontainers.core.lease;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.serverlesscontainers.core.lease.LeaseTable.Member;
import io.serverlesscontainers.core.spi.Ownership;
import io.serverlesscontainers.store.ConflictException;
import io.serverlesscontainers.store.MissingDocumentException;
import io.serverlesscontainers.store.StateStore;
import io.serverlesscontainers.store.StateStoreException;
import io.serverlesscontainers.store.document.DocumentException;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.document.Problem;
import io.serverlesscontainers.store.document.ServiceDocument;
import io.serverlesscontainers.store.document.Shown;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;

/**
 * One member's lease on its part of an installation, where several do the same work: each structure is one Guardian's,
 * each host one Scaler's, at any time.
 *
 * <p>Every name belongs to one of {@value #SLOTS} slots, and every slot to at most one member. Who owns which is one
 * document in the state store, {@code guardian_leases} for the role {@code guardian}, which looks like a service's and
 * carries the heartbeat of whoever wrote it last. At the start of each window a member renews its lease on all its slots
 * with one compare-and-set write:
 *
 * <pre>
 * lease.renew(window);      // at the start of each window, on the thread that works
 * guardian.runOnce();       // asks lease.owns(structure) for each, and again before it writes
 * </pre>
 *
 * <p>With W for the length of a window, and t for the start of the one in which the member renewed:
 *
 * <table>
 * <caption>Who may do what, when</caption>
 * <tr><th>what happens</th><th>the member works on its slots</th><th>another one may take them</th></tr>
 * <tr><td>it goes on</td><td>for good</td><td>never</td></tr>
 * <tr><td>it dies, is stopped, or cannot reach the store</td><td>until t + 1.5 W</td><td>from t + 1.75 W, if it has not
 *   renewed since the other one looked last</td></tr>
 * <tr><td>it gives a slot away, as there are more members now</td><td>until t + 0.5 W</td><td>from t + 0.75 W</td></tr>
 * <tr><td>it closes</td><td>no more</td><td>from t + 0.75 W</td></tr>
 * <tr><td>it starts again under its name</td><td>at once</td><td>never</td></tr>
 * </table>
 *
 * <p>So two windows of a structure are missed at most when its Guardian dies, and none when it is handed over; and from
 * one decision to the next it is never less than half a window, but where a member starts again. The quarter
 * that others wait longer is for clocks: those of two hosts may differ by so much. One that is further ahead is told among
 * the problems, and still takes nothing from whoever renews.
 *
 * <p>Members share the slots evenly, to within one. One that is alone owns all from its first window on. Slots are
 * taken from the dead by whoever renews next, up to its share. After the store was out of reach, nobody is taken for
 * dead before a second look.
 *
 * <p>Only who acts takes part: a Guardian in another mode than {@code ENFORCE} would leave its part undone. Members of
 * one role do the same work; Guardians of containers and of applications have different roles.
 *
 * <p>The document is as strong as the compare-and-set of the store. Between {@link #owns} and a write that follows at
 * once, a quarter of a window may pass without harm. Any number of threads may call {@link #owns}.
 */
public final class Lease implements Ownership, AutoCloseable {
    /** How many parts the names are divided into: more members than this have nothing to do. */
    public static final int SLOTS = 64;

    private static final Duration SHORTEST_WINDOW = Duration.ofMillis(100);
    private static final String LEASE = "lease";
    private static final String HEARTBEAT = "heartbeat";

    private final StateStore store;
    private final String document;
    private final String member;
    private final Clock clock;
    private final String incarnation = UUID.randomUUID().toString();

    private volatile long[] heldUntilMillis = new long[SLOTS];
    private Map<String, Member> lastSeen = Map.of();
    private boolean hasBegun;
    private long handOverMillis;
    private boolean isClosed;

    /**
     * A lease that holds nothing yet. It does not close the store.
     *
     * @param role what all members do: {@code guardian}, {@code scaler}
     * @param member the name of this one. Two that run at the same time must never share it; one that starts again under
     *     its old name has all at once that it had
     */
    public Lease(StateStore store, String role, String member, Clock clock) {
        this.store = Objects.requireNonNull(store, "store");
        this.document = requireName("role", role) + "_leases";
        this.member = requireName("member", member);
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    private static String requireName(String what, String name) {
        if (name.isBlank()) {
            throw new IllegalArgumentException("the name of the " + what + " is blank");
        }
        return name;
    }

    /**
     * Begins a window: renews the lease, takes what is free up to this member's share, and gives away what is above it.
     * Costs one write. If the store is out of reach, the member keeps what it holds until that runs out, and the result
     * says so.
     *
     * @param window the time until the next call; at least 100 ms
     */
    public synchronized Renewal renew(Duration window) {
        if (window.compareTo(SHORTEST_WINDOW) < 0) {
            throw new IllegalArgumentException("the window is " + window.toMillis() + " ms, at least "
                    + SHORTEST_WINDOW.toMillis() + " ms are needed to tell who is late");
        }
        if (isClosed) {
            throw new IllegalStateException("the lease of '" + member + "' is closed");
        }
        var round = new Round(window);
        try {
            write(round);
        } catch (StateStoreException | DocumentException failed) {
            lastSeen = Map.of();
            return result(0, List.of(problem("the lease is not renewed: " + failed.getMessage())));
        }
        return round.end();
    }

    @Override
    public boolean owns(String name) {
        return clock.millis() < heldUntilMillis[Slot.of(name, SLOTS)];
    }

    /**
     * Gives all away with one write. If the store is out of reach, the lease runs out by itself. Whoever works on
     * something must have stopped.
     */
    @Override
    public synchronized void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        heldUntilMillis = new long[SLOTS];
        try {
            store.change(DocumentKind.SERVICES, document, this::withoutThisMember);
        } catch (StateStoreException | DocumentException failed) {
            // Nobody waits longer for it than for one that died.
        }
    }

    private ServiceDocument withoutThisMember(ServiceDocument before) {
        Optional<LeaseTable> table = table(before);
        boolean isMember = table.map(now -> now.members().get(member))
                .filter(now -> now.incarnation().equals(incarnation))
                .isPresent();
        return isMember ? with(before, table.get().without(member, handOverMillis)) : before;
    }

    private void write(UnaryOperator<ServiceDocument> change) {
        try {
            store.change(DocumentKind.SERVICES, document, change);
        } catch (MissingDocumentException first) {
            var empty = new ServiceDocument(document, Map.of(), Map.of(), List.of());
            try {
                store.create(DocumentKind.SERVICES, change.apply(empty));
            } catch (ConflictException second) {
                store.change(DocumentKind.SERVICES, document, change);
            }
        }
    }

    private Optional<LeaseTable> table(ServiceDocument service) {
        JsonNode json = service.otherFields().get(LEASE);
        return json == null ? Optional.empty() : Optional.of(LeaseTable.fromJson(document, json));
    }

    private ServiceDocument with(ServiceDocument before, LeaseTable table) {
        var fields = new LinkedHashMap<>(before.otherFields());
        JsonNode known = fields.getOrDefault(LEASE, MissingNode.getInstance());
        fields.put(
                HEARTBEAT, JsonNodeFactory.instance.numberNode(clock.instant().getEpochSecond()));
        fields.put(LEASE, table.toJson(known));
        return new ServiceDocument(before.name(), before.config(), fields, before.problems());
    }

    private Renewal result(int members, List<Problem> problems) {
        long now = clock.millis();
        int held = (int)
                Arrays.stream(heldUntilMillis).filter(until -> now < until).count();
        return new Renewal(held, members, problems);
    }

    private Problem problem(String sentence) {
        return new Problem(Shown.named("member", member), sentence);
    }

    /** One renewal; the store applies it to the document as often as it takes. */
    private final class Round implements UnaryOperator<ServiceDocument> {
        private final Duration window;
        private long nowMillis;
        private Optional<Turn> turn = Optional.empty();

        Round(Duration window) {
            this.window = window;
        }

        @Override
        public ServiceDocument apply(ServiceDocument before) {
            // Before the write, not after it: whoever reads it must never expect its end earlier than this member.
            nowMillis = clock.millis();
            turn = Optional.empty();
            LeaseTable table = table(before).orElseGet(this::begin);
            if (isReplaced(table.members().get(member))) {
                heldUntilMillis = new long[SLOTS];
                return before;
            }
            turn = Optional.of(Turn.of(new Turn.Self(member, incarnation, lastSeen), table, nowMillis, window));
            // What is given away is given up first: a write that seems to have failed may have happened.
            heldUntilMillis = earlier(heldUntilMillis, turn.get().heldUntilMillis());
            return with(before, turn.get().after());
        }

        /** Where there was a document before, others may still go by it. */
        private LeaseTable begin() {
            return LeaseTable.freeFrom(hasBegun ? Turn.latestEndMillis(nowMillis, window) : 0);
        }

        private boolean isReplaced(Member now) {
            return hasBegun
                    && now != null
                    && !now.incarnation().equals(incarnation)
                    && now.validUntilMillis() > nowMillis;
        }

        Renewal end() {
            if (turn.isEmpty()) {
                return result(
                        0,
                        List.of(problem("another one runs under this name, this one does nothing any more; "
                                + "each needs a name of its own")));
            }
            LeaseTable now = turn.get().after();
            heldUntilMillis = turn.get().heldUntilMillis();
            lastSeen = now.members();
            handOverMillis = Turn.handOverMillis(nowMillis, window);
            hasBegun = true;
            return result(now.members().size(), clocksAhead(now));
        }

        private List<Problem> clocksAhead(LeaseTable now) {
            var problems = new ArrayList<Problem>();
            long latest = Turn.latestEndMillis(nowMillis, window);
            now.members().forEach((name, other) -> {
                long ahead = other.validUntilMillis() - latest;
                if (ahead > 0) {
                    problems.add(new Problem(
                            Shown.named("member", name),
                            "its clock is at least " + ahead + " ms further ahead of that of '" + member
                                    + "' than the quarter of a window that is allowed, or its windows are longer"));
                }
            });
            return problems;
        }
    }

    private static long[] earlier(long[] one, long[] other) {
        var earlier = new long[one.length];
        Arrays.setAll(earlier, i -> Math.min(one[i], other[i]));
        return earlier;
    }
}

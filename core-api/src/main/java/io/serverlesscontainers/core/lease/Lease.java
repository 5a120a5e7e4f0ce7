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
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
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
 * guardian.runOnce();       // asks lease.mayBegin(structure) for each, and lease.owns(structure) before each write
 * </pre>
 *
 * <p>Windows follow each other without a gap since 1970: number n lasts from n W to (n + 1) W by the member's own clock, W
 * being its length. With n for the window in which a member renewed last:
 *
 * <table>
 * <caption>Who may do what, when</caption>
 * <tr><th>what happens</th><th>the member begins work in</th><th>it writes until</th><th>another one begins in</th></tr>
 * <tr><td>it goes on</td><td>each window, once</td><td>it renews again</td><td>none</td></tr>
 * <tr><td>it dies, hangs, or cannot reach the store</td><td>window n</td><td>(n + 1.75) W</td><td>window n + 2</td></tr>
 * <tr><td>it gives a slot away, as there are more members now</td><td>window n</td><td>(n + 0.75) W</td>
 *   <td>window n + 1</td></tr>
 * <tr><td>the same, but it renewed in the second half of the window</td><td>window n</td><td>(n + 1.75) W</td>
 *   <td>window n + 2</td></tr>
 * <tr><td>it closes, or starts again under its name</td><td>window n</td><td>it closed</td><td>window n + 1</td></tr>
 * </table>
 *
 * <p>What follows from it:
 * <ul>
 * <li><b>Never twice.</b> What has been begun in a window is not begun again in the window of that number, by nobody. This
 *     holds by the numbers that were written, whatever the clocks, the phases and the pauses are.
 * <li><b>At most two windows missed.</b> A window is missed by a structure if nobody worked on it in the window of that
 *     number. A member that dies right after it renewed leaves window n and n + 1 out, one that dies at the end of its
 *     work only n + 1. Two members that both die count one after the other. A member that comes, goes or starts again
 *     costs no window, unless it does so while its own runs.
 * <li><b>Never two at once.</b> What a member writes it has written a quarter of a window before another one begins. So much
 *     may clocks of two hosts differ, less the time that passes between {@link #owns} and the end of the write that
 *     follows. A clock that is further ahead is told among the problems, and still takes nothing from whoever renews.
 * <li><b>Whoever wakes up</b> after a pause that outlasted its lease owns nothing until it renews, and what it had begun
 *     before has no {@linkplain #unbroken unbroken} hold any more.
 * </ul>
 *
 * <p>To miss none while all live, renew once in each window: {@link #nextWindow} says when, the same for all to within an
 * eighth of a window, and never near the end of one.
 *
 * <p>Members share the slots evenly, to within one. One that is alone owns all from its first window on. What a dead one had
 * is taken by whoever sees it first, and shared out again in the windows after. After the store was out of reach, and by
 * whoever is new, nobody is taken for dead before a second look.
 *
 * <p>Only who acts takes part: a Guardian in another mode than {@code ENFORCE} would leave its part undone. Members of
 * one role do the same work; Guardians of containers and of applications have different roles.
 *
 * <p>The document is as strong as the compare-and-set of the store. Any number of threads may call {@link #owns}, {@link
 * #mayBegin} and {@link #unbroken}; they cost no I/O.
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

    private volatile Hold hold = Hold.NOTHING;
    private Map<String, Member> lastSeen = Map.of();
    private boolean hasBegun;
    private boolean isClosed;

    /**
     * A lease that holds nothing yet. It does not close the store.
     *
     * @param role what all members do: {@code guardian}, {@code scaler}
     * @param member the name of this one. Two that run at the same time must never share it; one that starts again under
     *     its old name has again, in the next window, what it had
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
     * Costs one write; none if the window has been begun already, and then nothing may be begun until the next. Nor may it
     * if the store is out of reach, and the result says so; but what was begun before may be ended until the lease runs
     * out.
     *
     * @param window how long a window is, the same for all members; at least 100 ms
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
            if (round.isOver()) {
                round.end();
                round = new Round(window);
                write(round);
            }
        } catch (StateStoreException | DocumentException failed) {
            lastSeen = Map.of();
            hold = hold.withoutBegin();
            return result(0, List.of(problem("the lease is not renewed: " + failed.getMessage())));
        }
        return round.end();
    }

    /**
     * When to {@link #renew} in the window after the one of a moment, if all windows are so long. Each member begins at a
     * time of its own, so that not all write at once.
     */
    public Instant nextWindow(Instant moment, Duration window) {
        double share = Slot.of(member, SLOTS) / (double) SLOTS;
        return Instant.ofEpochMilli(
                ClockWindow.at(moment.toEpochMilli(), window).nextBeginMillis(share));
    }

    @Override
    public boolean owns(String name) {
        return hold.owns(Slot.of(name, SLOTS), clock.millis());
    }

    @Override
    public boolean mayBegin(String name) {
        return hold.mayBegin(Slot.of(name, SLOTS), clock.millis());
    }

    @Override
    public BooleanSupplier unbroken(String name) {
        int slot = Slot.of(name, SLOTS);
        long since = hold.tenure(slot);
        return () -> {
            Hold now = hold;
            return now.tenure(slot) == since && now.owns(slot, clock.millis());
        };
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
        hold = hold.withoutAny();
        try {
            store.change(DocumentKind.SERVICES, document, this::withoutThisMember);
        } catch (StateStoreException | DocumentException failed) {
            // Nobody waits longer for it than for one that died.
        }
    }

    private ServiceDocument withoutThisMember(ServiceDocument before) {
        Optional<LeaseTable> table = table(before);
        return table.map(now -> now.members().get(member))
                .filter(now -> now.incarnation().equals(incarnation))
                .map(now -> with(before, table.get().without(member, now.workedUntilMillis())))
                .orElse(before);
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
        return new Renewal(hold.countToBegin(clock.millis()), members, problems);
    }

    private Problem problem(String sentence) {
        return new Problem(Shown.named("member", member), sentence);
    }

    /** One renewal; the store applies it to the document as often as it takes. */
    private final class Round implements UnaryOperator<ServiceDocument> {
        private final Duration length;
        private ClockWindow window;
        private LeaseTable found;
        private Optional<Turn> turn = Optional.empty();
        private boolean isReplaced;

        Round(Duration length) {
            this.length = length;
        }

        @Override
        public ServiceDocument apply(ServiceDocument before) {
            // Before the write, not after it: whoever reads it must never expect its end earlier than this member.
            window = ClockWindow.at(clock.millis(), length);
            turn = Optional.empty();
            found = table(before).orElseGet(this::begin);
            Member known = found.members().get(member);
            isReplaced = hasBegun
                    && known != null
                    && !known.incarnation().equals(incarnation)
                    && known.validUntilMillis() > window.nowMillis();
            if (isReplaced) {
                hold = hold.withoutAny();
                return before;
            }
            if (known != null && isOfThisWindow(known)) {
                hold = hold.withoutBegin();
                return before;
            }
            turn = Optional.of(Turn.of(new Turn.Self(member, incarnation, lastSeen), found, window));
            // What is given away is given up first: a write that seems to have failed may have happened.
            hold = hold.shortened(turn.get().heldUntilMillis());
            return with(before, turn.get().after());
        }

        /** Where there was a document before, others may still go by it. */
        private LeaseTable begin() {
            return LeaseTable.freeFrom(hasBegun ? window.validUntilMillis() + window.lengthMillis() : 0);
        }

        /** Whether the window has been begun under this name. A clock that was set back far begins afresh. */
        private boolean isOfThisWindow(Member known) {
            return window.startMillis() < known.workedUntilMillis()
                    && known.workedUntilMillis() <= window.validUntilMillis();
        }

        /** Whether writing has taken so long that there is no time left to begin anything. */
        boolean isOver() {
            return clock.millis() >= window.endMillis();
        }

        Renewal end() {
            if (isReplaced) {
                return result(
                        0,
                        List.of(problem("another one runs under this name, this one does nothing any more; "
                                + "each needs a name of its own")));
            }
            if (turn.isEmpty()) {
                return result(found.members().size(), List.of());
            }
            LeaseTable now = turn.get().after();
            hold = hold.next(turn.get().heldUntilMillis(), window);
            lastSeen = now.members();
            hasBegun = true;
            return result(now.members().size(), clocksAhead(now));
        }

        private List<Problem> clocksAhead(LeaseTable now) {
            var problems = new ArrayList<Problem>();
            now.members().forEach((name, other) -> {
                long ahead = other.renewedMillis() - window.nowMillis();
                if (ahead > window.allowanceMillis()) {
                    problems.add(new Problem(
                            Shown.named("member", name),
                            "its clock is at least " + ahead + " ms ahead of that of '" + member + "', "
                                    + window.allowanceMillis() + " ms, a quarter of a window, are allowed"));
                }
            });
            return problems;
        }
    }
}

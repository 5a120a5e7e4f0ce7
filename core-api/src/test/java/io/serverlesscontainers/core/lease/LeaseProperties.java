package io.serverlesscontainers.core.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.serverlesscontainers.core.simulation.VirtualClock;
import io.serverlesscontainers.store.memory.InMemoryStateStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Members that come, leave, die and stop for a while at random, with clocks that differ and a store that is out of reach
 * now and then. A window has eight steps; at each step of the true time somebody looks who owns what.
 */
class LeaseProperties {
    private static final int STEPS = 8;
    private static final Duration STEP = Duration.ofSeconds(1);
    private static final Duration WINDOW = STEP.multipliedBy(STEPS);
    private static final int MOST_MEMBERS = 6;

    enum Kind {
        JOIN,
        LEAVE,
        KILL,
        RESTART,
        STOP,
        OUTAGE,
        LOST_ANSWERS
    }

    /** Something that happens some steps after the one before; {@code number} says who, how long, how late. */
    record Disturbance(Kind kind, int stepsLater, int number) {}

    @Provide
    Arbitrary<List<Disturbance>> disturbances() {
        return Combinators.combine(
                        Arbitraries.of(Kind.class),
                        Arbitraries.integers().between(0, 5 * STEPS),
                        Arbitraries.integers().between(0, 9_999))
                .as(Disturbance::new)
                .list()
                .ofMaxSize(25);
    }

    @Property(tries = 200)
    void no_slot_has_two_owners_and_all_are_owned_again(@ForAll("disturbances") List<Disturbance> disturbances) {
        var group = new Group();
        group.apply(new Disturbance(Kind.JOIN, 0, 0));
        for (Disturbance disturbance : disturbances) {
            group.run(disturbance.stepsLater);
            group.apply(disturbance);
        }
        if (group.members.isEmpty()) {
            group.apply(new Disturbance(Kind.JOIN, 0, 1));
        }
        group.run(group.stepsToCalm());

        group.run(3 * STEPS);
        for (int step = 0; step < 9 * STEPS; step++) {
            group.run(1);
            assertThat(Arrays.stream(group.decided).min().orElseThrow())
                    .as("the step in which each slot was decided last, at step %d", group.step)
                    .isGreaterThan(group.step - 2 * STEPS);
        }
        assertThat(group.members.stream()
                        .mapToLong(member -> Slots.ownedBy(member.lease))
                        .sum())
                .isEqualTo(Lease.SLOTS);
        assertThat(group.members)
                .allSatisfy(member -> assertThat(Slots.ownedBy(member.lease))
                        .isBetween(
                                (long) Lease.SLOTS / group.members.size(),
                                (Lease.SLOTS + group.members.size() - 1L) / group.members.size()));
    }

    private static final class Member {
        private final String name;
        private final Clock clock;
        private final int phase;
        private final Lease lease;
        private int stoppedUntil;

        Member(String name, Clock clock, int phase, Lease lease) {
            this.name = name;
            this.clock = clock;
            this.phase = phase;
            this.lease = lease;
        }
    }

    /** All that share one store. */
    private static final class Group {
        private final VirtualClock clock = VirtualClock.startingAt(Instant.ofEpochSecond(1_700_000_000));
        private final FailingStore store = new FailingStore(new InMemoryStateStore());
        private final List<Member> members = new ArrayList<>();
        private final int[] decided = new int[Lease.SLOTS];
        private int step;
        private int outageUntil;
        private int count;

        Group() {
            Arrays.fill(decided, -STEPS);
        }

        void apply(Disturbance disturbance) {
            int number = disturbance.number;
            Member one = members.isEmpty() ? null : members.get(number % members.size());
            switch (disturbance.kind) {
                case JOIN -> {
                    if (members.size() < MOST_MEMBERS) {
                        join("m" + number % 10 + "-" + count++, clock(number), number % STEPS);
                    }
                }
                case LEAVE -> {
                    if (one != null) {
                        one.lease.close();
                        members.remove(one);
                    }
                }
                case KILL -> members.remove(one);
                case RESTART -> {
                    if (one != null) {
                        members.remove(one);
                        join(one.name, one.clock, one.phase);
                    }
                }
                case STOP -> {
                    if (one != null) {
                        one.stoppedUntil = step + number % (4 * STEPS);
                    }
                }
                case OUTAGE -> disturb(FailingStore.Way.FAILS, number);
                case LOST_ANSWERS -> disturb(FailingStore.Way.LOSES_THE_ANSWER, number);
            }
        }

        /** Clocks of any two differ by a quarter of a window at most. */
        private Clock clock(int number) {
            return Clock.offset(
                    clock, WINDOW.dividedBy(4).multipliedBy(number % 101).dividedBy(100));
        }

        private void join(String name, Clock own, int phase) {
            members.add(new Member(name, own, phase, new Lease(store.asStore(), "guardian", name, own)));
        }

        private void disturb(FailingStore.Way way, int number) {
            store.set(way);
            outageUntil = step + number % (4 * STEPS);
        }

        int stepsToCalm() {
            int stopped = members.stream()
                    .mapToInt(member -> member.stoppedUntil)
                    .max()
                    .orElse(0);
            return Math.max(0, Math.max(stopped, outageUntil) - step);
        }

        void run(int steps) {
            for (int i = 0; i < steps; i++) {
                step++;
                clock.advance(STEP);
                if (step >= outageUntil) {
                    store.set(FailingStore.Way.ANSWERS);
                }
                for (Member member : members) {
                    if (step >= member.stoppedUntil && step % STEPS == member.phase) {
                        member.lease.renew(WINDOW);
                        decide(member);
                    }
                }
                checkOwners();
            }
        }

        private void decide(Member member) {
            for (int slot = 0; slot < Lease.SLOTS; slot++) {
                if (member.lease.owns(Slots.NAMES.get(slot))) {
                    if (step - decided[slot] < STEPS / 2) {
                        fail("slot %d is decided at steps %d and %d", slot, decided[slot], step);
                    }
                    decided[slot] = step;
                }
            }
        }

        private void checkOwners() {
            for (String name : Slots.NAMES) {
                int owners = 0;
                for (Member member : members) {
                    owners += member.lease.owns(name) ? 1 : 0;
                }
                if (owners > 1) {
                    fail("the slot of '%s' has %d owners at step %d", name, owners, step);
                }
            }
        }
    }
}

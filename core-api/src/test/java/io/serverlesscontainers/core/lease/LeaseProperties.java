package io.serverlesscontainers.core.lease;

import static io.serverlesscontainers.core.lease.LeaseGroup.STEPS;
import static io.serverlesscontainers.core.lease.LeaseGroup.WINDOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.serverlesscontainers.core.lease.LeaseGroup.Member;
import io.serverlesscontainers.core.lease.LeaseGroup.Work;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Members that come, leave, die and stop for a while at random, at any point of their windows, with clocks that differ by a
 * quarter of a window and a store that is out of reach now and then.
 */
class LeaseProperties {
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

    @Property(tries = 100)
    void no_slot_has_two_owners_or_is_decided_twice_and_all_are_decided_again(
            @ForAll("disturbances") List<Disturbance> disturbances) {
        var crowd = new Crowd();
        LeaseGroup group = crowd.group;
        crowd.apply(new Disturbance(Kind.JOIN, 0, 0));
        for (Disturbance disturbance : disturbances) {
            crowd.run(disturbance.stepsLater);
            crowd.apply(disturbance);
        }
        if (group.members.isEmpty()) {
            crowd.apply(new Disturbance(Kind.JOIN, 0, 1));
        }
        crowd.run(crowd.stepsToCalm());

        group.isPrompt = true;
        crowd.run(8 * STEPS);
        int calm = group.step;
        crowd.run(8 * STEPS);
        for (List<Work> slot : group.written) {
            List<Long> numbers = slot.stream()
                    .filter(work -> work.step() > calm)
                    .map(Work::number)
                    .toList();
            assertThat(numbers).hasSizeGreaterThanOrEqualTo(7);
            assertThat(numbers.get(numbers.size() - 1) - numbers.get(0))
                    .as("one number after the other: %s", numbers)
                    .isEqualTo(numbers.size() - 1);
        }
        assertThat(group.shares()).hasSameSizeAs(group.members);
        assertThat(group.shares().values())
                .allSatisfy(share -> assertThat(share)
                        .isBetween(
                                (long) Lease.SLOTS / group.members.size(),
                                (Lease.SLOTS + group.members.size() - 1L) / group.members.size()));
    }

    /** A death: who, when, how long until a new one comes, and how far ahead and how late in its window that one is. */
    record Death(int who, int stepsLater, int comesAfter, int aheadPercent, int phase) {}

    @Provide
    Arbitrary<List<Death>> deaths() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 2),
                        Arbitraries.integers().between(8 * STEPS, 10 * STEPS),
                        Arbitraries.integers().between(0, 4 * STEPS),
                        Arbitraries.integers().between(0, 100),
                        Arbitraries.integers().between(0, STEPS - 1))
                .as(Death::new)
                .list()
                .ofMinSize(2)
                .ofMaxSize(8);
    }

    @Property(tries = 60)
    void who_begins_when_it_should_misses_two_windows_at_a_death_and_none_otherwise(
            @ForAll("deaths") List<Death> deaths) {
        var group = new LeaseGroup();
        List<Integer> killed = run(group, deaths, death -> LeaseGroup.asAdvised(group));
        for (List<Work> slot : group.written) {
            for (int i = 1; i < slot.size(); i++) {
                Work last = slot.get(i - 1);
                Work next = slot.get(i);
                boolean isAtDeath = killed.stream().anyMatch(kill -> kill >= last.step() && kill <= next.step());
                assertThat(next.number() - last.number() - 1)
                        .as("missed between %s and %s, killed at %s", last, next, killed)
                        .isBetween(0L, isAtDeath ? 2L : 0L);
                assertThat(next.step() / STEPS - last.step() / STEPS)
                        .as("windows of the true time from %s to %s", last, next)
                        .isEqualTo((int) (next.number() - last.number()));
                assertThat(next.step() - last.step()).isLessThanOrEqualTo(3 * STEPS + STEPS / 2);
            }
        }
    }

    @Property(tries = 60)
    void who_begins_at_any_time_misses_two_windows_too_if_the_clocks_are_right(@ForAll("deaths") List<Death> deaths) {
        var group = new LeaseGroup();
        group.isPrompt = true;
        List<Death> exact = deaths.stream()
                .map(death -> new Death(death.who, death.stepsLater, death.comesAfter, 50, death.phase))
                .toList();
        run(group, exact, death -> LeaseGroup.atStep(death.phase, group));
        for (List<Work> slot : group.written) {
            for (int i = 1; i < slot.size(); i++) {
                assertThat(slot.get(i).number() - slot.get(i - 1).number() - 1)
                        .as("missed between %s and %s", slot.get(i - 1), slot.get(i))
                        .isBetween(0L, 2L);
            }
            assertThat(group.step - slot.get(slot.size() - 1).step()).isLessThan(4 * STEPS);
        }
    }

    private interface Paces {
        LeaseGroup.Pace of(Death death);
    }

    /** Two members, one of which dies each time, for a third to come. */
    private static List<Integer> run(LeaseGroup group, List<Death> deaths, Paces paces) {
        var killed = new ArrayList<Integer>();
        join(group, deaths.get(0), paces);
        join(group, deaths.get(1), paces);
        // Until these two share, and no window of theirs is their first, at whatever time of it they came.
        group.run(6 * STEPS);
        group.written.forEach(slot -> slot.subList(0, slot.size() - 1).clear());
        for (Death death : deaths) {
            group.run(death.stepsLater);
            group.members.remove(death.who % group.members.size());
            killed.add(group.step);
            group.run(death.comesAfter);
            join(group, death, paces);
        }
        group.run(8 * STEPS);
        return killed;
    }

    private static void join(LeaseGroup group, Death death, Paces paces) {
        // Clocks of any two differ by a quarter of a window at most.
        Duration ahead =
                WINDOW.dividedBy(4).multipliedBy(death.aheadPercent - 50).dividedBy(100);
        group.join(
                "m" + death.phase + "-" + group.step + "-" + group.members.size(),
                ahead,
                paces.of(death),
                death.phase % 2,
                death.phase % 3);
    }

    /** Members that all kinds of things happen to. */
    private static final class Crowd {
        private final LeaseGroup group = new LeaseGroup();
        private int outageUntil;
        private int count;

        void apply(Disturbance disturbance) {
            int number = disturbance.number;
            Member one = group.members.isEmpty() ? null : group.members.get(number % group.members.size());
            switch (disturbance.kind) {
                case JOIN -> {
                    if (group.members.size() < MOST_MEMBERS) {
                        join("m" + number % 10 + "-" + count++, number);
                    }
                }
                case LEAVE -> {
                    if (one != null) {
                        one.lease.close();
                        group.members.remove(one);
                    }
                }
                case KILL -> group.members.remove(one);
                case RESTART -> {
                    if (one != null) {
                        group.members.remove(one);
                        join(one.name, number);
                    }
                }
                case STOP -> {
                    if (one != null) {
                        one.stoppedUntil = group.step + number % (4 * STEPS);
                    }
                }
                case OUTAGE -> disturb(FailingStore.Way.FAILS, number);
                case LOST_ANSWERS -> disturb(FailingStore.Way.LOSES_THE_ANSWER, number);
            }
        }

        /** Clocks of any two differ by a quarter of a window at most. */
        private void join(String name, int number) {
            Duration ahead = WINDOW.dividedBy(4).multipliedBy(number % 101).dividedBy(100);
            group.join(name, ahead, LeaseGroup.atStep(number % STEPS, group), number % 9, number % 4);
        }

        private void disturb(FailingStore.Way way, int number) {
            group.store.set(way);
            outageUntil = group.step + number % (4 * STEPS);
        }

        int stepsToCalm() {
            int stopped = group.members.stream()
                    .mapToInt(member -> member.stoppedUntil)
                    .max()
                    .orElse(0);
            return Math.max(0, Math.max(stopped, outageUntil) - group.step);
        }

        void run(int steps) {
            for (int i = 0; i < steps; i++) {
                if (group.step + 1 >= outageUntil) {
                    group.store.set(FailingStore.Way.ANSWERS);
                }
                group.run(1);
            }
        }
    }
}

package io.serverlesscontainers.core.lease;

import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import io.serverlesscontainers.core.simulation.VirtualClock;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.memory.InMemoryStateStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/**
 * Members that share one store. A member's window has three moments: it renews, it begins work on what it may, and it
 * writes what it still owns. A window has {@value #STEPS} steps of true time; at each of them somebody looks who owns what.
 * Fails if a slot has two owners, or if what was begun for it in one window by the clock of whoever did is written twice.
 */
final class LeaseGroup {
    static final int STEPS = 16;
    static final Duration STEP = Duration.ofSeconds(1);
    static final Duration WINDOW = STEP.multipliedBy(STEPS);
    private static final Instant START = Instant.ofEpochSecond(1_700_000_000);

    final VirtualClock clock = VirtualClock.startingAt(START);
    final FailingStore store = new FailingStore(new InMemoryStateStore());
    final List<Member> members = new ArrayList<>();
    /** What was written for each slot, in order. */
    final List<List<Work>> written = new ArrayList<>();

    int step;
    /** Whether members begin their work as soon as they have renewed, and not now and then later. */
    boolean isPrompt;

    LeaseGroup() {
        for (int slot = 0; slot < Lease.SLOTS; slot++) {
            written.add(new ArrayList<>());
        }
    }

    /**
     * One window's work on one slot.
     *
     * @param number of the window that it was begun in, by the member's clock
     * @param step when it was begun, in true time
     */
    record Work(long number, int step) {}

    /** When a member renews: the first step from a moment on. */
    interface Pace extends ToIntFunction<Member> {}

    /** One that renews, begins and writes, and may stop for a while at any of them. */
    final class Member {
        final String name;
        final Clock clock;
        final Lease lease;
        private final Pace pace;
        private final int lag;
        private final int work;
        private final List<Integer> begun = new ArrayList<>();
        private long number;
        private int begunAt;
        private int renewals;
        private int renewAt;
        private int beginAt = -1;
        private int writeAt = -1;
        int stoppedUntil;

        Member(String name, Clock clock, Pace pace, int lag, int work) {
            this.name = name;
            this.clock = clock;
            this.lease = new Lease(store.asStore(), "guardian", name, clock);
            this.pace = pace;
            this.lag = lag;
            this.work = work;
            this.renewAt = step;
        }

        private void run() {
            if (step < stoppedUntil) {
                return;
            }
            if (beginAt < 0 && writeAt < 0 && step >= renewAt) {
                lease.renew(WINDOW);
                renewAt = Math.max(step + 1, pace.applyAsInt(this));
                beginAt = step + (isPrompt || ++renewals % 4 > 0 ? 0 : lag);
            }
            if (beginAt >= 0 && step >= beginAt) {
                begin();
                beginAt = -1;
                writeAt = step + work;
            }
            if (writeAt >= 0 && step >= writeAt) {
                begun.stream()
                        .filter(slot -> lease.owns(Slots.NAMES.get(slot)))
                        .forEach(slot -> write(slot, new Work(number, begunAt)));
                writeAt = -1;
            }
        }

        private void begin() {
            number = clock.millis() / WINDOW.toMillis();
            begunAt = step;
            begun.clear();
            for (int slot = 0; slot < Lease.SLOTS; slot++) {
                if (lease.mayBegin(Slots.NAMES.get(slot))) {
                    begun.add(slot);
                }
            }
        }
    }

    private void write(int slot, Work work) {
        List<Work> before = written.get(slot);
        if (!before.isEmpty() && before.get(before.size() - 1).number >= work.number) {
            fail("slot %d: %s after %s", slot, work, before.get(before.size() - 1));
        }
        before.add(work);
    }

    /** By true time, whatever is in step. */
    static Pace atStep(int phase, LeaseGroup group) {
        return member -> group.step + 1 + Math.floorMod(phase - group.step - 1, STEPS);
    }

    /** As {@link Lease#nextWindow} says. */
    static Pace asAdvised(LeaseGroup group) {
        return member -> {
            Duration wait =
                    Duration.between(member.clock.instant(), member.lease.nextWindow(member.clock.instant(), WINDOW));
            return group.step + (int) ((wait.toMillis() + STEP.toMillis() - 1) / STEP.toMillis());
        };
    }

    void join(String name, Duration ahead, Pace pace, int lag, int work) {
        members.add(new Member(name, Clock.offset(clock, ahead), pace, lag, work));
    }

    /** How many slots each owns, by what is written. */
    Map<String, Long> shares() {
        JsonNode json = store.asStore()
                .find(DocumentKind.SERVICES, "guardian_leases")
                .orElseThrow()
                .document()
                .otherFields()
                .get("lease");
        return LeaseTable.fromJson("guardian_leases", json).slots().stream()
                .collect(Collectors.groupingBy(Slot::owner, Collectors.counting()));
    }

    void run(int steps) {
        for (int i = 0; i < steps; i++) {
            step++;
            clock.advance(STEP);
            members.forEach(Member::run);
            checkOwners();
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

package io.serverlesscontainers.core.lease;

import io.serverlesscontainers.core.lease.LeaseTable.Member;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * One renewal of one member, as arithmetic: from what is written there, to what is to be written and what the member may
 * work on then. What others go by ends a quarter of a window later than what the member itself goes by: the clocks of two
 * hosts may differ by so much.
 *
 * @param after what is to be written
 * @param heldUntilMillis until when the member works on each slot; in the past for one that it does not work on
 */
record Turn(LeaseTable after, long[] heldUntilMillis) {
    private static final int QUARTERS = 4;
    private static final int ALLOWANCE = 1;
    private static final int LEASE = 7;
    private static final int HAND_OVER = 3;

    /**
     * A member, as it knows itself.
     *
     * @param lastSeen all members as they were at its last renewal; empty if that failed or there was none. Whoever has
     *     been away cannot tell who else has
     */
    record Self(String name, String incarnation, Map<String, Member> lastSeen) {}

    /** What the member does at a moment of its clock, if its windows are so long. */
    static Turn of(Self self, LeaseTable before, long nowMillis, Duration window) {
        var members = new TreeMap<>(before.members());
        members.put(self.name, new Member(self.incarnation, nowMillis + span(LEASE, window)));
        members.entrySet()
                .removeIf(member -> member.getValue().validUntilMillis() <= nowMillis
                        && member.getValue().equals(self.lastSeen.get(member.getKey())));
        var slots = new ArrayList<Slot>(before.slots());
        slots.replaceAll(slot -> slot.isFree() || members.containsKey(slot.owner()) ? slot : Slot.freeFrom(nowMillis));
        var heldUntil = new long[slots.size()];
        int surplus = owned(slots, self.name, slots.size()).size()
                - share(List.copyOf(members.keySet()), self.name, slots.size());
        for (int slot : owned(slots, self.name, surplus)) {
            slots.set(slot, Slot.freeFrom(handOverMillis(nowMillis, window)));
            heldUntil[slot] = nowMillis + span(HAND_OVER - ALLOWANCE, window);
        }
        for (int slot : free(slots, nowMillis, -surplus)) {
            slots.set(slot, Slot.of(self.name));
        }
        for (int slot : owned(slots, self.name, slots.size())) {
            heldUntil[slot] = nowMillis + span(LEASE - ALLOWANCE, window);
        }
        return new Turn(new LeaseTable(members, slots), heldUntil);
    }

    private static List<Integer> owned(List<Slot> slots, String owner, int most) {
        return IntStream.range(0, slots.size())
                .filter(slot -> slots.get(slot).owner().equals(owner))
                .limit(Math.max(0, most))
                .boxed()
                .toList();
    }

    /** Those that were handed over come before those of the dead: nobody shall notice a hand-over. */
    private static List<Integer> free(List<Slot> slots, long nowMillis, int most) {
        return IntStream.range(0, slots.size())
                .filter(slot -> slots.get(slot).isFree() && slots.get(slot).freeFromMillis() <= nowMillis)
                .boxed()
                .sorted(Comparator.comparing(slot -> slots.get(slot).freeFromMillis()))
                .limit(Math.max(0, most))
                .toList();
    }

    /** When what a member owned at a moment may be taken if it works on it no more after the window that began then. */
    static long handOverMillis(long nowMillis, Duration window) {
        return nowMillis + span(HAND_OVER, window);
    }

    /** The latest end of a lease that a member with windows of this length, and a good clock, writes. */
    static long latestEndMillis(long nowMillis, Duration window) {
        return nowMillis + span(LEASE + ALLOWANCE, window);
    }

    private static long span(int quarters, Duration window) {
        return window.toMillis() * quarters / QUARTERS;
    }

    /** Equal shares; the first members by name have one more where it does not come out even. */
    private static int share(List<String> members, String name, int slots) {
        return slots / members.size() + (members.indexOf(name) < slots % members.size() ? 1 : 0);
    }
}

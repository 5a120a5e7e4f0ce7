package io.serverlesscontainers.core.lease;

import io.serverlesscontainers.core.lease.LeaseTable.Member;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * The renewal of one member in one window, as arithmetic: from what is written there, to what is to be written and what
 * the member may work on then.
 *
 * @param after what is to be written
 * @param heldUntilMillis until when the member works on each slot; in the past for one that it does not work on
 */
record Turn(LeaseTable after, long[] heldUntilMillis) {

    /**
     * A member, as it knows itself.
     *
     * @param lastSeen all members as they were at its last renewal; empty if that failed or there was none. Whoever has
     *     been away cannot tell who else has
     */
    record Self(String name, String incarnation, Map<String, Member> lastSeen) {}

    /** What the member does in a window of its clock. */
    static Turn of(Self self, LeaseTable before, ClockWindow window) {
        var members = new TreeMap<>(before.members());
        members.put(
                self.name,
                new Member(self.incarnation, window.nowMillis(), window.endMillis(), window.validUntilMillis()));
        members.entrySet()
                .removeIf(member -> member.getValue().validUntilMillis() <= window.startMillis()
                        && member.getValue().equals(self.lastSeen.get(member.getKey())));
        var slots = new ArrayList<Slot>(before.slots());
        // Who finds a dead one takes all that it had, whatever its share is: who else lives will be seen too late.
        slots.replaceAll(slot -> isLeftBehind(slot, members, window) ? Slot.of(self.name) : slot);
        var heldUntil = new long[slots.size()];
        int surplus = owned(slots, self.name, slots.size()).size()
                - share(List.copyOf(members.keySet()), self.name, slots.size());
        for (int slot : owned(slots, self.name, surplus)) {
            slots.set(slot, Slot.freeFrom(window.handOverMillis()));
            heldUntil[slot] = window.handOverMillis() - window.allowanceMillis();
        }
        for (int slot : free(slots, window.startMillis(), -surplus)) {
            slots.set(slot, Slot.of(self.name));
        }
        for (int slot : owned(slots, self.name, slots.size())) {
            heldUntil[slot] = window.validUntilMillis() - window.allowanceMillis();
        }
        return new Turn(new LeaseTable(members, slots), heldUntil);
    }

    /**
     * Whether its owner is no member any more, or it was given away and whoever it is for has not come for two windows. That
     * one lives, or it would have been found dead by now, but its clock is far behind.
     */
    private static boolean isLeftBehind(Slot slot, Map<String, Member> members, ClockWindow window) {
        return slot.isFree()
                ? slot.freeFromMillis() <= window.startMillis() - 2 * window.lengthMillis()
                : !members.containsKey(slot.owner());
    }

    private static List<Integer> owned(List<Slot> slots, String owner, int most) {
        return IntStream.range(0, slots.size())
                .filter(slot -> slots.get(slot).owner().equals(owner))
                .limit(Math.max(0, most))
                .boxed()
                .toList();
    }

    private static List<Integer> free(List<Slot> slots, long startMillis, int most) {
        return IntStream.range(0, slots.size())
                .filter(slot -> slots.get(slot).isFree() && slots.get(slot).freeFromMillis() <= startMillis)
                .boxed()
                .sorted(Comparator.comparing(slot -> slots.get(slot).freeFromMillis()))
                .limit(Math.max(0, most))
                .toList();
    }

    /** Equal shares; the first members by name have one more where it does not come out even. */
    private static int share(List<String> members, String name, int slots) {
        return slots / members.size() + (members.indexOf(name) < slots % members.size() ? 1 : 0);
    }
}

package io.serverlesscontainers.core.lease;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** A name in each slot. */
final class Slots {
    static final List<String> NAMES = names();

    private Slots() {}

    private static List<String> names() {
        Map<Integer, String> bySlot = new HashMap<>();
        for (int i = 0; bySlot.size() < Lease.SLOTS; i++) {
            bySlot.putIfAbsent(Slot.of("cont" + i, Lease.SLOTS), "cont" + i);
        }
        return IntStream.range(0, Lease.SLOTS).mapToObj(bySlot::get).toList();
    }

    static long ownedBy(Lease lease) {
        return NAMES.stream().filter(lease::owns).count();
    }

    /** How many it may begin work on in this window. */
    static long toBegin(Lease lease) {
        return NAMES.stream().filter(lease::mayBegin).count();
    }
}

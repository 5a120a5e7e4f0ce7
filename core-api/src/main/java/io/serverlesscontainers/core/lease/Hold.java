package io.serverlesscontainers.core.lease;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * What a member knows of its own slots, without asking anybody. Never changes.
 *
 * @param untilMillis until when it may write for each slot
 * @param tenures of each slot: another number whenever it was somebody else's, or nobody's, in between
 * @param beginMillis when the window began that it may begin work in
 * @param endMillis when that ends; not after its beginning if there is none
 */
record Hold(long[] untilMillis, long[] tenures, long beginMillis, long endMillis) {
    static final Hold NOTHING = new Hold(new long[Lease.SLOTS], new long[Lease.SLOTS], 0, 0);

    boolean owns(int slot, long nowMillis) {
        return nowMillis < untilMillis[slot];
    }

    boolean mayBegin(int slot, long nowMillis) {
        return owns(slot, nowMillis) && beginMillis <= nowMillis && nowMillis < endMillis;
    }

    long tenure(int slot) {
        return tenures[slot];
    }

    int countToBegin(long nowMillis) {
        return (int) IntStream.range(0, untilMillis.length)
                .filter(slot -> mayBegin(slot, nowMillis))
                .count();
    }

    /** The same, but nothing more is begun. */
    Hold withoutBegin() {
        return new Hold(untilMillis, tenures, 0, 0);
    }

    /** The same, but nothing is held. */
    Hold withoutAny() {
        return new Hold(new long[untilMillis.length], tenures, 0, 0);
    }

    /** The same, but ending earlier where another end is earlier. */
    Hold shortened(long[] otherMillis) {
        var earlier = new long[untilMillis.length];
        Arrays.setAll(earlier, slot -> Math.min(untilMillis[slot], otherMillis[slot]));
        return new Hold(earlier, tenures, 0, 0);
    }

    /** What is held in the next window. */
    Hold next(long[] nextMillis, ClockWindow window) {
        var next = new long[tenures.length];
        Arrays.setAll(next, slot -> owns(slot, window.nowMillis()) ? tenures[slot] : tenures[slot] + 1);
        return new Hold(nextMillis, next, window.startMillis(), window.endMillis());
    }
}

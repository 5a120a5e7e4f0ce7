package io.serverlesscontainers.core.simulation;

import java.util.Arrays;

/**
 * What a container could get of a resource at most, and since when: a step function of the nanoseconds since its start,
 * whose past is forgotten after a while. Before what it remembers, the oldest cap that it remembers holds. For one thread
 * at a time.
 */
final class CapHistory {
    private static final int ROOM = 4;

    private final long remembered;
    private long[] since = new long[ROOM];
    private double[] caps = new double[ROOM];
    private int size = 1;

    /**
     * A history that starts with one cap.
     *
     * @param remembered nanoseconds after which a cap that is no longer in force may be forgotten
     */
    CapHistory(double cap, long remembered) {
        this.remembered = remembered;
        caps[0] = cap;
    }

    /** The cap in force now. */
    double latest() {
        return caps[size - 1];
    }

    /** Another cap is in force from now on. */
    void change(long now, double cap) {
        // A clock of the operating system may have gone back meanwhile.
        long from = Math.max(now, since[size - 1]);
        if (cap == latest()) {
            return;
        }
        forget(from - remembered);
        if (size == since.length) {
            since = Arrays.copyOf(since, 2 * size);
            caps = Arrays.copyOf(caps, 2 * size);
        }
        since[size] = from;
        caps[size] = cap;
        size++;
    }

    private void forget(long before) {
        int first = stepAt(before);
        if (first > 0) {
            System.arraycopy(since, first, since, 0, size - first);
            System.arraycopy(caps, first, caps, 0, size - first);
            size -= first;
        }
    }

    /** The step in force at a time. Windows are recent, so the search starts with the latest. */
    int stepAt(long time) {
        int step = size - 1;
        while (step > 0 && since[step] > time) {
            step--;
        }
        return step;
    }

    /** The cap of a step. */
    double cap(int step) {
        return caps[step];
    }

    /** When a step ends; the latest one never does. */
    long end(int step) {
        return step == size - 1 ? Long.MAX_VALUE : since[step + 1];
    }

    /** How many steps are remembered. */
    int steps() {
        return size;
    }
}

package io.serverlesscontainers.cgroups.internal.controller;

/** A counter that also tells one part of its count apart: CPU time in user mode, bytes received. */
public interface SplitCounter extends UsageCounter {
    /** The count now and the part of it, read together. */
    Split split();

    /**
     * A count and a part of it.
     *
     * @param whole what {@link UsageCounter#used} would tell
     * @param part from 0 to the whole. It may fall by a little where the kernel knows it less exactly than the whole
     */
    record Split(long whole, long part) {
        /** Keeps the part within the whole, if the two were not read at the same moment. */
        public Split {
            part = Math.max(0, Math.min(part, whole));
        }
    }
}

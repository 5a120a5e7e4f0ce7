package io.serverlesscontainers.cgroups.internal.parse;

import io.serverlesscontainers.core.spi.CgroupException;
import java.nio.ByteBuffer;

/** What a container needs of the memory that is charged to it. */
public final class WorkingSet {
    private WorkingSet() {}

    /**
     * Inactive file pages, in bytes.
     *
     * @param stat the file {@code memory.stat}
     * @param key the {@linkplain KernelText#key key} of their line
     * @param path of {@code memory.stat}
     */
    public static long inactiveFile(ByteBuffer stat, byte[] key, String path) {
        long inactive = KernelText.field(stat, key, path);
        if (inactive == KernelText.ABSENT) {
            throw new CgroupException(path + " has no line for inactive file pages: the memory in use is not known");
        }
        return inactive;
    }

    /** Charged memory less inactive file pages, in bytes; 0 if these are more, as the two are read one after the other. */
    public static long of(long charged, long inactiveFile) {
        return Math.max(0, charged - inactiveFile);
    }
}

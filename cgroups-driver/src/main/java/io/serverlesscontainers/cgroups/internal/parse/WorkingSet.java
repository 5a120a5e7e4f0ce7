package io.serverlesscontainers.cgroups.internal.parse;

import io.serverlesscontainers.core.spi.CgroupException;
import java.nio.ByteBuffer;

/** What a container needs of the memory that is charged to it. */
public final class WorkingSet {
    private WorkingSet() {}

    /**
     * Charged memory less inactive file pages, in bytes; 0 if these are more, as the two are read one after the other.
     *
     * @param charged what is charged to the container, in bytes
     * @param stat the file {@code memory.stat}
     * @param inactiveFile the {@linkplain KernelText#key key} of the inactive file pages there
     * @param path of {@code memory.stat}
     */
    public static long of(long charged, ByteBuffer stat, byte[] inactiveFile, String path) {
        long inactive = KernelText.field(stat, inactiveFile, path);
        if (inactive == KernelText.ABSENT) {
            throw new CgroupException(path + " has no line for inactive file pages: the memory in use is not known");
        }
        return Math.max(0, charged - inactive);
    }
}

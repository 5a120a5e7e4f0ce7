package io.serverlesscontainers.cgroups.internal.kernel;

import io.serverlesscontainers.core.spi.CgroupException;
import java.io.Serial;

/** The kernel said no; the message names the path, the value written and the reason. */
public final class KernelRefusal extends CgroupException {
    @Serial
    private static final long serialVersionUID = 1;

    private final Errno errno;

    KernelRefusal(String attempt, int errno) {
        this(attempt, errno, "");
    }

    KernelRefusal(String attempt, int errno, String advice) {
        super(attempt + ": " + Errno.sentence(errno) + (advice.isEmpty() ? "" : "; " + advice));
        this.errno = Errno.of(errno);
    }

    /** The kernel's reason. */
    public Errno errno() {
        return errno;
    }

    /** Whether the cgroup, or its file, is not there any more. */
    public boolean isGone() {
        return errno.isGone();
    }
}

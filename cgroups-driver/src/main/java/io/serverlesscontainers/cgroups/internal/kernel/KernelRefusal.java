package io.serverlesscontainers.cgroups.internal.kernel;

import io.serverlesscontainers.core.spi.CgroupException;
import java.io.Serial;

/** The kernel said no; the message names the path, the value written, the reason and, where it is known, what to do. */
public final class KernelRefusal extends CgroupException {
    @Serial
    private static final long serialVersionUID = 1;

    private final Errno errno;
    private final boolean advised;

    KernelRefusal(String attempt, int errno) {
        this(attempt, errno, "");
    }

    KernelRefusal(String attempt, int errno, String advice) {
        super(attempt + ": " + Errno.sentence(errno) + (advice.isEmpty() ? "" : "; " + advice));
        this.errno = Errno.of(errno);
        this.advised = !advice.isEmpty();
    }

    private KernelRefusal(KernelRefusal refusal, String advice) {
        super(refusal.getMessage() + "; " + advice, refusal);
        this.errno = refusal.errno;
        this.advised = true;
    }

    /** The same with what to do about it, unless it says so already or there is nothing to say. */
    KernelRefusal advised(String advice) {
        return advised || advice.isEmpty() ? this : new KernelRefusal(this, advice);
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

package io.serverlesscontainers.cgroups.internal.kernel;

import java.nio.ByteBuffer;

/**
 * One file descriptor on a cgroup file: opened at first use, held, and opened again when the kernel says that the
 * cgroup behind it is gone, because another one may have the same path by now. One call to the kernel per read or
 * write. Any number of threads may use it; they take turns.
 */
final class HeldDescriptor {
    private static final int NONE = -1;
    // Whoever still holds on to a container that was let go is told ENODEV, and looks for it again.
    private static final int ENDED = 19;

    private final CgroupRoot root;
    private final String path;
    private final int flags;

    private int descriptor = NONE;
    private int openings;
    private boolean ended;

    HeldDescriptor(CgroupRoot root, String path, int flags) {
        this.root = root;
        this.path = path;
        this.flags = flags;
    }

    /** The file's content; valid until this thread's next call. */
    synchronized ByteBuffer read(NativeBuffer buffer) {
        boolean fresh = openIfNeeded();
        while (true) {
            long length = Libc.pread(descriptor, buffer.address(), NativeBuffer.SIZE, 0);
            if (length >= 0) {
                return buffer.first((int) length);
            }
            int errno = Libc.errno();
            if (Errno.of(errno).isGone() && !fresh) {
                release();
                fresh = openIfNeeded();
            } else if (Errno.of(errno) != Errno.EINTR) {
                throw new KernelRefusal("cannot read " + root.absolute(path), errno);
            }
        }
    }

    /** Writes a value with one call. */
    synchronized void write(String value, NativeBuffer buffer) {
        boolean fresh = openIfNeeded();
        int length = buffer.fill(value);
        while (Libc.pwrite(descriptor, buffer.address(), length, 0) < 0) {
            int errno = Libc.errno();
            if (Errno.of(errno).isGone() && !fresh) {
                release();
                fresh = openIfNeeded();
            } else if (Errno.of(errno) != Errno.EINTR) {
                throw new KernelRefusal("cannot write '" + value.strip() + "' to " + root.absolute(path), errno);
            }
        }
    }

    /** How often it was opened: a higher number than before means another cgroup, with counters of its own. */
    synchronized int openings() {
        return openings;
    }

    /** Closes it for good. */
    synchronized void end() {
        ended = true;
        release();
    }

    private boolean openIfNeeded() {
        if (ended) {
            throw new KernelRefusal("cannot use " + root.absolute(path), ENDED);
        }
        if (!root.isKernels() && descriptor != NONE) {
            // An ordinary file, unlike a cgroup's, does not say that it was deleted.
            release();
            openings--;
        }
        if (descriptor != NONE) {
            return false;
        }
        descriptor = root.open(path, flags);
        openings++;
        return true;
    }

    private void release() {
        if (descriptor != NONE) {
            Libc.close(descriptor);
            descriptor = NONE;
        }
    }
}

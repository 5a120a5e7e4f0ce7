package io.serverlesscontainers.cgroups.internal.kernel;

import java.nio.ByteBuffer;

/**
 * One file descriptor on a cgroup file: opened at first use and held. It is opened again when the kernel says that the
 * cgroup behind it is gone, because another one may have the same path by now; and when {@link OpenFiles} had it closed in
 * favour of another one. One call to the kernel per read or write of what is open; from the second read on a {@link
 * FastReader} makes it, and takes the descriptor's place. Any number of threads may use it; they
 * take turns.
 */
final class HeldDescriptor {
    /** The place of what is not among the {@link OpenFiles}. */
    static final int NOWHERE = -1;

    private static final int NONE = -1;
    private static final int READS_BETWEEN_TRIES = 64;
    private static final int NOT_OPEN = Integer.MIN_VALUE;
    // Whoever still holds on to a container that was let go is told ENODEV, and looks for it again.
    private static final int ENDED = 19;

    /** Where it is among the {@link OpenFiles}; guarded by them. */
    int place = NOWHERE;

    /** Whether it was used since they last looked; without a guard, a lost update costs opening a file once more. */
    boolean used;

    private final CgroupRoot root;
    private final String path;
    private final int flags;

    // One of the two is open, or none.
    private int descriptor = NONE;
    private FastReader reader;
    private int readsWithoutIt;
    private long identity = CgroupRoot.UNKNOWN;
    private int openings;
    private boolean ended;

    HeldDescriptor(CgroupRoot root, String path, int flags) {
        this.root = root;
        this.path = path;
        this.flags = flags;
    }

    /** The file's content; valid until this thread's next call. */
    ByteBuffer read(NativeBuffer buffer) {
        int length = attempt(buffer, 0);
        return buffer.first(length >= 0 ? length : open(buffer, 0, length, null));
    }

    /** Writes a value with one call. */
    void write(String value, NativeBuffer buffer) {
        int length = buffer.fill(value);
        int written = attempt(buffer, length);
        if (written < 0) {
            open(buffer, length, written, value);
        }
    }

    /** On the slow path: what to do about the first attempt's answer, until there is a good one. */
    private int open(NativeBuffer buffer, int length, int firstAnswer, String value) {
        boolean fresh = false;
        int answer = firstAnswer;
        while (answer < 0) {
            if (answer == NOT_OPEN) {
                open();
                fresh = true;
            } else if (Errno.of(-answer).isGone() && !fresh) {
                release();
            } else if (Errno.of(-answer) != Errno.EINTR) {
                throw new KernelRefusal(
                        value == null
                                ? "cannot read " + root.absolute(path)
                                : "cannot write '" + value.strip() + "' to " + root.absolute(path),
                        -answer);
            }
            answer = attempt(buffer, length);
        }
        if (!root.isKernels()) {
            // An ordinary file, unlike a cgroup's, does not say that it was deleted.
            release();
        }
        return answer;
    }

    /** How many bytes were read or written, {@link #NOT_OPEN}, or the negative errno. */
    private synchronized int attempt(NativeBuffer buffer, int length) {
        used = true;
        if (reader != null) {
            int read = reader.read(buffer);
            if (read >= 0) {
                return read;
            }
            // Opened and read once more by the other way, which tells why it failed, if it still does.
            release();
        }
        if (descriptor == NONE) {
            return NOT_OPEN;
        }
        long done = flags == Libc.O_RDONLY
                ? Libc.pread(descriptor, buffer.address(), NativeBuffer.SIZE, 0)
                : Libc.pwrite(descriptor, buffer.address(), length, 0);
        if (done < 0) {
            return -Libc.errno();
        }
        if (flags == Libc.O_RDONLY && readsWithoutIt++ % READS_BETWEEN_TRIES == 1) {
            takeFastReader();
        }
        return (int) done;
    }

    /** From the second read on: where files are closed after each read, one more opening would be too much. */
    private void takeFastReader() {
        reader = FastReader.of(descriptor).orElse(null);
        if (reader != null) {
            closeDescriptor();
        }
    }

    /** How often it was opened on another file than before: then this is another cgroup, with counters of its own. */
    synchronized int openings() {
        return openings;
    }

    /** Closes it for good. */
    synchronized void end() {
        ended = true;
        release();
    }

    private void open() {
        refuseIfEnded();
        // Not under the monitor: to make room, files of others may have to be closed, under theirs.
        int opened = root.open(path, flags);
        HeldDescriptor tooMuch = null;
        synchronized (this) {
            if (ended || isOpen()) {
                Libc.close(opened);
                refuseIfEnded();
                return;
            }
            descriptor = opened;
            readsWithoutIt = 0;
            used = true;
            long now = root.identity(opened);
            if (now == CgroupRoot.UNKNOWN || now != identity) {
                openings++;
            }
            identity = now;
            tooMuch = root.openFiles().add(this);
        }
        if (tooMuch != null) {
            tooMuch.release();
        }
    }

    private synchronized void refuseIfEnded() {
        if (ended) {
            throw new KernelRefusal("cannot use " + root.absolute(path), ENDED);
        }
    }

    /** Closes it until it is needed again. */
    synchronized void release() {
        if (isOpen()) {
            closeDescriptor();
            closeReader();
            root.openFiles().remove(this);
        }
    }

    private boolean isOpen() {
        return descriptor != NONE || reader != null;
    }

    private void closeDescriptor() {
        if (descriptor != NONE) {
            Libc.close(descriptor);
            descriptor = NONE;
        }
    }

    private void closeReader() {
        if (reader != null) {
            reader.close();
            reader = null;
        }
    }
}

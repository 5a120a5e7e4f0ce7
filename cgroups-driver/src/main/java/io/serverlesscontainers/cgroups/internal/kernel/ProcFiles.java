package io.serverlesscontainers.cgroups.internal.kernel;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Reads what {@code /proc} tells of processes, and holds nothing open meanwhile: four calls to the kernel for a file.
 * Any number of threads may use it.
 */
public final class ProcFiles {
    private final ThreadLocal<NativeBuffer> buffers = ThreadLocal.withInitial(NativeBuffer::new);

    /** One file or link. */
    public final class File {
        private final byte[] path;

        private File(String path) {
            this.path = CgroupRoot.terminated(path);
        }

        /**
         * What it holds now, its first 16 KiB at most; valid until this thread reads any other. Null if it cannot be read,
         * as that of a process that has ended.
         */
        public ByteBuffer read() {
            int descriptor = Libc.open(path, Libc.O_RDONLY | Libc.O_CLOEXEC);
            if (descriptor < 0) {
                return null;
            }
            NativeBuffer buffer = buffers.get();
            int length = readAll(descriptor, buffer);
            Libc.close(descriptor);
            return length < 0 ? null : buffer.first(length);
        }

        /** Where the link leads to; valid until this thread reads any other. Null if it cannot be read. */
        public ByteBuffer readLink() {
            NativeBuffer buffer = buffers.get();
            long length = Libc.readlink(path, buffer.address(), NativeBuffer.SIZE);
            return length < 0 ? null : buffer.first((int) length);
        }

        /** Its path. */
        @Override
        public String toString() {
            return new String(path, 0, path.length - 1, StandardCharsets.UTF_8);
        }
    }

    /** How many bytes an open file has, 16 KiB at most; −1 if it cannot be read. */
    static int readAll(int descriptor, NativeBuffer buffer) {
        int length = 0;
        long more;
        do {
            // The kernel hands a list over page by page.
            more = Libc.pread(descriptor, buffer.address() + length, NativeBuffer.SIZE - length, length);
            length += (int) Math.max(0, more);
        } while (more > 0);
        return more < 0 ? -1 : length;
    }

    /** How many bytes a page of memory has. */
    public static int pageSize() {
        return Libc.getpagesize();
    }

    /** The file or link at an absolute path; it need not exist. */
    public File file(String path) {
        return new File(path);
    }

    /** Whether a reading may have been cut off at its end. */
    public static boolean isFull(ByteBuffer text) {
        return text.limit() == NativeBuffer.SIZE;
    }
}

package io.serverlesscontainers.cgroups.internal.kernel;

import java.nio.ByteBuffer;

/** Memory outside the heap that the kernel reads from and writes to; reused from call to call, for one thread. */
final class NativeBuffer {
    /** Longer than any file that is read here, on machines of thousands of CPUs too. */
    static final int SIZE = 16 * 1024;

    private final ByteBuffer bytes = ByteBuffer.allocateDirect(SIZE);
    private final long address = Libc.address(bytes);

    /** Where it begins. */
    long address() {
        return address;
    }

    /** All of it, to be filled; valid until the next use of the buffer. */
    ByteBuffer all() {
        return bytes.clear();
    }

    /** Its first {@code length} bytes, to be read; valid until the next use of the buffer. */
    ByteBuffer first(int length) {
        return bytes.clear().limit(length);
    }

    /**
     * Puts a text of ASCII characters in, ended by a line feed.
     *
     * @return how many bytes that is
     */
    int fill(String value) {
        bytes.clear();
        for (int i = 0; i < value.length(); i++) {
            bytes.put((byte) value.charAt(i));
        }
        bytes.put((byte) '\n');
        return bytes.position();
    }
}

package io.serverlesscontainers.cgroups.internal.parse;

import io.serverlesscontainers.core.spi.CgroupException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The file {@code /proc/PID/net/dev}: the interfaces of a process's network namespace, each with eight counters of what
 * it received and eight of what it sent, bytes first.
 */
public final class NetDev {
    private static final byte[] LOOPBACK = "lo:".getBytes(StandardCharsets.US_ASCII);
    private static final int BYTES_RECEIVED = 0;
    private static final int BYTES_SENT = 8;

    private NetDev() {}

    /**
     * The bytes that were received and sent by all interfaces but the loopback.
     *
     * @throws CgroupException if a line is none of that file's
     */
    public static long bytes(ByteBuffer text, String path) {
        return Math.max(0, sum(text, BYTES_RECEIVED, path) + sum(text, BYTES_SENT, path));
    }

    /**
     * The bytes that were received by all interfaces but the loopback.
     *
     * @throws CgroupException if a line is none of that file's
     */
    public static long received(ByteBuffer text, String path) {
        return Math.max(0, sum(text, BYTES_RECEIVED, path));
    }

    private static long sum(ByteBuffer text, int column, String path) {
        long bytes = 0;
        int end;
        for (int line = 0; line < text.limit(); line = end + 1) {
            end = KernelText.endOfLine(text, line);
            int name = KernelText.skipSpaces(text, line, end);
            int colon = colon(text, name, end);
            // The two lines of headings have none.
            if (colon >= 0 && !KernelText.startsWith(text, name, LOOPBACK)) {
                bytes += column(text, colon + 1, end, column, path);
            }
        }
        return bytes;
    }

    private static int colon(ByteBuffer text, int from, int to) {
        for (int at = from; at < to; at++) {
            if (text.get(at) == ':') {
                return at;
            }
        }
        return -1;
    }

    private static long column(ByteBuffer text, int from, int to, int column, String path) {
        int start = KernelText.skipSpaces(text, from, to);
        for (int i = 0; i < column; i++) {
            start = KernelText.skipSpaces(text, KernelText.endOfWord(text, start, to), to);
        }
        return KernelText.number(text, start, KernelText.endOfWord(text, start, to), path);
    }
}

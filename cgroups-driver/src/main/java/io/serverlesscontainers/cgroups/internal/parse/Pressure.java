package io.serverlesscontainers.cgroups.internal.parse;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A file of pressure stall information, such as {@code cpu.pressure}: for how long tasks waited, see the kernel's
 * <a href="https://docs.kernel.org/accounting/psi.html">PSI</a>.
 *
 * <pre>
 * some avg10=0.00 avg60=0.00 avg300=0.00 total=0
 * full avg10=0.00 avg60=0.00 avg300=0.00 total=0
 * </pre>
 *
 * <p>Only the totals are read: the averages are over spans that are nobody's window.
 */
public final class Pressure {
    private static final byte[] SOME = KernelText.key("some");
    private static final byte[] FULL = KernelText.key("full");
    private static final byte[] TOTAL = " total=".getBytes(StandardCharsets.US_ASCII);

    private Pressure() {}

    /** For how long at least one task has waited, in µs; {@link KernelText#ABSENT} if there is no such line. */
    public static long some(ByteBuffer text, String path) {
        return total(text, SOME, path);
    }

    /** For how long all tasks have waited at once, in µs; {@link KernelText#ABSENT} if there is no such line. */
    public static long full(ByteBuffer text, String path) {
        return total(text, FULL, path);
    }

    private static long total(ByteBuffer text, byte[] key, String path) {
        for (int line = 0; line < text.limit(); line = KernelText.endOfLine(text, line) + 1) {
            if (KernelText.startsWith(text, line, key)) {
                return total(text, line, KernelText.endOfLine(text, line), path);
            }
        }
        return KernelText.ABSENT;
    }

    private static long total(ByteBuffer text, int line, int end, String path) {
        for (int at = line; at < end; at++) {
            if (KernelText.startsWith(text, at, TOTAL)) {
                return KernelText.number(text, at + TOTAL.length, end, path);
            }
        }
        throw KernelText.unreadable(text, "a line that ends with total= and a number of µs", path, null);
    }
}

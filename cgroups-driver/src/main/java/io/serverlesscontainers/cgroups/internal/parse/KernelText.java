package io.serverlesscontainers.cgroups.internal.parse;

import io.serverlesscontainers.core.spi.CgroupException;
import io.serverlesscontainers.core.spi.CpuSet;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Reads what the kernel writes into cgroup files: pure functions on the bytes from position 0 to the limit. They neither
 * move the buffer's position nor allocate, unless they fail; whatever the bytes are, the answer is a value or one
 * {@link CgroupException} that names the path and what was found there.
 *
 * <p>Numbers beyond 2⁶³ − 1 count as 2⁶³ − 1. Only the first line of a file of one value is looked at. Spaces around a
 * value, and a carriage return before the line feed, are ignored.
 */
public final class KernelText {
    /** What the functions for limits answer where there is none. */
    public static final long NO_LIMIT = -1;

    /** What {@link #field} answers where there is no such line. */
    public static final long ABSENT = -1;

    // Version 1 writes "no limit" as the largest multiple of a page in 63 bits; no machine has a quarter of that.
    private static final long ENDLESS = 1L << 62;

    private static final int MOST_SHOWN = 60;

    private KernelText() {}

    /** A whole number of 0 or more. */
    public static long number(ByteBuffer text, String path) {
        return number(text, 0, endOfLine(text, 0), path);
    }

    /** A limit in bytes: a whole number, or {@link #NO_LIMIT} for {@code max}, −1 and 2⁶² or more. */
    public static long limit(ByteBuffer text, String path) {
        long limit = numberOrNone(text, 0, endOfLine(text, 0), path);
        return limit >= ENDLESS ? NO_LIMIT : limit;
    }

    /** A quota in µs: a whole number, or {@link #NO_LIMIT} for {@code max} and −1. */
    public static long quota(ByteBuffer text, String path) {
        return numberOrNone(text, 0, endOfLine(text, 0), path);
    }

    /** The file {@code cpu.max}: {@code max 100000}, {@code 50000 100000}. */
    public static CpuBandwidth bandwidth(ByteBuffer text, String path) {
        int end = endOfLine(text, 0);
        int start = skipSpaces(text, 0, end);
        int space = endOfWord(text, start, end);
        return new CpuBandwidth(numberOrNone(text, start, space, path), number(text, space, end, path), path);
    }

    /** The number of a line {@code key number}; {@link #ABSENT} if there is no such line. */
    public static long field(ByteBuffer text, byte[] key, String path) {
        for (int line = 0; line < text.limit(); line = endOfLine(text, line) + 1) {
            if (startsWith(text, line, key)) {
                return number(text, line + key.length, endOfLine(text, line), path);
            }
        }
        return ABSENT;
    }

    /** The number of a line {@code key number kB}, as in {@code /proc/meminfo}; {@link #ABSENT} if there is none. */
    public static long fieldInKiB(ByteBuffer text, byte[] key, String path) {
        for (int line = 0; line < text.limit(); line = endOfLine(text, line) + 1) {
            int unit = trimSpaces(text, line, endOfLine(text, line)) - 2;
            if (unit > line && startsWith(text, line, key) && text.get(unit) == 'k' && text.get(unit + 1) == 'B') {
                return number(text, line + key.length, unit, path);
            }
        }
        return ABSENT;
    }

    /**
     * What {@link #field} and the like answered, with 0 for {@link #ABSENT}: the kernel has no line for what it has not
     * counted yet.
     *
     * @throws CgroupException if the line may be missing because the text is cut off
     */
    public static long countOrZero(long field, ByteBuffer text, String path) {
        boolean whole = text.limit() == 0 || text.get(text.limit() - 1) == '\n';
        if (field == ABSENT && !whole) {
            throw new CgroupException(path + " is cut off after " + text.limit() + " bytes: the count is not known");
        }
        return Math.max(0, field);
    }

    /** A key for {@link #field}. */
    public static byte[] key(String name) {
        return (name + ' ').getBytes(StandardCharsets.US_ASCII);
    }

    /** A list of CPUs: {@code 0-1,4}; empty for none. */
    public static CpuSet cpus(ByteBuffer text, String path) {
        try {
            return CpuSet.parse(ascii(text, 0, endOfLine(text, 0)));
        } catch (IllegalArgumentException notAList) {
            throw unreadable(text, "a list of CPUs such as 0-1,4", path, notAList);
        }
    }

    static long numberOrNone(ByteBuffer text, int from, int to, String path) {
        int start = skipSpaces(text, from, to);
        int end = trimSpaces(text, start, to);
        boolean max =
                end - start == 3 && text.get(start) == 'm' && text.get(start + 1) == 'a' && text.get(start + 2) == 'x';
        boolean minusOne = end - start == 2 && text.get(start) == '-' && text.get(start + 1) == '1';
        return max || minusOne ? NO_LIMIT : number(text, start, end, path);
    }

    static long number(ByteBuffer text, int from, int to, String path) {
        int start = skipSpaces(text, from, to);
        int end = trimSpaces(text, start, to);
        if (start == end) {
            throw unreadable(text, "a whole number from 0 on", path, null);
        }
        long number = 0;
        for (int i = start; i < end; i++) {
            int digit = text.get(i) - '0';
            if (digit < 0 || digit > 9) {
                throw unreadable(text, "a whole number from 0 on", path, null);
            }
            number = number > (Long.MAX_VALUE - digit) / 10 ? Long.MAX_VALUE : 10 * number + digit;
        }
        return number;
    }

    static boolean startsWith(ByteBuffer text, int from, byte[] key) {
        if (text.limit() - from < key.length) {
            return false;
        }
        for (int i = 0; i < key.length; i++) {
            if (text.get(from + i) != key[i]) {
                return false;
            }
        }
        return true;
    }

    static int endOfLine(ByteBuffer text, int from) {
        int end = from;
        while (end < text.limit() && text.get(end) != '\n') {
            end++;
        }
        return end;
    }

    static int endOfWord(ByteBuffer text, int from, int to) {
        int end = from;
        while (end < to && !isSpace(text.get(end))) {
            end++;
        }
        return end;
    }

    static int skipSpaces(ByteBuffer text, int from, int to) {
        int start = from;
        while (start < to && isSpace(text.get(start))) {
            start++;
        }
        return start;
    }

    private static int trimSpaces(ByteBuffer text, int from, int to) {
        int end = to;
        while (end > from && isSpace(text.get(end - 1))) {
            end--;
        }
        return end;
    }

    static boolean isSpace(byte letter) {
        return letter == ' ' || letter == '\t' || letter == '\r';
    }

    static CgroupException unreadable(ByteBuffer text, String needed, String path, Exception cause) {
        String found = ascii(text, 0, Math.min(text.limit(), MOST_SHOWN));
        return new CgroupException(
                path + " holds '" + found + (text.limit() > MOST_SHOWN ? "…" : "") + "', " + needed + " is needed",
                cause);
    }

    /** With a question mark for all that is no printable ASCII. */
    private static String ascii(ByteBuffer text, int from, int to) {
        var ascii = new StringBuilder(to - from);
        int end = trimSpaces(text, from, to);
        for (int i = from; i < end; i++) {
            byte letter = text.get(i);
            ascii.append(letter == '\n' ? ' ' : letter < ' ' || letter == 0x7f ? '?' : (char) letter);
        }
        return ascii.toString().strip();
    }
}

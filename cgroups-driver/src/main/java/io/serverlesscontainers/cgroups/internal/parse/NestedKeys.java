package io.serverlesscontainers.cgroups.internal.parse;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Reads files whose lines are {@code key name=value name=value}, such as {@code io.max} and {@code io.stat}; the kernel
 * calls them <a href="https://docs.kernel.org/admin-guide/cgroup-v2.html#format">nested keyed</a>. Works as
 * {@link KernelText} does.
 *
 * <p>Some kernels begin a line with the keys of several devices that have no values: values belong to the key right
 * before them.
 */
public final class NestedKeys {
    private NestedKeys() {}

    /** A key for the functions here. */
    public static byte[] key(String key) {
        return key.getBytes(StandardCharsets.US_ASCII);
    }

    /** A name for the functions here. */
    public static byte[] name(String name) {
        return (name + '=').getBytes(StandardCharsets.US_ASCII);
    }

    /** The whole number of a key's name; {@link KernelText#ABSENT} if it has none. */
    public static long number(ByteBuffer text, byte[] key, byte[] name, String path) {
        int at = find(text, key, name);
        return at < 0 ? KernelText.ABSENT : KernelText.number(text, at, endOfWord(text, at), path);
    }

    /** The limit of a key's name: a whole number, or {@link KernelText#NO_LIMIT} for {@code max}, −1 or no such name. */
    public static long limit(ByteBuffer text, byte[] key, byte[] name, String path) {
        int at = find(text, key, name);
        return at < 0 ? KernelText.NO_LIMIT : KernelText.numberOrNone(text, at, endOfWord(text, at), path);
    }

    /** Where the value begins; −1 if there is none. */
    private static int find(ByteBuffer text, byte[] key, byte[] name) {
        boolean isOurs = false;
        int at = 0;
        while (at < text.limit()) {
            int end = endOfWord(text, at);
            if (isOurs && KernelText.startsWith(text, at, name)) {
                return at + name.length;
            }
            if (end > at && !hasValue(text, at, end)) {
                isOurs = end - at == key.length && KernelText.startsWith(text, at, key);
            }
            if (end < text.limit() && text.get(end) == '\n') {
                isOurs = false;
            }
            at = end + 1;
        }
        return -1;
    }

    private static boolean hasValue(ByteBuffer text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (text.get(i) == '=') {
                return true;
            }
        }
        return false;
    }

    private static int endOfWord(ByteBuffer text, int from) {
        int end = from;
        while (end < text.limit() && text.get(end) != '\n' && !KernelText.isSpace(text.get(end))) {
            end++;
        }
        return end;
    }
}

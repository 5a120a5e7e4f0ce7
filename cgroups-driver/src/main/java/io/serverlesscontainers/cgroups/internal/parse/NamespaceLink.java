package io.serverlesscontainers.cgroups.internal.parse;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Where the link {@code /proc/PID/ns/net} leads to: {@code net:[4026532177]}. */
public final class NamespaceLink {
    private static final byte[] BEGINNING = "net:[".getBytes(StandardCharsets.US_ASCII);
    private static final int MOST_DIGITS = 18;

    private NamespaceLink() {}

    /** The number, which no other namespace has at the same time; {@link KernelText#ABSENT} for null or another text. */
    public static long number(ByteBuffer text) {
        int last = text == null ? -1 : text.limit() - 1;
        boolean likely = last > BEGINNING.length
                && last <= BEGINNING.length + MOST_DIGITS
                && text.get(last) == ']'
                && KernelText.startsWith(text, 0, BEGINNING);
        long number = 0;
        for (int at = BEGINNING.length; likely && at < last; at++) {
            int digit = text.get(at) - '0';
            likely = digit >= 0 && digit <= 9;
            number = 10 * number + digit;
        }
        return likely ? number : KernelText.ABSENT;
    }
}

package io.serverlesscontainers.examples.service.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.regex.Pattern;

/** The secret that who asks must show: {@code Authorization: Bearer SECRET}. Only a digest of it is kept. */
public final class Token {
    private static final String SCHEME = "Bearer ";
    private static final Pattern FORM = Pattern.compile("[\\x21-\\x7e]{16,1024}");

    private final byte[] digest;

    private Token(byte[] digest) {
        this.digest = digest;
    }

    /**
     * A token.
     *
     * @param from where it comes from, for the sentence; the secret itself is never told
     * @throws IllegalArgumentException if it is no text of 16 to 1024 printable ASCII characters without spaces
     */
    public static Token of(String secret, String from) {
        if (!FORM.matcher(secret).matches()) {
            throw new IllegalArgumentException(
                    from + " holds no token: 16 to 1024 printable ASCII characters without spaces are needed");
        }
        return new Token(digest(secret));
    }

    /**
     * The token in a file, without the line's end.
     *
     * @throws IllegalArgumentException if the file cannot be read, or holds no token
     */
    public static Token in(Path file) {
        try {
            return of(Files.readString(file, StandardCharsets.ISO_8859_1).strip(), file.toString());
        } catch (IOException unreadable) {
            throw new IllegalArgumentException("the token cannot be read from " + file + ": " + unreadable, unreadable);
        }
    }

    /** Whether a header shows it; takes the same time for any that does not. */
    boolean isIn(String authorization) {
        boolean bearer = authorization != null && authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
        String shown = bearer ? authorization.substring(SCHEME.length()).strip() : "";
        return MessageDigest.isEqual(digest, digest(shown)) && bearer;
    }

    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException none) {
            throw new AssertionError("every Java has SHA-256", none);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Token token && MessageDigest.isEqual(digest, token.digest);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(digest);
    }

    @Override
    public String toString() {
        return "a token";
    }
}

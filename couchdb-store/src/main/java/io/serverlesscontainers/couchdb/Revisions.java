package io.serverlesscontainers.couchdb;

import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What can be told from a {@code _rev}: how many changes made the document, as the number before the dash. */
final class Revisions {
    private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,17})-[0-9A-Za-z]{1,64}");

    private Revisions() {}

    /** The number of changes; empty if this is no revision of any server. */
    static OptionalLong generation(String revision) {
        Matcher matcher = FORM.matcher(revision);
        return matcher.matches() ? OptionalLong.of(Long.parseLong(matcher.group(1))) : OptionalLong.empty();
    }

    /** Whether a document that is at one revision cannot be at another one later. */
    static boolean isPast(String expected, String held) {
        OptionalLong generation = generation(expected);
        return generation.isEmpty()
                || !expected.equals(held)
                        && generation.getAsLong() <= generation(held).orElse(0);
    }

    /** Whether fewer changes made one revision than the other. */
    static boolean isOlder(String revision, String than) {
        return generation(revision).orElse(0) < generation(than).orElse(0);
    }
}

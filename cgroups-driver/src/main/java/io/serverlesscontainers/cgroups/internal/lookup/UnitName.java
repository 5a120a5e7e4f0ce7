package io.serverlesscontainers.cgroups.internal.lookup;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Names of systemd's units, and of the cgroups that it makes for them. Sources: systemd.unit(5), systemd.slice(5),
 * systemd-escape(1), and systemd's <em>Control Group APIs and Delegation</em>.
 */
final class UnitName {
    private static final Pattern UNIT = Pattern.compile(
            "[A-Za-z0-9:_.\\\\-]+(?:@[A-Za-z0-9:_.\\\\@-]*)?\\.(?:service|scope|socket|mount|swap|slice)");
    private static final Pattern SLICE = Pattern.compile("[^-]+(?:-[^-]+)*");
    private static final String SLICE_SUFFIX = ".slice";
    private static final int MOST_LETTERS = 255;
    // systemd puts an underscore before a name that the kernel might have a file of.
    private static final Pattern MARKED = Pattern.compile("[_.].*|notify_on_release|release_agent|tasks"
            + "|(?:cgroup|cpu|cpuacct|cpuset|io|blkio|memory|devices|pids)\\..*");

    private UnitName() {}

    /** Whether a text is the name of a unit that may have a cgroup: {@code nginx.service}, {@code a-b.slice}. */
    static boolean isUnit(String text) {
        return text.length() <= MOST_LETTERS && UNIT.matcher(text).matches();
    }

    static boolean isSlice(String unit) {
        return unit.endsWith(SLICE_SUFFIX);
    }

    /**
     * Where a slice is: {@code a-b.slice} lies in {@code a.slice/a-b.slice}. Empty for the root slice {@code -.slice},
     * and for what is no slice's name.
     */
    static Optional<String> pathOfSlice(String slice) {
        String name = slice.substring(0, slice.length() - SLICE_SUFFIX.length());
        if (!SLICE.matcher(name).matches()) {
            return Optional.empty();
        }
        var path = new StringBuilder();
        for (int dash = name.indexOf('-'); dash >= 0; dash = name.indexOf('-', dash + 1)) {
            path.append(directory(name.substring(0, dash) + SLICE_SUFFIX)).append('/');
        }
        return Optional.of(path.append(directory(slice)).toString());
    }

    /** The slice that instances of a template are in: {@code system-foo.slice} for {@code foo@bar.service}. */
    static Optional<String> sliceOfInstance(String unit) {
        int at = unit.indexOf('@');
        return at > 0 ? pathOfSlice("system-" + escape(unit.substring(0, at)) + SLICE_SUFFIX) : Optional.empty();
    }

    /** The name of a unit's cgroup. */
    static String directory(String unit) {
        return MARKED.matcher(unit).matches() ? "_" + unit : unit;
    }

    /** The unit whose cgroup has this name. */
    static String unit(String directory) {
        return directory.startsWith("_") ? directory.substring(1) : directory;
    }

    /** As systemd-escape(1): {@code a-b/c} becomes {@code a\x2db-c}. */
    static String escape(String text) {
        var escaped = new StringBuilder();
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            char letter = (char) (bytes[i] & 0xff);
            if (letter == '/') {
                escaped.append('-');
            } else if (isPlain(letter) && !(letter == '.' && i == 0)) {
                escaped.append(letter);
            } else {
                escaped.append("\\x").append(String.format("%02x", (int) letter));
            }
        }
        return escaped.toString();
    }

    /** The reverse of {@link #escape}; what is no escape stays as it is. */
    static String unescape(String escaped) {
        var text = new ByteArrayOutputStream();
        byte[] bytes = escaped.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            int first = i + 3 < bytes.length && bytes[i] == '\\' && bytes[i + 1] == 'x'
                    ? Character.digit(bytes[i + 2], 16)
                    : -1;
            int second = first >= 0 ? Character.digit(bytes[i + 3], 16) : -1;
            if (second >= 0) {
                text.write(first << 4 | second);
                i += 3;
            } else {
                text.write(bytes[i] == '-' ? '/' : bytes[i]);
            }
        }
        return text.toString(StandardCharsets.UTF_8);
    }

    private static boolean isPlain(char letter) {
        return letter >= 'a' && letter <= 'z'
                || letter >= 'A' && letter <= 'Z'
                || letter >= '0' && letter <= '9'
                || letter == ':'
                || letter == '_'
                || letter == '.';
    }
}

package io.serverlesscontainers.cgroups.internal.mount;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Reads {@code /proc/self/mountinfo}, see proc_pid_mountinfo(5):
 * {@code 36 35 98:0 /root /mount/point options optional… - type source superoptions}.
 */
public final class MountInfo {
    private static final int ROOT = 3;
    private static final int MOUNT_POINT = 4;
    private static final int FIRST_OPTIONAL = 6;

    private MountInfo() {}

    /**
     * The cgroup file systems that can be reached, in the order in which they were mounted. A mount hides what was
     * mounted at the same place before. Lines that are cut off or otherwise none are left out.
     */
    static List<Mount> cgroups(String mountInfo) {
        var mounts = new ArrayList<Mount>();
        for (String line : mountInfo.split("\r?\n")) {
            String[] fields = line.split(" ");
            int separator = FIRST_OPTIONAL;
            while (separator < fields.length && !fields[separator].equals("-")) {
                separator++;
            }
            if (separator + 3 >= fields.length) {
                continue;
            }
            String mountPoint = unescape(fields[MOUNT_POINT]);
            mounts.removeIf(earlier -> earlier.mountPoint().equals(mountPoint));
            String root = unescape(fields[ROOT]);
            switch (fields[separator + 1]) {
                case "cgroup" -> {
                    Set<String> controllers = Set.copyOf(List.of(fields[separator + 3].split(",")));
                    mounts.add(new Mount(Version.V1, root, mountPoint, controllers));
                }
                case "cgroup2" -> mounts.add(new Mount(Version.V2, root, mountPoint, Set.of()));
                default -> {
                    // Some other file system.
                }
            }
        }
        return mounts;
    }

    /** The kernel writes space, tab, line feed and backslash as a backslash and three octal digits. */
    public static String unescape(String field) {
        if (field.indexOf('\\') < 0) {
            return field;
        }
        var plain = new StringBuilder(field.length());
        for (int i = 0; i < field.length(); i++) {
            if (field.charAt(i) == '\\' && isOctal(field, i + 1)) {
                plain.append((char) Integer.parseInt(field.substring(i + 1, i + 4), 8));
                i += 3;
            } else {
                plain.append(field.charAt(i));
            }
        }
        return plain.toString();
    }

    private static boolean isOctal(String field, int from) {
        if (from + 3 > field.length() || field.charAt(from) > '3') {
            return false;
        }
        for (int i = from; i < from + 3; i++) {
            if (field.charAt(i) < '0' || field.charAt(i) > '7') {
                return false;
            }
        }
        return true;
    }
}

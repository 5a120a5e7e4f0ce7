package io.serverlesscontainers.examples.quickstart.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where the cgroup hierarchies are mounted, read from {@code /proc/self/mountinfo} (format: proc(5)).
 *
 * @param versionOne v1 controllers and their mount points; several may share one
 * @param versionTwo mount point of the cgroup2 hierarchy
 * @param all every cgroup mount point, controllers or not
 */
record CgroupMounts(Map<String, Path> versionOne, Optional<Path> versionTwo, Set<Path> all) {
    static final Path MOUNT_INFO = Path.of("/proc/self/mountinfo");

    /** Reads a mount table; one that cannot be read has no cgroups. */
    static CgroupMounts read(Path mountInfo) {
        try {
            return parse(Files.readAllLines(mountInfo));
        } catch (IOException unreadable) {
            return parse(List.of());
        }
    }

    static CgroupMounts parse(List<String> lines) {
        Map<String, Path> versionOne = new LinkedHashMap<>();
        Path versionTwo = null;
        Set<Path> all = new LinkedHashSet<>();
        for (String line : lines) {
            int separator = line.indexOf(" - ");
            String[] mount = line.split(" ");
            String[] source = separator < 0
                    ? new String[0]
                    : line.substring(separator + 3).split(" ");
            if (mount.length < 6 || source.length < 3 || !source[0].startsWith("cgroup")) {
                continue;
            }
            Path point = Path.of(unescape(mount[4]));
            all.add(point);
            if (source[0].equals("cgroup2")) {
                versionTwo = versionTwo == null ? point : versionTwo;
            } else {
                Arrays.stream(source[2].split(",")).forEach(option -> versionOne.putIfAbsent(option, point));
            }
        }
        return new CgroupMounts(versionOne, Optional.ofNullable(versionTwo), all);
    }

    /** The kernel writes space, tab, newline and backslash as three octal digits. */
    private static String unescape(String path) {
        return path.replace("\\040", " ")
                .replace("\\011", "\t")
                .replace("\\012", "\n")
                .replace("\\134", "\\");
    }
}

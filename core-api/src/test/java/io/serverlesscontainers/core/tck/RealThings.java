package io.serverlesscontainers.core.tck;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Assumptions;

/**
 * For tests that need something real: root, a writable cgroup, LXC. On a laptop without it the test is skipped with one
 * line; where the environment says {@code REQUIRE_REAL=1} it fails, so that nothing goes untested unnoticed.
 */
public final class RealThings {
    private static final Path CGROUPS = Path.of("/sys/fs/cgroup");

    private RealThings() {}

    /**
     * Goes on only if something is there.
     *
     * @param there whether it is
     * @param whatIsMissing the one line to show if it is not
     * @throws AssertionError if it is missing and {@code REQUIRE_REAL=1}
     * @throws org.opentest4j.TestAbortedException if it is missing otherwise
     */
    public static void require(boolean there, String whatIsMissing) {
        require(there, whatIsMissing, "1".equals(System.getenv("REQUIRE_REAL")));
    }

    static void require(boolean there, String whatIsMissing, boolean mustBeThere) {
        if (!there && mustBeThere) {
            throw new AssertionError("REQUIRE_REAL=1, but " + whatIsMissing);
        }
        Assumptions.assumeTrue(there, whatIsMissing);
    }

    /** Whether this process runs as root. */
    public static boolean root() {
        return "root".equals(System.getProperty("user.name"));
    }

    /** Whether this process may create CPU cgroups: in cgroup v1's own hierarchy, or in the one of v2. */
    public static boolean writableCgroups() {
        boolean first = Files.isWritable(CGROUPS.resolve("cpu"));
        boolean second = Files.exists(CGROUPS.resolve("cgroup.controllers")) && Files.isWritable(CGROUPS);
        return first || second;
    }

    /** Whether LXC is installed. */
    public static boolean lxc() {
        return onPath("lxc-start");
    }

    private static boolean onPath(String program) {
        String path = System.getenv().getOrDefault("PATH", "");
        return Arrays.stream(path.split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}

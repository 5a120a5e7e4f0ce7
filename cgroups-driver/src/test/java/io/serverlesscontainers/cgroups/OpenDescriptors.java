package io.serverlesscontainers.cgroups;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The descriptors of this process that lead to files of cgroups; all else that a JVM opens is none of a test's. */
final class OpenDescriptors {
    private OpenDescriptors() {}

    static long onCgroups() {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.filter(OpenDescriptors::isOnCgroup).count();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static boolean isOnCgroup(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).startsWith("/sys/fs/cgroup");
        } catch (IOException closedMeanwhile) {
            return false;
        }
    }
}

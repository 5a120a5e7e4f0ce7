package io.serverlesscontainers.cgroups;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The descriptors of this process that lead to files of a test's own cgroups; the JVM looks into some others itself. */
final class OpenDescriptors {
    private OpenDescriptors() {}

    static long onTestsCgroups() {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.filter(OpenDescriptors::isOnCgroup).count();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static boolean isOnCgroup(Path descriptor) {
        try {
            Path file = Files.readSymbolicLink(descriptor);
            return file.startsWith("/sys/fs/cgroup") && file.toString().contains("/sc-");
        } catch (IOException closedMeanwhile) {
            return false;
        }
    }
}

package io.serverlesscontainers.examples.endtoend;

import io.serverlesscontainers.core.tck.RealThings;
import io.serverlesscontainers.examples.quickstart.container.LxcContainers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * An LXC container that does next to nothing, or wants a whole core. What the kernel has for it is read from, and written
 * to, the kernel's own files.
 */
final class LoadedContainer implements AutoCloseable {
    private static final Path CGROUPS = Path.of("/sys/fs/cgroup");
    private static final long MICROSECONDS_PER_SHARE = 1_000;

    // Never quite idle: to use nothing at all is to be off, and no reason to take anything away.
    private static final String PROGRAM = """
            while :; do /bin/busybox sleep 0.1; done &
            while read -r order; do
              case $order in
                busy) while :; do :; done & load=$! ;;
                idle) kill $load ;;
              esac
            done
            """;

    private final String name = "end-to-end-" + ProcessHandle.current().pid();
    private final LxcContainers containers = new LxcContainers(List.of());
    private final boolean isVersion1 = Files.exists(CGROUPS.resolve("cpu"));
    private final Process program;

    private LoadedContainer() throws IOException {
        try {
            containers.create(name);
            preferIt();
            program = containers.run(name, List.of("/bin/sh", "-c", PROGRAM));
        } catch (IOException | RuntimeException failed) {
            containers.close();
            throw failed;
        }
    }

    /** Skips the test where there can be none. */
    static LoadedContainer start() throws IOException {
        RealThings.require(
                LxcContainers.obstacle().isEmpty(), LxcContainers.obstacle().orElse(""));
        return new LoadedContainer();
    }

    /** On a busy machine, too, the load gets what its quota allows. */
    private void preferIt() throws IOException {
        Files.writeString(cgroup().resolve(isVersion1 ? "cpu.shares" : "cpu.weight"), isVersion1 ? "20480" : "2000");
    }

    String name() {
        return name;
    }

    /** From now on it wants a core. */
    void busy() throws IOException {
        order("busy");
    }

    /** From now on it does next to nothing, as at first. */
    void idle() throws IOException {
        order("idle");
    }

    private void order(String order) throws IOException {
        program.getOutputStream().write((order + "\n").getBytes(StandardCharsets.US_ASCII));
        program.getOutputStream().flush();
    }

    /** The CPU limit in shares, 100 being a core; negative if there is none. */
    long cpuLimit() throws IOException {
        String file = isVersion1 ? "cpu.cfs_quota_us" : "cpu.max";
        String quota = Files.readString(cgroup().resolve(file)).strip().split(" ")[0];
        return quota.equals("max") ? -1 : Long.parseLong(quota) / MICROSECONDS_PER_SHARE;
    }

    private Path cgroup() {
        return (isVersion1 ? CGROUPS.resolve("cpu") : CGROUPS).resolve("lxc.payload." + name);
    }

    /** Its cgroups, of whatever hierarchy. */
    List<Path> cgroups() throws IOException {
        try (Stream<Path> directories = Files.walk(CGROUPS, 2)) {
            return directories
                    .filter(each -> each.getFileName().toString().contains(name))
                    .toList();
        }
    }

    boolean isRunning() {
        return program.isAlive();
    }

    @Override
    public void close() throws IOException {
        containers.close();
    }
}

package io.serverlesscontainers.examples.endtoend;

import io.serverlesscontainers.core.tck.RealThings;
import io.serverlesscontainers.examples.quickstart.container.LxcContainers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Stream;

/**
 * An LXC container that uses as much CPU as it is told. What the kernel has for it is read from, and written to, the
 * kernel's own files.
 */
final class LoadedContainer implements AutoCloseable {
    private static final Path CGROUPS = Path.of("/sys/fs/cgroup");
    private static final long MICROSECONDS_PER_SHARE = 1_000;

    private static final long BYTES_PER_MIB = 1 << 20;
    private static final int CORE = 100;
    // Never quite idle: to use nothing at all is to be off, and no reason to take anything away.
    private static final int NEXT_TO_NOTHING = 3;

    // It works off what it owes, and sleeps for a tenth of a second when that is less than a tick. What its limit kept
    // it
    // from for longer than 0.4 s is forgotten.
    private static final String PROGRAM = """
            clock() {
              read -r up _ < /proc/uptime
              now=$((${up%.*} * 100 + 1${up#*.} - 100))
            }
            ticks() {
              read -r _ _ _ _ _ _ _ _ _ _ _ _ _ user system _ < /proc/self/stat
              used=$((user + system))
            }
            load() {
              owed=0
              clock
              before=$now
              while :; do
                read -r order < /tmp/wanted && wanted=$order
                clock
                owed=$((owed + (now - before) * wanted))
                before=$now
                [ $owed -gt $((wanted * 40 + 100)) ] && owed=$((wanted * 40 + 100))
                if [ $owed -lt 100 ]; then
                  /bin/busybox sleep 0.1
                  continue
                fi
                ticks
                from=$used
                while [ $(((used - from) * 100 + 100)) -le $owed ]; do
                  i=0
                  while [ $i -lt 300 ]; do i=$((i + 1)); done
                  ticks
                done
                owed=$((owed - (used - from) * 100))
              done
            }
            wanted=$1
            echo $wanted > /tmp/wanted
            load &
            while read -r order; do echo $order > /tmp/wanted; done
            """;

    private final String name;
    private final LxcContainers containers = new LxcContainers(List.of());
    private final boolean isVersion1 = Files.exists(CGROUPS.resolve("cpu"));
    private final Process program;

    private LoadedContainer(String suffix) throws IOException {
        name = "end-to-end-" + ProcessHandle.current().pid() + suffix;
        try {
            containers.create(name);
            preferIt();
            program = containers.run(name, List.of("/bin/sh", "-c", PROGRAM, "load", "" + NEXT_TO_NOTHING));
        } catch (IOException | RuntimeException failed) {
            containers.close();
            throw failed;
        }
    }

    /** Skips the test where there can be none. */
    static LoadedContainer start() throws IOException {
        return start("");
    }

    /** One of several. */
    static LoadedContainer start(String suffix) throws IOException {
        RealThings.require(
                LxcContainers.obstacle().isEmpty(), LxcContainers.obstacle().orElse(""));
        return new LoadedContainer(suffix);
    }

    /** On a busy machine, too, the load gets what its quota allows. */
    private void preferIt() throws IOException {
        Files.writeString(
                cgroup("cpu").resolve(isVersion1 ? "cpu.shares" : "cpu.weight"), isVersion1 ? "20480" : "2000");
    }

    String name() {
        return name;
    }

    /** From now on it wants a core. */
    void busy() throws IOException {
        wants(CORE);
    }

    /** From now on it does next to nothing, as at first. */
    void idle() throws IOException {
        wants(NEXT_TO_NOTHING);
    }

    /** From now on it wants so much, 100 being a core, and uses it as far as it is allowed to. */
    void wants(int shares) throws IOException {
        program.getOutputStream().write((shares + "\n").getBytes(StandardCharsets.US_ASCII));
        program.getOutputStream().flush();
    }

    /** The CPU limit in shares, 100 being a core; negative if there is none. */
    long cpuLimit() throws IOException {
        String quota = read("cpu", isVersion1 ? "cpu.cfs_quota_us" : "cpu.max").split(" ")[0];
        return quota.equals("max") ? -1 : Long.parseLong(quota) / MICROSECONDS_PER_SHARE;
    }

    /** The memory limit in MiB; more than any machine has, or negative, if there is none. */
    long memoryLimit() throws IOException {
        String bytes = read("memory", isVersion1 ? "memory.limit_in_bytes" : "memory.max");
        return bytes.equals("max") ? -1 : Long.parseLong(bytes) / BYTES_PER_MIB;
    }

    /** The cores that it may run on, as the kernel writes them. */
    String cpus() throws IOException {
        return read("cpuset", "cpuset.cpus");
    }

    /** The CPU time that it has used so far. */
    Duration cpuTime() throws IOException {
        return isVersion1
                ? Duration.ofNanos(Long.parseLong(read("cpuacct", "cpuacct.usage")))
                : Duration.of(
                        Long.parseLong(read("", "cpu.stat")
                                .lines()
                                .findFirst()
                                .orElseThrow()
                                .split(" ")[1]),
                        ChronoUnit.MICROS);
    }

    private String read(String controller, String file) throws IOException {
        return Files.readString(cgroup(controller).resolve(file)).strip();
    }

    private Path cgroup(String controller) {
        return (isVersion1 ? CGROUPS.resolve(controller) : CGROUPS).resolve("lxc.payload." + name);
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

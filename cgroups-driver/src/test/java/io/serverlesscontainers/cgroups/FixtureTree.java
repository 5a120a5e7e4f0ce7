package io.serverlesscontainers.cgroups;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Ordinary files in a directory that look like a machine's cgroups, {@code /proc} and {@code /sys}. They keep what is
 * written and do nothing with it.
 */
final class FixtureTree implements AutoCloseable {
    /** What version 1 shows where there is no memory limit. */
    static final String NO_LIMIT_V1 = "9223372036854771712";

    /** The disk that all files are on, by the numbers that the kernel gives it. */
    static final String DISK = "254:0";

    private static final String V2_ROOT = "sys/fs/cgroup";

    enum Kind {
        V1,
        V2,
        HYBRID
    }

    private final Kind kind;
    private final Path root;

    private FixtureTree(Kind kind, Path root) {
        this.kind = kind;
        this.root = root;
    }

    /** An empty machine with two CPUs and 4096 MiB. */
    static FixtureTree of(Kind kind) {
        try {
            var tree = new FixtureTree(kind, Files.createTempDirectory("sc-fixture-"));
            tree.write("proc/self/mountinfo", tree.mountInfo());
            tree.write("proc/meminfo", "MemTotal:        4194304 kB\nMemFree:         1000000 kB\n");
            tree.write("sys/devices/system/cpu/online", "0-1\n");
            tree.blockDevice(DISK, "virtio1/block/vda");
            if (kind == Kind.V1 || kind == Kind.HYBRID) {
                for (String controller : List.of("cpu", "cpuacct", "cpuset", "memory", "blkio")) {
                    Files.createDirectories(tree.root.resolve(V2_ROOT).resolve(controller));
                }
                tree.write("sys/fs/cgroup/cpuset/cpuset.effective_cpus", "0-1\n");
            }
            if (kind == Kind.V2) {
                tree.write("sys/fs/cgroup/cgroup.controllers", "cpuset cpu io memory pids\n");
                tree.write("sys/fs/cgroup/cpuset.cpus.effective", "0-1\n");
            }
            if (kind == Kind.HYBRID) {
                tree.write("sys/fs/cgroup/unified/cgroup.controllers", "hugetlb\n");
            }
            return tree;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private String mountInfo() {
        var lines = new ArrayList<String>();
        lines.add("22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/root rw");
        if (kind == Kind.V2) {
            lines.add("31 22 0:28 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate");
        } else {
            lines.add("31 22 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755");
            for (String controller : List.of("cpu", "cpuacct", "cpuset", "memory", "blkio", "freezer")) {
                lines.add("32 31 0:29 / /sys/fs/cgroup/" + controller + " rw - cgroup cgroup rw," + controller);
            }
            lines.add("40 31 0:37 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,xattr,name=systemd");
        }
        if (kind == Kind.HYBRID) {
            lines.add("41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw");
        }
        return String.join("\n", lines) + "\n";
    }

    /** A container without limits, on both CPUs, that has used nothing yet. */
    FixtureTree container(String name) {
        if (kind == Kind.V2) {
            write(file("cpu", name, "cpu.max"), "max 100000\n");
            write(
                    file("cpu", name, "cpu.stat"),
                    "usage_usec 0\nuser_usec 0\nsystem_usec 0\nnr_periods 0\nnr_throttled 0\nthrottled_usec 0\n");
            write(file("cpuset", name, "cpuset.cpus"), "0-1\n");
            // In the kernel the one follows from the other; here they are one file with two names.
            link(file("cpuset", name, "cpuset.cpus.effective"), file("cpuset", name, "cpuset.cpus"));
            write(file("memory", name, "memory.max"), "max\n");
            write(file("memory", name, "memory.high"), "max\n");
            write(file("memory", name, "memory.current"), "0\n");
            write(file("memory", name, "memory.events"), "low 0\nhigh 0\nmax 0\noom 0\noom_kill 0\n");
            write(
                    file("memory", name, "memory.stat"),
                    "anon 0\nfile 0\nfile_dirty 0\nfile_writeback 0\ninactive_file 0\nactive_file 0\n");
            write(file("io", name, "io.max"), "");
            write(file("io", name, "io.stat"), "");
        } else {
            write(file("cpu", name, "cpu.cfs_quota_us"), "-1\n");
            write(file("cpu", name, "cpu.cfs_period_us"), "100000\n");
            write(file("cpu", name, "cpu.stat"), "nr_periods 0\nnr_throttled 0\nthrottled_time 0\n");
            write(file("cpuacct", name, "cpuacct.usage"), "0\n");
            write(file("cpuset", name, "cpuset.cpus"), "0-1\n");
            write(file("memory", name, "memory.limit_in_bytes"), NO_LIMIT_V1 + "\n");
            write(file("memory", name, "memory.usage_in_bytes"), "0\n");
            write(file("memory", name, "memory.oom_control"), "oom_kill_disable 0\nunder_oom 0\noom_kill 0\n");
            write(file("memory", name, "memory.stat"), "rss 0\ntotal_rss 0\ntotal_shmem 0\ntotal_inactive_file 0\n");
            write(file("blkio", name, "blkio.throttle.read_bps_device"), "");
            write(file("blkio", name, "blkio.throttle.write_bps_device"), "");
            write(file("blkio", name, "blkio.throttle.io_service_bytes_recursive"), "Total 0\n");
        }
        return this;
    }

    /** How much the container has read from the disk and written to it since its start. */
    void disk(String name, long read, long written) {
        if (kind == Kind.V2) {
            write(
                    file("io", name, "io.stat"),
                    "7:0 rbytes=9 wbytes=9 rios=1 wios=1 dbytes=0 dios=0\n" + DISK + " rbytes=" + read + " wbytes="
                            + written + " rios=2 wios=2 dbytes=0 dios=0\n");
        } else {
            write(
                    file("blkio", name, "blkio.throttle.io_service_bytes_recursive"),
                    "7:0 Read 9\n7:0 Write 9\n7:0 Total 18\n" + DISK + " Read " + read + "\n" + DISK + " Write "
                            + written + "\n" + DISK + " Total " + (read + written) + "\nTotal " + (read + written + 18)
                            + "\n");
        }
    }

    /** Lists a block device in {@code /sys}, in a directory beneath {@code /sys/devices}. */
    void blockDevice(String numbers, String directory) {
        write("sys/devices/" + directory + "/dev", numbers + "\n");
        try {
            Path entry = root.resolve("sys/dev/block/" + numbers);
            Files.createDirectories(entry.getParent());
            Files.createSymbolicLink(entry, Path.of("../../devices").resolve(directory));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** How much CPU time the container has used since its start. */
    void cpuTime(String name, long nanoseconds) {
        if (kind == Kind.V2) {
            write(
                    file("cpu", name, "cpu.stat"),
                    "usage_usec " + nanoseconds / 1000 + "\nnr_periods 40\nnr_throttled 10\n");
        } else {
            write(file("cpuacct", name, "cpuacct.usage"), nanoseconds + "\n");
            write(file("cpu", name, "cpu.stat"), "nr_periods 40\nnr_throttled 10\nthrottled_time 5\n");
        }
    }

    /** How much memory is charged to the container, and how much of it are file pages, half of them inactive. */
    void memory(String name, long bytes, long files) {
        if (kind == Kind.V2) {
            write(file("memory", name, "memory.current"), bytes + "\n");
            write(
                    file("memory", name, "memory.stat"),
                    "anon " + (bytes - files) + "\nfile_dirty 0\nfile_writeback 0\ninactive_file " + files / 2
                            + "\nactive_file " + (files - files / 2) + "\n");
        } else {
            write(file("memory", name, "memory.usage_in_bytes"), bytes + "\n");
            write(
                    file("memory", name, "memory.stat"),
                    "cache " + files + "\ninactive_file 1\ntotal_rss " + (bytes - files)
                            + "\ntotal_shmem 0\ntotal_inactive_file " + files / 2 + "\ntotal_active_file "
                            + (files - files / 2) + "\n");
        }
    }

    /** The first line of a container's file. */
    String value(String controller, String name, String file) {
        try (Stream<String> lines = Files.lines(root.resolve(file(controller, name, file)))) {
            return lines.findFirst().orElse("");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** The container ends, in every hierarchy. */
    void remove(String name) {
        for (String controller : List.of("cpu", "cpuacct", "cpuset", "memory", "blkio")) {
            remove(controller, name);
        }
    }

    /** Its cgroup goes from one hierarchy of version 1. */
    void remove(String controller, String name) {
        delete(root.resolve(file(controller, name, "any")).getParent());
    }

    /** The path of a container's file in this tree. */
    String file(String controller, String name, String file) {
        return V2_ROOT + "/" + (kind == Kind.V2 ? "" : controller + "/") + name + "/" + file;
    }

    /** Puts a text into a file, making the directories above it. */
    void write(String path, String text) {
        try {
            Path file = root.resolve(path);
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void link(String path, String existing) {
        try {
            Files.createLink(root.resolve(path), root.resolve(existing));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** A driver that takes this tree for the machine. */
    KernelCgroupDriver driver() {
        return settings().build();
    }

    Cgroups.Builder settings() {
        return Cgroups.builder().fileSystem(root).proc(root.resolve("proc")).ordinaryFiles();
    }

    Path root() {
        return root;
    }

    @Override
    public void close() {
        delete(root);
    }

    private static void delete(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}

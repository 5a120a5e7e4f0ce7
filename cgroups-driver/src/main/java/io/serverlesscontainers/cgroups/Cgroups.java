package io.serverlesscontainers.cgroups;

import io.serverlesscontainers.cgroups.internal.kernel.CgroupRoot;
import io.serverlesscontainers.core.spi.CgroupException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The way in: a driver for the cgroups of this machine.
 *
 * <pre>{@code
 * try (var driver = Cgroups.detect()) {
 *     driver.apply("web-1", LimitChange.to(Resource.CPU, 150));
 * }
 * }</pre>
 *
 * <p>Version 1, version 2 and both at once (hybrid) are told apart by what is mounted. A container is looked for where each
 * {@link Engine} puts it, then as a plain path beneath the root of the hierarchies.
 */
public final class Cgroups {
    private Cgroups() {}

    /**
     * A driver for this machine.
     *
     * @throws CgroupException if there are no cgroups, or they cannot be opened
     */
    public static KernelCgroupDriver detect() {
        return builder().build();
    }

    /** A driver with other settings than the usual ones. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects the settings of a driver; for one thread. */
    public static final class Builder {
        private static final Duration LEAST_PERIOD = Duration.ofMillis(1);
        private static final Duration LONGEST_PERIOD = Duration.ofSeconds(1);
        private static final long LARGE_MARGIN_MIB = 1L << 30;
        private static final Duration LONGEST_PATIENCE = Duration.ofMinutes(1);

        Path fileSystem = Path.of("/");
        Path proc = Path.of("/proc");
        Set<Engine> engines = EnumSet.allOf(Engine.class);
        final Map<Engine, Path> engineFiles = new EnumMap<>(Engine.class);
        OptionalLong cpuPeriodMicroseconds = OptionalLong.empty();
        OptionalDouble cpuBurst = OptionalDouble.empty();
        long memoryMarginMiB = 16;
        Duration memoryPatience = Duration.ofMillis(250);
        Optional<Path> disk = Optional.empty();
        boolean network;
        Path energyLimits;
        OptionalInt mostOpenFiles = OptionalInt.empty();
        boolean ordinaryFiles;

        private Builder() {}

        /** The directory that mount points are resolved against; {@code /} unless the host's is mounted elsewhere. */
        public Builder fileSystem(Path root) {
            fileSystem = Objects.requireNonNull(root, "root");
            return this;
        }

        /** Where the proc file system is mounted; {@code /proc} unless the host's is mounted elsewhere. */
        public Builder proc(Path directory) {
            proc = Objects.requireNonNull(directory, "directory");
            return this;
        }

        /**
         * Whose containers there are; those of every {@link Engine} unless said otherwise. They are asked in the order of
         * {@link Engine}, whatever the order here.
         */
        public Builder engines(Engine first, Engine... more) {
            engines = EnumSet.of(first, more);
            return this;
        }

        /**
         * Where an engine keeps what it knows of its containers, if not where it usually does: {@code /var/lib/docker},
         * {@code /var/lib/containers/storage} for Podman, {@code /run/runc}, {@code /root/.apptainer/instances/app}. These
         * files are only read. Without them the containers of Docker, Podman and Apptainer have no names, and runc's are
         * not found.
         *
         * @throws IllegalArgumentException if the files of this engine are not looked at
         */
        public Builder engineFiles(Engine engine, Path directory) {
            if (!EngineLookups.keepsFiles(engine)) {
                throw new IllegalArgumentException("the files of " + engine
                        + " are not looked at, only those of DOCKER, PODMAN, RUNC and APPTAINER are");
            }
            engineFiles.put(engine, Objects.requireNonNull(directory, "directory"));
            return this;
        }

        /**
         * How much memory a lowered limit leaves above what the container holds and cannot give back, in MiB; 16 unless
         * said otherwise.
         *
         * @throws IllegalArgumentException if it is negative, or 2³⁰ or more
         */
        public Builder memoryMarginMiB(long margin) {
            if (margin < 0 || margin >= LARGE_MARGIN_MIB) {
                throw new IllegalArgumentException(
                        "the memory margin is " + margin + " MiB, from 0 to " + (LARGE_MARGIN_MIB - 1) + " is allowed");
            }
            memoryMarginMiB = margin;
            return this;
        }

        /**
         * How long the kernel may be made to take back memory that a container does not need before a limit is lowered, on
         * version 2; 250 ms unless said otherwise. What has not gone by then keeps the limit up. 0 lowers limits only as
         * far as nothing must be taken back. The container is not stopped meanwhile: it runs on, and waits in no call for
         * longer than this.
         *
         * @throws IllegalArgumentException if it is negative, or more than a minute
         */
        public Builder memoryPatience(Duration patience) {
            if (patience.isNegative() || patience.compareTo(LONGEST_PATIENCE) > 0) {
                throw new IllegalArgumentException(
                        "the memory patience is " + patience + ", from 0 to " + LONGEST_PATIENCE + " is allowed");
            }
            memoryPatience = patience;
            return this;
        }

        /**
         * The period in which CPU quotas are written; the one that is found, mostly 100 ms, unless said otherwise. In a
         * shorter one a container that has used up its quota waits less long, and the kernel has more to do; the least
         * limit is 1 ms in each period.
         *
         * @throws IllegalArgumentException if it is not from 1 ms to 1 s, which is what the kernel takes
         */
        public Builder cpuPeriod(Duration period) {
            if (period.compareTo(LEAST_PERIOD) < 0 || period.compareTo(LONGEST_PERIOD) > 0) {
                throw new IllegalArgumentException("the CPU period is " + period + ", from 1 ms to 1 s is allowed");
            }
            cpuPeriodMicroseconds = OptionalLong.of(period.toNanos() / 1_000);
            return this;
        }

        /**
         * Whether the network of containers is limited and measured; off unless said otherwise.
         *
         * <p>Each direction is kept to the limit by itself: the container receives at most so many Mbit/s, and sends at
         * most so many more. A token bucket ({@code tc … tbf}) at the host's end of the container's pair of virtual
         * interfaces (veth) shapes what goes in, and one at the end inside shapes what comes out. Up to 10 ms' worth
         * may pass at once, 70,000 bytes at least; what waits for more than 100 ms is dropped. From 1 to 100,000 Mbit/s
         * are possible. Lifting the limit removes the two buckets, and nothing that somebody else set; where somebody
         * else chose how an interface queues, no limit is set. The buckets end with the container. A container with
         * {@code CAP_NET_ADMIN} can remove the one inside; one bucket alone is read back as no limit.
         *
         * <p>The usage is what all interfaces but the loopback received and sent, together.
         *
         * <p>The container needs a network namespace of its own and exactly one veth into it from the driver's; where there
         * is none, {@link KernelCgroupDriver#limits} has no entry and {@link KernelCgroupDriver#apply} throws
         * {@link CgroupException}. The programs {@code ip} and {@code tc} (iproute2) and {@code nsenter} (util-linux) are
         * needed, in {@code /usr/sbin}, {@code /sbin}, {@code /usr/bin} or {@code /bin}, and {@code CAP_NET_ADMIN} and
         * {@code CAP_SYS_ADMIN}; where one is not there, {@link KernelCgroupDriver#resources} does not have the network. They
         * are run as processes: to read a limit takes four, some 20 ms, and to set one about twice that.
         */
        public Builder network(boolean on) {
            network = on;
            return this;
        }

        /**
         * How much of its quota a container may save up in quiet periods and use on top of it later, as a part of the
         * quota: 0 for nothing, 1 for as much again. It makes short peaks quicker and does not raise the mean. Unless said
         * otherwise bursts are left as they are, but for those above a new quota. Linux 5.15 or newer; older ones have no
         * bursts, and this does nothing there. See
         * <a href="https://docs.kernel.org/scheduler/sched-bwc.html#burst-feature">the kernel's description</a>.
         *
         * @throws IllegalArgumentException if it is not from 0 to 1
         */
        public Builder cpuBurst(double partOfQuota) {
            if (!(partOfQuota >= 0 && partOfQuota <= 1)) {
                throw new IllegalArgumentException(
                        "the CPU burst is " + partOfQuota + " of the quota, from 0 to 1 is allowed");
            }
            cpuBurst = OptionalDouble.of(partOfQuota);
            return this;
        }

        /**
         * The disk whose throughput is measured and limited, the same for all containers; without one, disk is not
         * among the resources. It is told by the device file ({@code /dev/sdb}) or by a file or directory on it ({@code
         * /var/lib/lxc}), named as beneath {@link #fileSystem}. A partition stands for its disk, as the kernel limits
         * no less; a device that is made of others, by device-mapper, RAID or loop, stands for itself. On btrfs,
         * overlay, NFS and other file systems that tell of no device, name the device.
         *
         * <p>Limits are in MiB per second, {@code disk_read} and {@code disk_write} each of its own. Version 2 limits what
         * a container reads and writes, also from cgroups inside it. Version 1 limits what its processes read, and what
         * they write past the page cache ({@code O_DIRECT}, {@code O_SYNC}): the rest is written later by the kernel, and
         * counted and limited as the root cgroup's. It does not limit processes in cgroups inside the container's. Where
         * version 1 counts nothing on a disk that never had a rule (since Linux 6.10), measuring a container writes one
         * to its cgroup that limits nothing.
         *
         * @see <a href="https://docs.kernel.org/admin-guide/cgroup-v2.html#io">io, version 2</a>
         * @see <a href="https://docs.kernel.org/admin-guide/cgroup-v1/blkio-controller.html">blkio, version 1</a>
         */
        public Builder disk(Path pathOrDevice) {
            disk = Optional.of(pathOrDevice);
            return this;
        }

        /**
         * Where energy limits are kept; nowhere unless said otherwise, and energy is then not among
         * {@link KernelCgroupDriver#resources}.
         *
         * <p>The kernel limits no energy. The limit of each container is a whole number of watts in a small text file of its
         * own, {@code NAME.watts} ({@code /} in a name is {@code %2F}, {@code %} is {@code %25}), for those who act on it by
         * other means. The name is the one that the driver is asked for, so ask always for the same. A file is replaced as a
         * whole; it stays when the container ends, and is in force again for the next one of the same name. No file means no
         * limit. Where a file holds anything else than a number from 1 on, {@link KernelCgroupDriver#limits} throws
         * {@link CgroupException}, until the limit is set again or the file is removed.
         *
         * @param directory made if it is not there; nobody else should be able to write in it
         */
        public Builder energyLimits(Path directory) {
            energyLimits = Objects.requireNonNull(directory, "directory");
            return this;
        }

        /**
         * How many files of cgroups are held open at most; half of what this process may open ({@code ulimit -n}) unless
         * said otherwise. Sampling CPU and memory of a container uses 4 files, moving its limits up to 6 more. With fewer
         * than are in use all goes on, only slower: a file is opened each time that it was closed in favour of another one.
         * While one is being opened there is one more, for each thread. When the process has no descriptor left, some are
         * closed, and fewer are held from then on.
         *
         * @throws IllegalArgumentException if it is less than 1
         */
        public Builder mostOpenFiles(int most) {
            if (most < 1) {
                throw new IllegalArgumentException("the most open files are " + most + ", 1 or more is needed");
            }
            mostOpenFiles = OptionalInt.of(most);
            return this;
        }

        /** For trees of ordinary files that look like cgroups. */
        Builder ordinaryFiles() {
            ordinaryFiles = true;
            return this;
        }

        CgroupRoot.Opener opener() {
            return mostOpenFiles.isPresent()
                    ? new CgroupRoot.Opener(ordinaryFiles, mostOpenFiles.getAsInt())
                    : new CgroupRoot.Opener(ordinaryFiles);
        }

        /**
         * The driver.
         *
         * @throws CgroupException if there are no cgroups, or they cannot be opened, or there is no such disk
         */
        public KernelCgroupDriver build() {
            return new KernelCgroupDriver(this);
        }
    }
}

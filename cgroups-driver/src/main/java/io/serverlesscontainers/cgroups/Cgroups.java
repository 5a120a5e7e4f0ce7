package io.serverlesscontainers.cgroups;

import io.serverlesscontainers.core.spi.CgroupException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
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
        private static final long LARGE_MARGIN_MIB = 1L << 30;

        Path fileSystem = Path.of("/");
        Path proc = Path.of("/proc");
        Set<Engine> engines = EnumSet.allOf(Engine.class);
        final Map<Engine, Path> engineFiles = new EnumMap<>(Engine.class);
        long memoryMarginMiB = 16;
        boolean network;
        Path energyLimits;
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
         * Whether the network of containers is limited and measured; off unless said otherwise.
         *
         * <p>Each direction is kept to the limit by itself: the container receives at most so many Mbit/s, and sends at most
         * so many more. A token bucket ({@code tc … tbf}) at the host's end of the container's pair of virtual interfaces
         * (veth) shapes what goes in, and one at the end inside shapes what comes out. Up to 10 ms' worth may pass at once,
         * 70,000 bytes at least; what waits for more than 100 ms is dropped. From 1 to 100,000 Mbit/s are possible. Lifting the
         * limit removes the two buckets, and nothing that somebody else set; where somebody else chose how an interface
         * queues, no limit is set. The buckets end with the container. A container with {@code CAP_NET_ADMIN} can remove the
         * one inside; one bucket alone is read back as no limit.
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

        /** For trees of ordinary files that look like cgroups. */
        Builder ordinaryFiles() {
            ordinaryFiles = true;
            return this;
        }

        /**
         * The driver.
         *
         * @throws CgroupException if there are no cgroups, or they cannot be opened
         */
        public KernelCgroupDriver build() {
            return new KernelCgroupDriver(this);
        }
    }
}

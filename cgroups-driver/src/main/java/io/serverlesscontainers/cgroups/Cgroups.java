package io.serverlesscontainers.cgroups;

import io.serverlesscontainers.core.spi.CgroupException;
import java.nio.file.Path;
import java.time.Duration;
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
        private static final Duration LONGEST_PATIENCE = Duration.ofMinutes(1);

        Path fileSystem = Path.of("/");
        Path proc = Path.of("/proc");
        Set<Engine> engines = EnumSet.allOf(Engine.class);
        final Map<Engine, Path> engineFiles = new EnumMap<>(Engine.class);
        long memoryMarginMiB = 16;
        Duration memoryPatience = Duration.ofMillis(250);
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

package io.serverlesscontainers.cgroups.internal.kernel;

/** What to do about a refusal, where that follows from the file and the kernel's reason. Clauses without a full stop. */
final class Advice {
    private static final String CPUS = "cpuset.cpus";
    private static final String ENDED = "the container has ended, or was started again: look for it anew";

    private Advice() {}

    /**
     * After the kernel did not take a value.
     *
     * @param file its name, without the directory
     * @return empty if there is nothing to say
     */
    static String onWriting(String file, Errno errno) {
        return switch (errno) {
            case EINVAL -> onInvalid(file);
            case EBUSY -> onBusy(file);
            // A disk's absence is told from the cgroup's where disks are limited.
            case ENODEV -> isOfDevices(file) ? "" : ENDED;
            case ENOENT, ESTALE -> ENDED;
            case ERANGE ->
                file.equals(CPUS) ? "the CPUs that there can be are in /sys/devices/system/cpu/possible" : "";
            case EACCES -> file.equals(CPUS) ? "the cgroup above has not all of these CPUs: give them to it first" : "";
            case ENOSPC -> file.equals(CPUS) ? "leave it at least one CPU, or move its processes elsewhere first" : "";
            default -> "";
        };
    }

    private static String onInvalid(String file) {
        return switch (file) {
            case "cpu.cfs_quota_us" ->
                "-1 or 1000 and more are possible, in proportion to the period no more than in the cgroup above and no less"
                        + " than in those below: raise from the outside in, lower from the inside out";
            case "cpu.max" -> "max or 1000 and more are possible, followed by a period of 1000 to 1000000";
            case CPUS -> "a list of CPUs such as 0-1,4 is needed";
            case "memory.limit_in_bytes" ->
                "bytes are needed, no more than in memory.memsw.limit_in_bytes: raise that first";
            case "memory.memsw.limit_in_bytes" ->
                "bytes are needed, no less than in memory.limit_in_bytes: lower that first";
            case "memory.max" -> "bytes, or max, are needed";
            default -> isOfDevices(file) ? "a disk such as 8:0 and its limit are needed" : "";
        };
    }

    private static String onBusy(String file) {
        return switch (file) {
            case CPUS -> "a cgroup below has CPUs that would be taken away: take them from it first";
            case "memory.limit_in_bytes", "memory.memsw.limit_in_bytes" ->
                "only a limit above the memory in use is possible";
            default -> "";
        };
    }

    private static boolean isOfDevices(String file) {
        return file.equals("io.max") || file.startsWith("blkio.throttle.");
    }

    /** After a file could not be opened. */
    static String onOpening(String root, String path, boolean write, Errno errno) {
        return switch (errno) {
            case EACCES -> Permissions.missing(root, path, write);
            case EROFS -> "cgroups cannot be changed from here: mount them for writing, or run outside of a container";
            case EMFILE -> "allow this process more open files (ulimit -n)";
            default -> "";
        };
    }
}

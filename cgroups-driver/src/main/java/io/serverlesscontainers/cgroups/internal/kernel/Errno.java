package io.serverlesscontainers.cgroups.internal.kernel;

/** The kernel's reasons that matter on cgroup files, with what each means there. */
public enum Errno {
    EPERM(1, "operation not permitted"),
    ENOENT(2, "no such file or directory"),
    EINTR(4, "interrupted"),
    EIO(5, "input or output error"),
    EAGAIN(11, "try again"),
    ENOMEM(12, "out of memory"),
    EACCES(13, "permission denied"),
    EBUSY(16, "busy: what is in use cannot be given back"),
    EXDEV(18, "leads out of the hierarchy"),
    ENODEV(19, "no such device: the cgroup, or the device that was named, is gone"),
    ENOTDIR(20, "not a directory"),
    EISDIR(21, "is a directory"),
    EINVAL(22, "invalid argument: the kernel does not take this value here"),
    ENFILE(23, "too many open files on this machine"),
    EMFILE(24, "too many open files in this process"),
    ENOSPC(28, "no space: a cgroup with processes needs at least one CPU"),
    EROFS(30, "mounted read-only"),
    ERANGE(34, "out of range: this machine has no such CPU or number"),
    ENAMETOOLONG(36, "name too long"),
    ENOSYS(38, "not known to this kernel"),
    ELOOP(40, "a symbolic link is in the way"),
    EOPNOTSUPP(95, "not supported"),
    ESTALE(116, "stale handle: the cgroup is gone"),
    /** Any other number. */
    OTHER(0, "see errno(3)");

    private static final Errno[] ALL = values();

    private final int number;
    private final String meaning;

    Errno(int number, String meaning) {
        this.number = number;
        this.meaning = meaning;
    }

    /** The reason of a number. */
    public static Errno of(int number) {
        for (Errno errno : ALL) {
            if (errno.number == number) {
                return errno;
            }
        }
        return OTHER;
    }

    /** Whether it says that a cgroup, or one of its files, is not there any more. */
    public boolean isGone() {
        return this == ENOENT || this == ENODEV || this == ESTALE;
    }

    /** Name, number and meaning: {@code EBUSY (16, busy: …)}. */
    static String sentence(int number) {
        Errno errno = of(number);
        return errno == OTHER
                ? "errno " + number + " (" + errno.meaning + ")"
                : errno + " (" + number + ", " + errno.meaning + ")";
    }
}

package io.serverlesscontainers.cgroups.internal.kernel;

import io.serverlesscontainers.core.spi.CgroupException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The root of one mounted cgroup hierarchy. Every path is resolved beneath it, by {@code openat2(2)} with
 * {@code RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS} or, before Linux 5.6, one directory at a time without following links;
 * and what was opened must lie on a cgroup file system. Nothing else can be reached through it, whatever the path says.
 *
 * <p>What is mounted beneath is reached if it is cgroups ({@code RESOLVE_NO_XDEV} is not asked for), because LXC mounts a
 * container's own part for writing over a tree that is otherwise read-only.
 */
public final class CgroupRoot implements AutoCloseable {
    private static final long RESOLVE_NO_SYMLINKS = 0x04;
    private static final long RESOLVE_BENEATH = 0x08;
    private static final long CGROUP_SUPER_MAGIC = 0x27e0eb;
    private static final long CGROUP2_SUPER_MAGIC = 0x63677270;
    private static final int SIZE_OF_HOW = 3 * Long.BYTES;
    private static final int FAILED = -1;
    private static final int EPERM = 1;
    private static final int EXDEV = 18;
    private static final int ENOSYS = 38;
    private static final int ENFILE = 23;
    private static final int EMFILE = 24;

    /** The {@link #identity} of a file that the kernel does not tell. */
    static final long UNKNOWN = 0;

    private final String mountPoint;
    private final boolean anyFileSystem;
    private final ThreadLocal<NativeBuffer> buffers;
    private final OpenFiles openFiles;
    private volatile boolean oneDirectoryAtATime;
    private volatile int directory;

    private CgroupRoot(String mountPoint, Opener opener) {
        this.mountPoint = mountPoint;
        this.buffers = opener.buffers;
        this.openFiles = opener.openFiles;
        this.anyFileSystem = opener.anyFileSystem;
    }

    /** Opens roots that share their buffers, one per thread, and the number of files that may be open. */
    public static final class Opener {
        private final ThreadLocal<NativeBuffer> buffers = ThreadLocal.withInitial(NativeBuffer::new);
        private final boolean anyFileSystem;
        private final OpenFiles openFiles;

        /**
         * Of files, at most half as many are held open as this process may open. With {@code anyFileSystem}, for trees of
         * ordinary files, a path need not lie on a cgroup file system.
         */
        public Opener(boolean anyFileSystem) {
            this(anyFileSystem, OpenFiles.halfOfAllowed());
        }

        /** The same, with so many files held open at most, 1 or more. */
        public Opener(boolean anyFileSystem, int mostOpenFiles) {
            this(anyFileSystem, new OpenFiles(mostOpenFiles));
        }

        private Opener(boolean anyFileSystem, OpenFiles openFiles) {
            this.anyFileSystem = anyFileSystem;
            this.openFiles = openFiles;
        }

        /**
         * Opens the root that is mounted here.
         *
         * @throws CgroupException if there is none
         */
        public CgroupRoot open(String mountPoint) {
            var root = new CgroupRoot(mountPoint, this);
            int flags = Libc.O_PATH | Libc.O_DIRECTORY | Libc.O_CLOEXEC;
            root.directory = Libc.open(terminated(mountPoint), flags);
            if (root.directory == FAILED) {
                throw new KernelRefusal("cannot open " + mountPoint, Libc.errno());
            }
            root.refuseForeign(root.directory, ".");
            return root;
        }
    }

    /** The cgroup at a path below the root; it need not exist. */
    public CgroupDirectory directory(String path) {
        return new CgroupDirectory(this, path);
    }

    /** Whether there is a cgroup at a path below the root. */
    public boolean hasDirectory(String path) {
        return has(path, Libc.O_DIRECTORY);
    }

    /**
     * The names of the cgroups right below one, in the kernel's order.
     *
     * @param path of a cgroup, {@code .} for the root
     * @param most how many at most
     * @throws KernelRefusal if it is gone, or may not be read
     */
    public List<String> children(String path, int most) {
        int opened = open(path, Libc.O_RDONLY | Libc.O_DIRECTORY);
        long stream = Libc.fdopendir(opened);
        if (stream == 0) {
            int errno = Libc.errno();
            Libc.close(opened);
            throw new KernelRefusal("cannot list " + absolute(path), errno);
        }
        var names = new ArrayList<String>();
        try {
            for (long entry = Libc.readdir(stream); entry != 0 && names.size() < most; entry = Libc.readdir(stream)) {
                String name = Libc.isDirectory(entry) ? Libc.name(entry) : ".";
                if (!name.equals(".") && !name.equals("..")) {
                    names.add(name);
                }
            }
            return names;
        } finally {
            Libc.closedir(stream);
        }
    }

    /**
     * The processes right in a cgroup, one number per line, 16 KiB at most; valid until this thread reads or writes any
     * other cgroup file.
     *
     * @throws KernelRefusal if it is gone, or may not be read
     */
    public ByteBuffer processes(String path) {
        String list = path + "/cgroup.procs";
        int opened = open(list, Libc.O_RDONLY);
        int length = ProcFiles.readAll(opened, buffer());
        int errno = Libc.errno();
        Libc.close(opened);
        if (length < 0) {
            throw new KernelRefusal("cannot read " + absolute(list), errno);
        }
        return buffer().first(length);
    }

    boolean has(String path) {
        return has(path, 0);
    }

    private boolean has(String path, int flags) {
        int found = openOrNegativeErrno(path, Libc.O_PATH | flags);
        if (found >= 0) {
            Libc.close(found);
            return true;
        }
        return switch (Errno.of(-found)) {
            // A path that leads elsewhere is no cgroup's.
            case ENOENT, ENODEV, ENOTDIR, ELOOP, EXDEV, ENAMETOOLONG, EINVAL -> false;
            default -> throw refusal(path, Libc.O_PATH, -found);
        };
    }

    /** Whether files here are the kernel's, and not ordinary ones. */
    boolean isKernels() {
        return !anyFileSystem;
    }

    NativeBuffer buffer() {
        return buffers.get();
    }

    OpenFiles openFiles() {
        return openFiles;
    }

    /**
     * What tells an open file from every other one that was or will be at its path, {@link #UNKNOWN} if nothing does: its
     * inode number, which the cgroup file systems give once only as long as the machine runs (64-bit Linux 5.5; before, a
     * number came again after some 2³¹ others).
     */
    long identity(int descriptor) {
        return Libc.inode(descriptor);
    }

    String absolute(String path) {
        return path.equals(".") ? mountPoint : mountPoint + "/" + path;
    }

    /** Never mind openat2: for tests of what older kernels are served with. */
    void goOneDirectoryAtATime() {
        oneDirectoryAtATime = true;
    }

    int open(String path, int flags) {
        int opened = openOrNegativeErrno(path, flags);
        if (opened < 0) {
            throw refusal(path, flags, -opened);
        }
        refuseForeign(opened, path);
        return opened;
    }

    private KernelRefusal refusal(String path, int flags, int errno) {
        boolean write = (flags & Libc.O_WRONLY) != 0;
        String attempt = "cannot open " + absolute(path) + (write ? " for writing" : "");
        String advice = Advice.onOpening(mountPoint, path, write, Errno.of(errno));
        return new KernelRefusal(attempt, errno, advice);
    }

    /** A descriptor, or the negative errno. Not to be called with a descriptor's monitor held. */
    private int openOrNegativeErrno(String path, int flags) {
        int opened = openOnceOrNegativeErrno(path, flags);
        while ((opened == -EMFILE || opened == -ENFILE) && openFiles.closeSome()) {
            opened = openOnceOrNegativeErrno(path, flags);
        }
        return opened;
    }

    private int openOnceOrNegativeErrno(String path, int flags) {
        int opened = oneDirectoryAtATime ? -ENOSYS : openAtOnce(path, flags | Libc.O_CLOEXEC);
        // EPERM: some container engines' seccomp filters answer so for calls that they do not know.
        if (opened == -ENOSYS || opened == -EPERM) {
            oneDirectoryAtATime = true;
            opened = openOneDirectoryAtATime(path, flags | Libc.O_CLOEXEC);
        }
        return opened;
    }

    /** A descriptor, or the negative errno. */
    private int openAtOnce(String path, int flags) {
        return orNegativeErrno(
                (int) Libc.syscall(Libc.SYS_OPENAT2, directory, terminated(path), howToOpen(flags), SIZE_OF_HOW));
    }

    /** A descriptor, or the negative errno. */
    private int openOneDirectoryAtATime(String path, int flags) {
        int step = Libc.O_PATH | Libc.O_DIRECTORY | Libc.O_NOFOLLOW | Libc.O_CLOEXEC;
        String[] segments = path.split("/", -1);
        int at = directory;
        for (int i = 0; i < segments.length; i++) {
            boolean last = i == segments.length - 1;
            int next = segments[i].equals("..")
                    ? -EXDEV
                    : orNegativeErrno(Libc.openat(at, terminated(segments[i]), last ? flags | Libc.O_NOFOLLOW : step));
            if (at != directory) {
                Libc.close(at);
            }
            if (next < 0) {
                return next;
            }
            at = next;
        }
        return at;
    }

    private static int orNegativeErrno(int result) {
        return result == FAILED ? -Libc.errno() : result;
    }

    private void refuseForeign(int descriptor, String path) {
        if (anyFileSystem) {
            return;
        }
        byte[] statfs = new byte[256];
        int failed = Libc.fstatfs(descriptor, statfs);
        int errno = Libc.errno();
        long magic = ByteBuffer.wrap(statfs).order(ByteOrder.nativeOrder()).getLong();
        if (failed == 0 && (magic == CGROUP_SUPER_MAGIC || magic == CGROUP2_SUPER_MAGIC)) {
            return;
        }
        Libc.close(descriptor);
        if (failed != 0) {
            throw new KernelRefusal("cannot tell the file system of " + absolute(path), errno);
        }
        throw new CgroupException(absolute(path) + " lies on a file system of type 0x" + Long.toHexString(magic)
                + ", a cgroup file system is needed");
    }

    private static byte[] howToOpen(int flags) {
        return ByteBuffer.allocate(SIZE_OF_HOW)
                .order(ByteOrder.nativeOrder())
                .putLong(flags)
                .putLong(0)
                .putLong(RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS)
                .array();
    }

    static byte[] terminated(String path) {
        return (path + '\0').getBytes(StandardCharsets.UTF_8);
    }

    /** Where it is mounted. */
    @Override
    public String toString() {
        return mountPoint;
    }

    /** Closes the root itself; files opened through it stay open. */
    @Override
    public void close() {
        if (directory != FAILED) {
            Libc.close(directory);
            directory = FAILED;
        }
    }
}

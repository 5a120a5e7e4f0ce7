package io.serverlesscontainers.cgroups.internal.kernel;

import com.sun.jna.Native;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The C library's calls, bound directly; the only class that knows JNA. For 64-bit Linux. Paths are bytes that end with
 * a NUL. A call that fails answers −1, and {@link #errno()} on the same thread says why.
 */
final class Libc {
    static final int O_RDONLY = 0;
    static final int O_WRONLY = 1;
    static final int O_CLOEXEC = 0x80000;
    static final int O_PATH = 0x200000;
    // These two have other numbers on ARM and POWER than everywhere else.
    static final int O_DIRECTORY = Platform.isARM() || Platform.isPPC() ? 0x4000 : 0x10000;
    static final int O_NOFOLLOW = Platform.isARM() || Platform.isPPC() ? 0x8000 : 0x20000;

    /** The number of openat2(2), the same on every architecture. */
    static final long SYS_OPENAT2 = 437;

    // struct dirent on 64-bit Linux, see readdir(3): two numbers of 8 bytes, one of 2, the type and the name.
    private static final long ENTRY_TYPE = 18;
    private static final long ENTRY_NAME = 19;
    private static final byte DT_DIR = 4;

    // struct statx, the same on every architecture, see statx(2).
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int STATX_INO = 0x100;
    private static final int STATX_INODE = 32;

    // The number on every architecture that Java runs on; what a process gets if nobody says otherwise.
    private static final int RLIMIT_NOFILE = 7;
    private static final long LEAST_NOFILE = 1024;

    static {
        Native.register(Libc.class, Platform.C_LIBRARY_NAME);
    }

    private Libc() {}

    static native int open(byte[] path, int flags);

    static native int openat(int directory, byte[] path, int flags);

    static native long syscall(long number, long directory, byte[] path, byte[] how, long sizeOfHow);

    static native long pread(int descriptor, long buffer, long size, long offset);

    static native long pwrite(int descriptor, long buffer, long size, long offset);

    static native long readlink(byte[] path, long buffer, long size);

    static native int fstatfs(int descriptor, byte[] statfs);

    static native int statx(int directory, byte[] path, int flags, int mask, byte[] statx);

    static native int getrlimit(int resource, byte[] rlimit);

    static native int getpagesize();

    static native int close(int descriptor);

    static native int socket(int domain, int type, int protocol);

    static native long send(int socket, byte[] message, long size, int flags);

    static native long recv(int socket, byte[] message, long size, int flags);

    static native long fdopendir(int descriptor);

    static native long readdir(long stream);

    static native int closedir(long stream);

    /** Why the last call of this thread failed. */
    static int errno() {
        return Native.getLastError();
    }

    /** The inode number of an open file; 0 if the kernel does not tell. */
    static long inode(int descriptor) {
        byte[] statx = new byte[256];
        return statx(descriptor, new byte[1], AT_EMPTY_PATH, STATX_INO, statx) == 0
                ? ByteBuffer.wrap(statx).order(ByteOrder.nativeOrder()).getLong(STATX_INODE)
                : 0;
    }

    /** How many files this process may have open, as of now. */
    static long mostDescriptors() {
        byte[] rlimit = new byte[2 * Long.BYTES];
        long soft = getrlimit(RLIMIT_NOFILE, rlimit) == 0
                ? ByteBuffer.wrap(rlimit).order(ByteOrder.nativeOrder()).getLong()
                : LEAST_NOFILE;
        // RLIM_INFINITY, all bits set, is negative here.
        return soft < 0 ? Long.MAX_VALUE : soft;
    }

    /** Whether an entry that {@link #readdir} answered is a directory; a file system that does not tell has none. */
    static boolean isDirectory(long entry) {
        return new Pointer(entry).getByte(ENTRY_TYPE) == DT_DIR;
    }

    /** The name of an entry that {@link #readdir} answered. */
    static String name(long entry) {
        return new Pointer(entry).getString(ENTRY_NAME, StandardCharsets.UTF_8.name());
    }

    /** Where a direct buffer begins; valid as long as the buffer is reachable. */
    static long address(ByteBuffer direct) {
        return Pointer.nativeValue(Native.getDirectBufferPointer(direct));
    }
}

package io.serverlesscontainers.cgroups.internal.kernel;

import io.serverlesscontainers.core.spi.CgroupException;
import java.nio.ByteBuffer;

/**
 * One file of one cgroup. Opened for reading at the first read and for writing at the first write, so that reading
 * needs no permission to write. Any number of threads may use it; writes take turns among themselves, and so do reads.
 */
public final class CgroupFile {
    private final CgroupRoot root;
    private final String path;
    private final HeldDescriptor reader;
    private final HeldDescriptor writer;

    CgroupFile(CgroupRoot root, String path) {
        this.root = root;
        this.path = path;
        this.reader = new HeldDescriptor(root, path, Libc.O_RDONLY);
        this.writer = new HeldDescriptor(root, path, Libc.O_WRONLY);
    }

    /**
     * What the file holds now; valid until this thread reads or writes any other cgroup file.
     *
     * @throws KernelRefusal if it cannot be opened or read
     */
    public ByteBuffer read() {
        return reader.read(root.buffer());
    }

    /**
     * Writes one value, which must be short and ASCII.
     *
     * @throws KernelRefusal if it cannot be opened, or the kernel does not take the value
     * @throws CgroupException if it is too long
     */
    public void write(String value) {
        if (value.length() >= NativeBuffer.SIZE) {
            throw new CgroupException("a value of " + value.length() + " characters is too long for " + this
                    + ", at most " + (NativeBuffer.SIZE - 1) + " are possible");
        }
        try {
            writer.write(value, root.buffer());
        } catch (KernelRefusal refusal) {
            String name = path.substring(path.lastIndexOf('/') + 1);
            throw refusal.advised(Advice.onWriting(name, refusal.errno()));
        }
    }

    /** How many cgroups' file it was when it was read: a higher number than before means that the cgroup is another one. */
    public int openings() {
        return reader.openings();
    }

    void close() {
        reader.end();
        writer.end();
    }

    /** Its absolute path. */
    @Override
    public String toString() {
        return root.absolute(path);
    }
}

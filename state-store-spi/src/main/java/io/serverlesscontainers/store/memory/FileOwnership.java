package io.serverlesscontainers.store.memory;

import io.serverlesscontainers.store.StateStoreException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The exclusive right to a store file: a lock on a file beside it, {@code NAME.lock}, which stays there. The store file
 * itself cannot carry the lock because compaction puts another file in its place.
 */
final class FileOwnership implements AutoCloseable {
    // POSIX locks belong to the process, and closing any descriptor of the file drops them: ask here before opening it.
    private static final Set<Path> OWNED_BY_THIS_PROCESS = ConcurrentHashMap.newKeySet();

    private final Path file;
    private final FileChannel channel;

    private FileOwnership(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Takes the right to a file, given by its real path.
     *
     * @throws StateStoreException if another store has it
     */
    static FileOwnership of(Path file) throws IOException {
        if (!OWNED_BY_THIS_PROCESS.add(file)) {
            throw inUse(file, "another store of this process");
        }
        FileChannel channel = null;
        FileLock lock = null;
        try {
            channel = FileChannel.open(
                    file.resolveSibling(file.getFileName() + ".lock"),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE);
            lock = channel.tryLock();
            if (lock == null) {
                throw inUse(file, "another process");
            }
            return new FileOwnership(file, channel);
        } catch (OverlappingFileLockException e) {
            throw inUse(file, "another store of this process");
        } finally {
            if (lock == null) {
                OWNED_BY_THIS_PROCESS.remove(file);
                if (channel != null) {
                    channel.close();
                }
            }
        }
    }

    private static StateStoreException inUse(Path file, String owner) {
        return new StateStoreException(
                "the store file '" + file + "' is in use by " + owner + "; a store file serves one store at a time");
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            OWNED_BY_THIS_PROCESS.remove(file);
        }
    }
}

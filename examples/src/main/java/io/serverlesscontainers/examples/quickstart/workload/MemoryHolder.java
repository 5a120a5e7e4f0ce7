package io.serverlesscontainers.examples.quickstart.workload;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Holds memory that counts, and gives it back at once when told to hold less. For one thread.
 *
 * <p>The memory lies outside the Java heap, which returns nothing soon: each MiB is a private mapping of the same small
 * file, and every page of it is written, which makes the page this process's own (mmap(2), {@code MAP_PRIVATE}).
 */
final class MemoryHolder implements AutoCloseable {
    private static final int CHUNK_BYTES = 1 << 20;
    private static final int PAGE_BYTES = 4096;

    private final FileChannel source;
    private final List<MappedByteBuffer> chunks = new ArrayList<>();

    MemoryHolder() throws IOException {
        Path file = Files.createTempFile("workload-", ".zeros");
        source = FileChannel.open(
                file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
    }

    /** Holds this many MiB from now on. */
    void hold(int mebibytes) throws IOException {
        boolean less = chunks.size() > mebibytes;
        while (chunks.size() > mebibytes) {
            chunks.remove(chunks.size() - 1);
        }
        if (less) {
            System.gc(); // the JDK unmaps a buffer when it is collected, and offers no other way
        }
        while (chunks.size() < mebibytes) {
            MappedByteBuffer chunk = source.map(MapMode.PRIVATE, 0, CHUNK_BYTES);
            for (int page = 0; page < CHUNK_BYTES; page += PAGE_BYTES) {
                chunk.put(page, (byte) 1);
            }
            chunks.add(chunk);
        }
    }

    @Override
    public void close() throws IOException {
        chunks.clear();
        source.close();
    }
}

package io.serverlesscontainers.cgroups.internal.kernel;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Reads a file that is open by another way into the kernel than {@link Libc}: some 0.07 µs per call for the way there and
 * back instead of 0.25 µs, where the kernel itself takes less than 1 µs. But it does not tell why a read failed, and it is
 * closed when a thread that reads is interrupted: {@link Libc} has to help out then. For one thread at a time.
 */
final class FastReader implements AutoCloseable {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    private final FileChannel channel;

    private FastReader(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * For the very file that a descriptor leads to, whatever is at its path by now. Empty if there is none to be had now;
     * the descriptor stays open in any case.
     */
    static Optional<FastReader> of(int descriptor) {
        if (Thread.currentThread().isInterrupted()) {
            return Optional.empty();
        }
        try {
            Path same = DESCRIPTORS.resolve(Integer.toString(descriptor));
            return Optional.of(new FastReader(FileChannel.open(same, StandardOpenOption.READ)));
        } catch (IOException noProcOrNoDescriptorLeft) {
            return Optional.empty();
        }
    }

    /** How many bytes the file has; −1 if it could not be read, and this is of no more use. */
    int read(NativeBuffer buffer) {
        try {
            return Math.max(0, channel.read(buffer.all(), 0));
        } catch (IOException refusedOrInterrupted) {
            return -1;
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException closedAllTheSame) {
            // Nothing was written.
        }
    }
}

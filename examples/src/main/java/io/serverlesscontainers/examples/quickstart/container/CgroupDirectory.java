package io.serverlesscontainers.examples.quickstart.container;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * One cgroup directory that is to go.
 *
 * @param path its directory
 */
record CgroupDirectory(Path path) {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration MOMENT = Duration.ofSeconds(2);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(10);

    /**
     * Kills every process inside and removes the directory, and those beneath it.
     *
     * @throws IOException if it is still there after ten seconds
     */
    void remove() throws IOException {
        IOException busy = tryUntilGone(PATIENCE, true);
        if (busy != null) {
            throw new IOException("cgroup " + path + " could not be removed and is left over", busy);
        }
    }

    /** Removes the directory unless somebody uses it for more than a moment; kills nothing. */
    void removeIfUnused() {
        tryUntilGone(MOMENT, false);
    }

    /** What still kept it at the end; null if it is gone. */
    private IOException tryUntilGone(Duration patience, boolean killing) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            try {
                if (killing) {
                    processes().forEach(CgroupDirectory::kill);
                    for (Path child : children()) {
                        new CgroupDirectory(child).remove();
                    }
                }
                Files.deleteIfExists(path); // the kernel refuses until the last process has left
                return null;
            } catch (NoSuchFileException gone) {
                return null;
            } catch (IOException busy) {
                if (System.nanoTime() > deadline) {
                    return busy;
                }
                waitALittle();
            }
        }
    }

    private List<Long> processes() throws IOException {
        return Files.readAllLines(path.resolve("cgroup.procs")).stream()
                .filter(line -> !line.isBlank())
                .map(line -> Long.parseLong(line.strip()))
                .toList();
    }

    private List<Path> children() throws IOException {
        try (Stream<Path> entries = Files.list(path)) {
            return entries.filter(Files::isDirectory).toList();
        } catch (UncheckedIOException goneMeanwhile) {
            throw goneMeanwhile.getCause();
        }
    }

    private static void kill(long process) {
        ProcessHandle.of(process).ifPresent(ProcessHandle::destroyForcibly);
    }

    /** Parking goes on working in an interrupted thread, where sleeping would leave the cgroup behind. */
    private static void waitALittle() {
        LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
    }
}

package io.serverlesscontainers.examples.quickstart.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * One cgroup directory that is to go.
 *
 * @param path its directory
 */
record CgroupDirectory(Path path) {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(10);

    /**
     * Kills every process inside and removes the directory.
     *
     * @throws IOException if it is still there after ten seconds
     */
    void remove() throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                processes().forEach(CgroupDirectory::kill);
                Files.deleteIfExists(path); // the kernel refuses until the last process has left
                return;
            } catch (NoSuchFileException gone) {
                return;
            } catch (IOException busy) {
                if (System.nanoTime() > deadline) {
                    throw new IOException("cgroup " + path + " could not be removed and is left over", busy);
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

    private static void kill(long process) {
        ProcessHandle.of(process).ifPresent(ProcessHandle::destroyForcibly);
    }

    /** Parking goes on working in an interrupted thread, where sleeping would leave the cgroup behind. */
    private static void waitALittle() {
        LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
    }
}

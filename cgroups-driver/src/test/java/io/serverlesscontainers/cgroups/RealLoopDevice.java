package io.serverlesscontainers.cgroups;

import io.serverlesscontainers.core.tck.RealThings;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that is a disk until the end of the test, with one partition if wanted. */
final class RealLoopDevice implements AutoCloseable {
    private static final long SIZE = 64 << 20;
    private static final String FIRST_SECTOR = "2048";
    private static final String SECTORS = "65536";

    private final Path file;
    private Path device;
    private boolean partitioned;

    private RealLoopDevice(Path file) {
        this.file = file;
    }

    /** Skips the test where there are no loop devices. */
    static RealLoopDevice require() throws IOException {
        RealThings.require(
                RealThings.root() && Files.exists(Path.of("/dev/loop-control")), "root and loop devices are needed");
        // Not where temporary files are, which may be in memory.
        Path file = Files.createTempFile(Path.of("").toAbsolutePath(), "sc-test-", ".disk");
        var loop = new RealLoopDevice(file);
        try {
            try (var content = new RandomAccessFile(file.toFile(), "rw")) {
                content.setLength(SIZE);
            }
            loop.device = Path.of(run("losetup", "--find", "--show", file.toString()));
            return loop;
        } catch (IOException failure) {
            loop.close();
            throw failure;
        }
    }

    /** Its device file. */
    Path device() {
        return device;
    }

    /** The numbers that the kernel knows it by. */
    String numbers() throws IOException {
        return Files.readString(Path.of("/sys/class/block")
                        .resolve(device.getFileName())
                        .resolve("dev"))
                .strip();
    }

    /** The device file of a partition of it. */
    Path partition() throws IOException {
        run("addpart", device.toString(), "1", FIRST_SECTOR, SECTORS);
        partitioned = true;
        return Path.of(device + "p1");
    }

    private static String run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (process.onExit().join().exitValue() != 0) {
            throw new IOException(String.join(" ", command) + ": " + output);
        }
        return output;
    }

    @Override
    public void close() throws IOException {
        try {
            if (partitioned) {
                run("delpart", device.toString(), "1");
            }
            if (device != null) {
                run("losetup", "--detach", device.toString());
            }
        } finally {
            Files.deleteIfExists(file);
        }
    }
}

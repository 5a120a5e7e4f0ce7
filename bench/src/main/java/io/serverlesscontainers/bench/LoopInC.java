package io.serverlesscontainers.bench;

import com.sun.jna.Library;
import com.sun.jna.Native;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What nothing in Java can beat: a loop in C that reads or writes a file which it holds open, compiled with {@code gcc} for
 * the run.
 */
final class LoopInC implements AutoCloseable {
    private static final String SOURCE = """
            #include <fcntl.h>
            #include <unistd.h>

            int open_file(const char *path) { return open(path, O_RDWR | O_CLOEXEC); }

            long read_often(int file, int times) {
                char text[16384];
                long length = 0;
                for (int i = 0; i < times; i++) length += pread(file, text, sizeof text, 0);
                return length;
            }

            long write_often(int file, const char *one, const char *other, int length, int times) {
                long written = 0;
                for (int i = 0; i < times; i++) written += pwrite(file, i % 2 ? one : other, length, 0);
                return written;
            }

            void close_file(int file) { close(file); }
            """;

    /** The functions in it. */
    public interface Functions extends Library {
        int open_file(String path);

        long read_often(int file, int times);

        long write_often(int file, String one, String other, int length, int times);

        void close_file(int file);
    }

    private final Functions functions;
    private final int file;

    /**
     * Compiles it and opens a file.
     *
     * @throws IllegalStateException if there is no {@code gcc}, or the file cannot be opened
     */
    LoopInC(Path path) {
        try {
            Path directory = Files.createTempDirectory("sc-bench-");
            Path source = Files.writeString(directory.resolve("loop.c"), SOURCE);
            Path library = directory.resolve("loop.so");
            try {
                Process gcc = new ProcessBuilder(
                                "gcc", "-O2", "-shared", "-fPIC", "-o", library.toString(), source.toString())
                        .inheritIO()
                        .start();
                if (gcc.waitFor() != 0) {
                    throw new IllegalStateException("gcc does not compile " + source);
                }
                functions = Native.load(library.toString(), Functions.class);
            } finally {
                Files.deleteIfExists(library);
                Files.deleteIfExists(source);
                Files.deleteIfExists(directory);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("this benchmark needs gcc", failure);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
        file = functions.open_file(path.toString());
        if (file < 0) {
            throw new IllegalStateException("cannot open " + path);
        }
    }

    /** Reads the whole file so many times. */
    long read(int times) {
        return functions.read_often(file, times);
    }

    /** Writes two values of the same length, now the one, now the other, so many times. */
    long write(String one, String other, int times) {
        return functions.write_often(file, one, other, one.length(), times);
    }

    @Override
    public void close() {
        functions.close_file(file);
    }
}

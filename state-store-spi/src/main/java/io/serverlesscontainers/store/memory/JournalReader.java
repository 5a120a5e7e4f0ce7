package io.serverlesscontainers.store.memory;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads a store file line by line, up to its end or its first damaged line. */
final class JournalReader {
    private static final int BUFFER_BYTES = 1 << 16;

    private JournalReader() {}

    /**
     * How far the file could be read.
     *
     * @param soundLines how many lines were read before the end or the damage
     * @param isDamaged whether there is a line that is not as it was written
     * @param isUnfinished whether the last line is sound but nothing ends it, so that none can be written behind it
     */
    record Extent(long soundLines, boolean isDamaged, boolean isUnfinished) {}

    /** Reads a file and hands on every sound line's object. */
    static Extent read(Path file, Consumer<ObjectNode> lines) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES)) {
            var line = new ByteArrayOutputStream();
            long sound = 0;
            while (true) {
                line.reset();
                int next = in.read();
                while (next >= 0 && next != '\n') {
                    line.write(next);
                    next = in.read();
                }
                boolean atEnd = next < 0;
                if (atEnd && line.size() == 0) {
                    return new Extent(sound, false, false);
                }
                Optional<ObjectNode> content = JournalLine.decode(line.toByteArray());
                if (content.isEmpty()) {
                    return new Extent(sound, true, false);
                }
                lines.accept(content.get());
                sound++;
                if (atEnd) {
                    return new Extent(sound, false, true);
                }
            }
        }
    }
}

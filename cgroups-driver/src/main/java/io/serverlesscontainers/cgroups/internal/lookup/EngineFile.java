package io.serverlesscontainers.cgroups.internal.lookup;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the files in which engines keep what they know of their containers. They are others' files: one that is not
 * there, may not be read, is too large or holds something else tells nothing, and that is all.
 */
final class EngineFile {
    /** How many entries of a directory are looked at. */
    static final int MOST_ENTRIES = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(EngineFile.class);
    private static final int MOST_BYTES = 8 << 20;
    private static final JsonMapper MAPPER = new JsonMapper();

    private EngineFile() {}

    /** What a file of JSON says. */
    static Optional<JsonNode> json(Path file) {
        // Never a pipe, which would not end.
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try (var input = Files.newInputStream(file)) {
            byte[] text = input.readNBytes(MOST_BYTES + 1);
            if (text.length > MOST_BYTES) {
                LOG.warn("{} is longer than {} bytes and is not read", file, MOST_BYTES);
                return Optional.empty();
            }
            return Optional.of(MAPPER.readTree(text));
        } catch (JsonProcessingException notJson) {
            LOG.debug("{} is no JSON", file, notJson);
            return Optional.empty();
        } catch (IOException unreadable) {
            LOG.debug("cannot read {}", file, unreadable);
            return Optional.empty();
        }
    }

    /** The names in a directory, in no order; only those of printable ASCII, as engines give them. */
    static List<String> list(Path directory) {
        var names = new ArrayList<String>();
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
                int looked = 0;
                for (Path entry : entries) {
                    if (looked++ == MOST_ENTRIES) {
                        LOG.warn("{} has more than {} entries, the others are not looked at", directory, MOST_ENTRIES);
                        break;
                    }
                    String name = entry.getFileName().toString();
                    // Of others, what can be shown need not be what the file system has.
                    if (name.chars().allMatch(letter -> letter >= ' ' && letter <= '~')) {
                        names.add(name);
                    }
                }
            } catch (IOException | DirectoryIteratorException unreadable) {
                LOG.debug("cannot list {}", directory, unreadable);
            }
        }
        return names;
    }
}

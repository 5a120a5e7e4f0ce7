package io.serverlesscontainers.store.memory;

import io.serverlesscontainers.store.StateStoreException;
import io.serverlesscontainers.store.document.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A store file as it was found and is used from now on.
 *
 * @param contents what could be read from it
 * @param journal takes what comes next
 * @param problems what could not be read
 */
record StoreFile(Contents contents, Journal journal, List<Problem> problems) {
    /**
     * Opens a file, or creates it if there is none.
     *
     * @throws StateStoreException if it is in use, out of reach, or no store file
     */
    static StoreFile open(Path path, long compactionFloorBytes) {
        FileOwnership ownership = null;
        StoreFile opened = null;
        try {
            Path file = realPath(path);
            ownership = FileOwnership.of(file);
            opened = open(file, ownership, compactionFloorBytes);
            return opened;
        } catch (IOException e) {
            throw new StateStoreException("the store file '" + path + "' cannot be opened: " + e, e);
        } finally {
            if (opened == null && ownership != null) {
                release(ownership);
            }
        }
    }

    private static Path realPath(Path path) throws IOException {
        Path absolute = path.toAbsolutePath();
        if (Files.exists(absolute)) {
            return absolute.toRealPath();
        }
        return absolute.getParent().toRealPath().resolve(absolute.getFileName());
    }

    private static void release(FileOwnership ownership) {
        try {
            ownership.close();
        } catch (IOException e) {
            throw new StateStoreException("the lock of a store file could not be released: " + e.getMessage(), e);
        }
    }

    private static StoreFile open(Path file, FileOwnership ownership, long floorBytes) throws IOException {
        var contents = new Contents();
        var problems = new ArrayList<Problem>();
        if (!Files.exists(file) || Files.size(file) == 0) {
            var journal = FileJournal.rewritten(file, ownership, floorBytes, contents.lines());
            return new StoreFile(contents, journal, List.of());
        }
        refuseForeign(file);
        boolean[] headerSeen = {false};
        JournalReader.Extent extent = JournalReader.read(file, line -> {
            if (!headerSeen[0]) {
                Contents.objectionToHeader(line).ifPresent(objection -> {
                    throw new StateStoreException("'" + file + "' " + objection);
                });
                headerSeen[0] = true;
            }
            contents.replay(line, problems::add);
        });
        if (extent.isDamaged()) {
            Path original = keepAside(file);
            problems.add(new Problem(
                    "store file '" + file + "'",
                    "line " + (extent.soundLines() + 1) + " is damaged; everything before it is served, and the file is"
                            + " kept as it was found as '" + original.getFileName() + "'"));
        }
        var journal = extent.isDamaged() || extent.isUnfinished()
                ? FileJournal.rewritten(file, ownership, floorBytes, contents.lines())
                : FileJournal.continued(file, ownership, floorBytes);
        return new StoreFile(contents, journal, List.copyOf(problems));
    }

    /** A wrong path must not cost anybody their file: one that does not start like a store file is left alone. */
    private static void refuseForeign(Path file) throws IOException {
        byte[] expected = JournalLine.START.getBytes(StandardCharsets.US_ASCII);
        byte[] found;
        try (InputStream in = Files.newInputStream(file)) {
            found = in.readNBytes(expected.length);
        }
        if (!Arrays.equals(found, Arrays.copyOf(expected, found.length))) {
            throw new StateStoreException(
                    "'" + file + "' is no store file: it does not start with " + JournalLine.START);
        }
    }

    private static Path keepAside(Path file) throws IOException {
        for (int number = 1; ; number++) {
            Path aside = file.resolveSibling(file.getFileName() + ".damaged-" + number);
            try {
                return Files.copy(file, aside);
            } catch (FileAlreadyExistsException taken) {
                continue;
            }
        }
    }
}

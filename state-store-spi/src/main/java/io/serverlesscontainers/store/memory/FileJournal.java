package io.serverlesscontainers.store.memory;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serverlesscontainers.store.StateStoreException;
import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A journal in a file. Appended lines are handed to the kernel in one {@code write}; a new file is put in the old one's
 * place only when all of it is on the device.
 */
final class FileJournal implements Journal {
    /** A file smaller than this is not worth the work of compacting it. */
    static final long COMPACTION_FLOOR_BYTES = 4L << 20;

    private static final System.Logger LOG = System.getLogger(FileJournal.class.getName());

    private final Path file;
    private final FileOwnership ownership;
    private final long floorBytes;
    // Not a FileChannel: an interrupt of the writing thread would close that.
    private RandomAccessFile out;
    private long length;
    private long overgrownAt;
    private IOException broken;

    private FileJournal(Path file, FileOwnership ownership, long floorBytes) {
        this.file = file;
        this.ownership = ownership;
        this.floorBytes = floorBytes;
    }

    /** Goes on behind the last line of a sound file. */
    static FileJournal continued(Path file, FileOwnership ownership, long floorBytes) throws IOException {
        var journal = new FileJournal(file, ownership, floorBytes);
        journal.out = new RandomAccessFile(file.toFile(), "rw");
        journal.length = journal.out.length();
        journal.out.seek(journal.length);
        journal.overgrownAt = Math.max(floorBytes, 2 * journal.length);
        return journal;
    }

    /** Writes a file anew, in the place of one that may be there. */
    static FileJournal rewritten(Path file, FileOwnership ownership, long floorBytes, Stream<ObjectNode> lines)
            throws IOException {
        var journal = new FileJournal(file, ownership, floorBytes);
        journal.rewrite(lines);
        return journal;
    }

    @Override
    public byte[] encode(Supplier<ObjectNode> content) {
        return JournalLine.encode(content.get());
    }

    @Override
    public void append(List<byte[]> lines) {
        if (broken != null) {
            throw new StateStoreException(
                    "the store file '" + file + "' takes no more writes since one failed: " + broken.getMessage(),
                    broken);
        }
        byte[] all = joined(lines);
        try {
            out.write(all);
            length += all.length;
        } catch (IOException e) {
            takeBack(e);
            throw new StateStoreException(
                    "cannot write to the store file '" + file + "': " + e.getMessage() + "; nothing was changed", e);
        }
    }

    private static byte[] joined(List<byte[]> lines) {
        long size = 0;
        for (byte[] line : lines) {
            size += line.length;
        }
        byte[] all = new byte[Math.toIntExact(size)];
        int at = 0;
        for (byte[] line : lines) {
            System.arraycopy(line, 0, all, at, line.length);
            at += line.length;
        }
        return all;
    }

    /** Cuts off what a failed write left behind, or else lets no other line follow it. */
    private void takeBack(IOException failure) {
        try {
            out.setLength(length);
            out.seek(length);
        } catch (IOException e) {
            failure.addSuppressed(e);
            broken = failure;
        }
    }

    @Override
    public void compactIfOvergrown(Supplier<Stream<ObjectNode>> live) {
        if (length < overgrownAt) {
            return;
        }
        try {
            rewrite(live.get());
        } catch (IOException | RuntimeException e) {
            overgrownAt = 2 * length;
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the store file ''{0}'' could not be compacted and goes on growing: {1}",
                    file,
                    e.getMessage());
        }
    }

    private void rewrite(Stream<ObjectNode> lines) throws IOException {
        Path successor = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(successor);
        var opened = new RandomAccessFile(successor.toFile(), "rw");
        try {
            writeAll(opened, lines);
            opened.getFD().sync();
            Files.move(successor, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException | RuntimeException e) {
            opened.close();
            Files.deleteIfExists(successor);
            throw e;
        }
        RandomAccessFile predecessor = out;
        out = opened;
        length = opened.length();
        overgrownAt = Math.max(floorBytes, 2 * length);
        syncDirectory();
        if (predecessor != null) {
            predecessor.close();
        }
    }

    private static void writeAll(RandomAccessFile target, Stream<ObjectNode> lines) throws IOException {
        // Flushed but not closed: closing it would close the file.
        OutputStream buffered = new BufferedOutputStream(new FileOutputStream(target.getFD()), 1 << 16);
        for (Iterator<ObjectNode> all = lines.iterator(); all.hasNext(); ) {
            buffered.write(JournalLine.encode(all.next()));
        }
        buffered.flush();
    }

    private void syncDirectory() {
        try (FileChannel directory = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
            directory.force(true);
        } catch (IOException e) {
            // Not every file system lets a directory be synced; the new name is then as durable as it makes it.
            LOG.log(System.Logger.Level.DEBUG, "the directory of ''{0}'' could not be synced: {1}", file, e);
        }
    }

    @Override
    public void close() {
        try {
            try {
                out.getFD().sync();
            } finally {
                out.close();
                ownership.close();
            }
        } catch (IOException e) {
            throw new StateStoreException("the store file '" + file + "' could not be closed: " + e.getMessage(), e);
        }
    }
}

package io.serverlesscontainers.cgroups.internal.limit;

import io.serverlesscontainers.cgroups.internal.parse.KernelText;
import io.serverlesscontainers.core.spi.CgroupException;
import io.serverlesscontainers.core.spi.LimitOutcome;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How many watts one container may use. The kernel limits no such thing: the number is kept in a file, for those who act
 * on it by other means.
 */
public final class EnergyLimit implements OutsideLimit {
    private static final String ENDING = ".watts";
    // Of most file systems.
    private static final int LONGEST_NAME = 255;
    private static final int LONGEST_CONTENT = 64;

    private final String container;
    private final Path directory;

    /** Of a container, whose name is one that may become a part of a path, in a directory that is there. */
    public EnergyLimit(String container, Path directory) {
        this.container = container;
        this.directory = directory;
    }

    /** A file that is not there means that there is no limit. */
    @Override
    public Optional<OptionalLong> limit() {
        Path file = file();
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.of(OptionalLong.empty());
        }
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new CgroupException(file + " is no ordinary file, so the energy limit is not known");
        }
        try (InputStream content = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            ByteBuffer text = ByteBuffer.wrap(content.readNBytes(LONGEST_CONTENT));
            long watts = KernelText.number(text, file.toString());
            if (watts < 1) {
                throw new CgroupException(file + " holds '0', a whole number of W from 1 on is needed");
            }
            return Optional.of(OptionalLong.of(watts));
        } catch (NoSuchFileException liftedMeanwhile) {
            return Optional.of(OptionalLong.empty());
        } catch (IOException unreadable) {
            throw new CgroupException("cannot read the energy limit in " + file + ": " + unreadable, unreadable);
        }
    }

    @Override
    public LimitOutcome apply(OptionalLong wanted) {
        Path file = file();
        try {
            if (wanted.isPresent()) {
                write(file, wanted.getAsLong());
            } else {
                Files.deleteIfExists(file);
            }
        } catch (IOException refused) {
            throw new CgroupException("cannot write the energy limit in " + file + ": " + refused, refused);
        }
        return LimitOutcome.applied(limit().orElseThrow());
    }

    /** Whoever reads it, also after a crash, finds the old number or the new one. */
    private void write(Path file, long watts) throws IOException {
        Path fresh = Files.createTempFile(directory, ".", ".new");
        try {
            try (var channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.wrap((watts + "\n").getBytes(StandardCharsets.US_ASCII)));
                channel.force(true);
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    /** One file for each name, whatever the name: a path has slashes. */
    private Path file() {
        String name = container.replace("%", "%25").replace("/", "%2F") + ENDING;
        int length = name.getBytes(StandardCharsets.UTF_8).length;
        if (length > LONGEST_NAME) {
            throw new CgroupException(
                    "the energy limit of container '" + container + "' would be in a file with a name of " + length
                            + " bytes, at most " + LONGEST_NAME + " are possible");
        }
        return directory.resolve(name);
    }
}

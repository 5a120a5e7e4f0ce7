package io.serverlesscontainers.cgroups.internal.device;

import io.serverlesscontainers.core.spi.CgroupException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * From what people call a disk to the device that the kernel can limit.
 *
 * <p>A file or directory stands for the device that its file system is on, a device file for that device. The kernel
 * takes no rule for a partition, so a partition stands for its disk. Devices that are made of others, by device-mapper,
 * RAID or loop, stand for themselves, not for what they are made of: the kernel limits at each of them what is submitted
 * to it, "on leaf nodes as well as higher level logical devices like device mapper" (<a
 * href="https://docs.kernel.org/admin-guide/cgroup-v1/blkio-controller.html">blkio controller</a>). That is where a
 * container's reads and writes come in; below, they may be spread over several disks, doubled, encrypted, or be those of
 * a thread of the kernel.
 */
public final class DiskFinder {
    private static final int FILE_TYPE = 0170000;
    private static final int BLOCK_DEVICE = 0060000;

    private final Path fileSystem;
    private final Path proc;

    /**
     * For one machine.
     *
     * @param fileSystem the directory that absolute paths are resolved against, usually {@code /}
     * @param proc usually {@code /proc}
     */
    public DiskFinder(Path fileSystem, Path proc) {
        this.fileSystem = fileSystem;
        this.proc = proc;
    }

    /**
     * The device of a path or device file.
     *
     * @throws CgroupException if there is no such path, no device behind it, or the kernel does not list the device
     */
    public BlockDevice find(Path pathOrDevice) {
        Path wanted = pathOrDevice.toAbsolutePath();
        try {
            Path root = fileSystem.toRealPath();
            Path real = root.resolve(Path.of("/").relativize(wanted)).toRealPath();
            if (!real.startsWith(root)) {
                throw unknown(wanted, "it leads out of " + fileSystem + ", to " + real);
            }
            Optional<BlockDevice> named = ofDeviceFile(real);
            BlockDevice device = named.isPresent() ? named.get() : ofMount(wanted, "/" + root.relativize(real));
            return wholeDisk(wanted, device);
        } catch (NoSuchFileException missing) {
            throw unknown(wanted, "there is no " + missing.getFile());
        } catch (AccessDeniedException denied) {
            throw unknown(wanted, "the permission to look at " + denied.getFile() + " is missing");
        } catch (IOException failure) {
            throw new CgroupException("the disk of " + wanted + " cannot be told: " + failure, failure);
        }
    }

    private static Optional<BlockDevice> ofDeviceFile(Path path) throws IOException {
        Map<String, Object> attributes = Files.readAttributes(path, "unix:mode,rdev");
        boolean isDevice = ((int) attributes.get("mode") & FILE_TYPE) == BLOCK_DEVICE;
        return isDevice ? Optional.of(BlockDevice.ofNumber((long) attributes.get("rdev"))) : Optional.empty();
    }

    private BlockDevice ofMount(Path wanted, String path) throws IOException {
        Path mountInfo = proc.resolve("self/mountinfo");
        // Not readString: a mount point in another encoding must not stop us.
        String list = new String(Files.readAllBytes(mountInfo), StandardCharsets.UTF_8);
        var mount = MountTable.parse(list)
                .holding(path)
                .orElseThrow(() -> unknown(wanted, mountInfo + " does not list the file system that it is on"));
        if (mount.device().isAnonymous()) {
            throw unknown(
                    wanted,
                    "it is on a file system of type " + mount.type() + " (" + mount.source() + " at "
                            + mount.mountPoint()
                            + "), which tells of no block device; name the device, such as /dev/sda");
        }
        return mount.device();
    }

    private BlockDevice wholeDisk(Path wanted, BlockDevice device) throws IOException {
        Path listed = fileSystem.resolve("sys/dev/block/" + device);
        if (!Files.isDirectory(listed)) {
            throw unknown(wanted, "its block device " + device + " is not listed at " + listed);
        }
        Path directory = listed.toRealPath();
        if (!Files.exists(directory.resolve("partition"))) {
            return device;
        }
        // A partition's directory lies in its disk's.
        Path number = directory.resolveSibling("dev");
        String text = Files.readString(number, StandardCharsets.ISO_8859_1).strip();
        return BlockDevice.parse(text)
                .orElseThrow(() -> unknown(wanted, number + " holds no device number such as 8:0"));
    }

    private static CgroupException unknown(Path wanted, String why) {
        return new CgroupException("the disk of " + wanted + " cannot be told: " + why);
    }
}

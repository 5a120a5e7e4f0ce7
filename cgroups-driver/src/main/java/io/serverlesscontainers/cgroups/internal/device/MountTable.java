package io.serverlesscontainers.cgroups.internal.device;

import io.serverlesscontainers.cgroups.internal.mount.MountInfo;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The file systems that a process sees, from {@code /proc/self/mountinfo}, see proc_pid_mountinfo(5):
 * {@code 36 35 98:0 /root /mount/point options optional… - type source superoptions}.
 */
final class MountTable {
    private static final int MOUNT_POINT = 4;
    private static final int FIRST_OPTIONAL = 6;

    private final List<MountedDevice> mounts;

    private MountTable(List<MountedDevice> mounts) {
        this.mounts = mounts;
    }

    /**
     * One mounted file system, or a part of one.
     *
     * @param id of the mount
     * @param parent the mount that its mount point is on
     * @param device what the file system is on
     * @param mountPoint absolute
     * @param type of the file system
     * @param source what was mounted, in the words of its type
     */
    record MountedDevice(int id, int parent, BlockDevice device, String mountPoint, String type, String source) {}

    /** Reads the list; lines that are cut off or otherwise none are left out. */
    static MountTable parse(String mountInfo) {
        var mounts = new ArrayList<MountedDevice>();
        for (String line : mountInfo.split("\r?\n")) {
            String[] fields = line.split(" ");
            int separator = FIRST_OPTIONAL;
            while (separator < fields.length && !fields[separator].equals("-")) {
                separator++;
            }
            if (separator + 2 < fields.length && isNumber(fields[0]) && isNumber(fields[1])) {
                String mountPoint = MountInfo.unescape(fields[MOUNT_POINT]);
                String type = fields[separator + 1];
                String source = MountInfo.unescape(fields[separator + 2]);
                BlockDevice.parse(fields[2])
                        .map(device -> new MountedDevice(
                                Integer.parseInt(fields[0]),
                                Integer.parseInt(fields[1]),
                                device,
                                mountPoint,
                                type,
                                source))
                        .ifPresent(mounts::add);
            }
        }
        return new MountTable(mounts);
    }

    private static boolean isNumber(String field) {
        return field.matches("[0-9]{1,9}");
    }

    /**
     * The file system that a path is on: as the kernel goes along the path, it enters every mount that it comes upon. The
     * longest mount point is not always right, as a file system that was mounted above it later hides it.
     *
     * @param path absolute, without symbolic links
     * @return empty if the list is not that of a whole tree
     */
    Optional<MountedDevice> holding(String path) {
        Set<MountedDevice> entered = new HashSet<>();
        Optional<MountedDevice> at = root();
        Optional<MountedDevice> next = at;
        while (next.isPresent() && entered.add(next.get())) {
            at = next;
            next = firstOn(at.get(), path);
        }
        return at;
    }

    private Optional<MountedDevice> root() {
        return mounts.stream()
                .filter(mount -> mount.mountPoint().equals("/"))
                .filter(mount -> mounts.stream().noneMatch(other -> isOn(mount, other)))
                .findFirst();
    }

    /** The mount on another one that a path comes upon first. */
    private Optional<MountedDevice> firstOn(MountedDevice below, String path) {
        MountedDevice first = null;
        for (MountedDevice mount : mounts) {
            boolean onTheWay = isOn(mount, below) && isBeneath(path, mount.mountPoint());
            // Of two at the same place in one mount, which newer kernels do not have, the later one hides the earlier.
            if (onTheWay
                    && (first == null
                            || mount.mountPoint().length() <= first.mountPoint().length())) {
                first = mount;
            }
        }
        return Optional.ofNullable(first);
    }

    private static boolean isOn(MountedDevice mount, MountedDevice below) {
        return mount.parent() == below.id() && mount.id() != below.id();
    }

    private static boolean isBeneath(String path, String directory) {
        return directory.equals("/")
                || path.equals(directory)
                || path.startsWith(directory) && path.charAt(directory.length()) == '/';
    }
}

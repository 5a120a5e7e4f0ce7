package io.serverlesscontainers.cgroups.internal.device;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A device, by the numbers that the kernel knows it by: {@code 254:0}.
 *
 * @param major which driver's it is; 0 for file systems without a device of their own
 * @param minor which of them
 */
public record BlockDevice(int major, int minor) {
    private static final Pattern NUMBERS = Pattern.compile("([0-9]{1,9}):([0-9]{1,9})");

    /** Reads {@code MAJOR:MINOR}; empty for any other text. */
    static Optional<BlockDevice> parse(String text) {
        Matcher numbers = NUMBERS.matcher(text);
        return numbers.matches()
                ? Optional.of(new BlockDevice(Integer.parseInt(numbers.group(1)), Integer.parseInt(numbers.group(2))))
                : Optional.empty();
    }

    /** Takes apart what stat(2) tells of a device file, which has the bits of both numbers mixed: see makedev(3). */
    static BlockDevice ofNumber(long number) {
        long major = number >>> 8 & 0xfff | number >>> 32 & 0xfffff000L;
        long minor = number & 0xff | number >>> 12 & 0xffffff00L;
        return new BlockDevice((int) major, (int) minor);
    }

    /** Whether there is no device behind it: the kernel makes such numbers up for tmpfs, overlay, btrfs, NFS, … */
    boolean isAnonymous() {
        return major == 0;
    }

    /** As the kernel writes it. */
    @Override
    public String toString() {
        return major + ":" + minor;
    }
}

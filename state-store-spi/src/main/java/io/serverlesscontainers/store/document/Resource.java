package io.serverlesscontainers.store.document;

import java.util.Optional;

/** A resource whose limit can be moved, with its name on the wire and the unit of its limits and usage. */
public enum Resource {
    /** CPU time in shares: 100 shares are one whole core. */
    CPU("cpu", "shares"),
    /** Memory in MiB. */
    MEMORY("mem", "MiB"),
    /** Disk reads in MiB per second. */
    DISK_READ("disk_read", "MiB/s"),
    /** Disk writes in MiB per second. */
    DISK_WRITE("disk_write", "MiB/s"),
    /** Network traffic in Mbit per second. */
    NET("net", "Mbit/s"),
    /** Power in watts. */
    ENERGY("energy", "W");

    private static final Resource[] ALL = values();

    private final String wireName;
    private final String unit;
    private final String titleCase;

    Resource(String wireName, String unit) {
        this.wireName = wireName;
        this.unit = unit;
        this.titleCase = titleCase(wireName);
    }

    /** The name in documents: {@code cpu}, {@code mem}, {@code disk_read}, … */
    public String wireName() {
        return wireName;
    }

    /** The unit of every limit, amount and usage of this resource. */
    public String unit() {
        return unit;
    }

    /** The name as it starts event and action names, each word in title case: {@code Cpu}, {@code Disk_Read}. */
    public String titleCase() {
        return titleCase;
    }

    /** The resource of a wire name; empty for a name that is none. */
    public static Optional<Resource> ofWireName(String wireName) {
        for (Resource resource : ALL) {
            if (resource.wireName.equals(wireName)) {
                return Optional.of(resource);
            }
        }
        return Optional.empty();
    }

    @Override
    public String toString() {
        return wireName;
    }

    private static String titleCase(String wireName) {
        var title = new StringBuilder(wireName.length());
        boolean startOfWord = true;
        for (char letter : wireName.toCharArray()) {
            title.append(startOfWord ? Character.toUpperCase(letter) : letter);
            startOfWord = letter == '_';
        }
        return title.toString();
    }
}

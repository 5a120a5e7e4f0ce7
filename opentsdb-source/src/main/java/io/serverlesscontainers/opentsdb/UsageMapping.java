package io.serverlesscontainers.opentsdb;

import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Structure;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Which metrics hold the usage of a resource, in which unit, and which tag holds the structure's name. Immutable.
 *
 * <p>The {@linkplain #standard() standard one} is that of the Python system and its monitoring agent:
 *
 * <table>
 * <caption>The standard mapping</caption>
 * <tr><th>structures</th><th>tag</th><th>resource</th><th>metrics, added up</th><th>assumed unit</th></tr>
 * <tr><td rowspan="5">containers</td><td rowspan="5">{@code host}</td>
 *     <td>cpu</td><td>{@code proc.cpu.user}, {@code proc.cpu.kernel}</td><td>shares, 100 are one core</td></tr>
 * <tr><td>mem</td><td>{@code proc.mem.resident}</td><td>MiB</td></tr>
 * <tr><td>disk_read</td><td>{@code proc.disk.reads.mb}</td><td>MiB/s</td></tr>
 * <tr><td>disk_write</td><td>{@code proc.disk.writes.mb}</td><td>MiB/s</td></tr>
 * <tr><td>net</td><td>{@code proc.net.tcp.in.mb}, {@code proc.net.tcp.out.mb}</td><td>Mbit/s</td></tr>
 * <tr><td>applications</td><td>{@code structure}</td>
 *     <td>each</td><td>{@code structure.<resource>.usage}</td><td>that of the resource</td></tr>
 * <tr><td>users</td><td>{@code user}</td>
 *     <td>each</td><td>{@code user.<resource>.usage}</td><td>that of the resource</td></tr>
 * </table>
 *
 * <p>An agent that counts otherwise, such as bytes on the network, is told by a factor:
 * {@code with(CONTAINER, NET, 8, "proc.net.tcp.in.mb", "proc.net.tcp.out.mb")}. What is not mapped, as the energy of
 * containers and all usage of hosts, is never asked for and has no usage.
 */
public final class UsageMapping {
    private static final UsageMapping STANDARD = makeStandard();

    private final Map<Structure.Subtype, String> tags;
    private final Map<Structure.Subtype, Map<Resource, Sum>> sums;

    /** Metrics that are added up, and the factor that makes the sum one in the resource's unit. */
    record Sum(double factor, List<String> metrics) {}

    private UsageMapping(Map<Structure.Subtype, String> tags, Map<Structure.Subtype, Map<Resource, Sum>> sums) {
        this.tags = tags;
        this.sums = sums;
    }

    /** The one of the table above. */
    public static UsageMapping standard() {
        return STANDARD;
    }

    private static UsageMapping makeStandard() {
        UsageMapping mapping = new UsageMapping(Map.of(), Map.of())
                .withTag(Structure.Subtype.CONTAINER, "host")
                .withTag(Structure.Subtype.APPLICATION, "structure")
                .withTag(Structure.Subtype.USER, "user")
                .with(Structure.Subtype.CONTAINER, Resource.CPU, 1, "proc.cpu.user", "proc.cpu.kernel")
                .with(Structure.Subtype.CONTAINER, Resource.MEMORY, 1, "proc.mem.resident")
                .with(Structure.Subtype.CONTAINER, Resource.DISK_READ, 1, "proc.disk.reads.mb")
                .with(Structure.Subtype.CONTAINER, Resource.DISK_WRITE, 1, "proc.disk.writes.mb")
                .with(Structure.Subtype.CONTAINER, Resource.NET, 1, "proc.net.tcp.in.mb", "proc.net.tcp.out.mb");
        for (Resource resource : Resource.values()) {
            String metric = "." + resource.wireName() + ".usage";
            mapping = mapping.with(Structure.Subtype.APPLICATION, resource, 1, "structure" + metric)
                    .with(Structure.Subtype.USER, resource, 1, "user" + metric);
        }
        return mapping;
    }

    /**
     * The same with other metrics for one resource.
     *
     * @param structures what has the usage
     * @param resource the resource used
     * @param factor what the sum of the metrics is multiplied by to be in the resource's unit; above 0
     * @param metrics the metrics; a usage is known only while all of them have a sample. None: the resource is not asked for
     * @throws IllegalArgumentException if a metric has a name that OpenTSDB does not allow, or the factor is no such number
     */
    public UsageMapping with(Structure.Subtype structures, Resource resource, double factor, String... metrics) {
        if (!(factor > 0) || Double.isInfinite(factor)) {
            throw new IllegalArgumentException("the factor of " + resource + " is " + factor + ", it must be above 0");
        }
        for (String metric : metrics) {
            Names.required("metric of " + resource, metric);
        }
        Map<Structure.Subtype, Map<Resource, Sum>> more = new EnumMap<>(Structure.Subtype.class);
        more.putAll(sums);
        Map<Resource, Sum> ofThese = new EnumMap<>(Resource.class);
        ofThese.putAll(sums.getOrDefault(structures, Map.of()));
        if (metrics.length == 0) {
            ofThese.remove(resource);
        } else {
            ofThese.put(resource, new Sum(factor, List.of(metrics)));
        }
        more.put(structures, ofThese);
        return new UsageMapping(tags, more);
    }

    /**
     * The same with another tag that holds the names.
     *
     * @throws IllegalArgumentException if OpenTSDB does not allow the tag's name
     */
    public UsageMapping withTag(Structure.Subtype structures, String tag) {
        Map<Structure.Subtype, String> more = new EnumMap<>(Structure.Subtype.class);
        more.putAll(tags);
        more.put(Objects.requireNonNull(structures, "structures"), Names.required("tag", tag));
        return new UsageMapping(more, sums);
    }

    /** Empty if there is none, and nothing is known of such structures. */
    Optional<String> tag(Structure.Subtype structures) {
        return Optional.ofNullable(tags.get(structures));
    }

    /** Empty if the resource is not asked for. */
    Optional<Sum> sum(Structure.Subtype structures, Resource resource) {
        return Optional.ofNullable(sums.getOrDefault(structures, Map.of()).get(resource));
    }
}

package io.serverlesscontainers.opentsdb;

import static org.awaitility.Awaitility.await;

import io.serverlesscontainers.core.spi.DataPoint;
import io.serverlesscontainers.core.spi.UsageQuery;
import io.serverlesscontainers.core.tck.RealThings;
import io.serverlesscontainers.opentsdb.fixture.RealOpenTsdb;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Structure;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** The real server that tests share, and names of one's own there. */
final class Servers {
    private static final AtomicInteger NAMES = new AtomicInteger();

    private Servers() {}

    /** Skips the test if there cannot be one. */
    static RealOpenTsdb shared() {
        requireOpenTsdb();
        return RealOpenTsdb.shared();
    }

    static void requireOpenTsdb() {
        RealThings.require(
                RealOpenTsdb.missing().isEmpty(), RealOpenTsdb.missing().orElse("nothing is missing"));
    }

    /** A beginning of metric names that no other test uses. */
    static String newPrefix() {
        return "test" + NAMES.incrementAndGet() + ".";
    }

    /** The standard mapping of containers, with metrics of one's own. */
    static UsageMapping mapping(String prefix) {
        return UsageMapping.standard()
                .withTag(Structure.Subtype.CONTAINER, prefix + "host")
                .with(Structure.Subtype.CONTAINER, Resource.CPU, 1, prefix + "cpu.user", prefix + "cpu.kernel")
                .with(Structure.Subtype.CONTAINER, Resource.MEMORY, 1, prefix + "mem")
                .with(Structure.Subtype.CONTAINER, Resource.DISK_READ, 1, prefix + "reads")
                .with(Structure.Subtype.CONTAINER, Resource.DISK_WRITE, 1, prefix + "writes")
                .with(Structure.Subtype.CONTAINER, Resource.NET, 1);
    }

    static DataPoint point(String prefix, String metric, String host, Instant time, double value) {
        return new DataPoint(prefix + metric, Map.of(prefix + "host", host), time, value);
    }

    /** Writes points and waits until they can be read. */
    static void write(String url, Collection<DataPoint> points) {
        try (OpenTsdbWriter writer =
                OpenTsdbWriter.builder(url).closeTimeout(Duration.ofMinutes(1)).open()) {
            writer.write(points);
        }
        awaitReadable(url);
        awaitReadable(url); // what is written together may become readable one after the other
    }

    /** Waits until a point that is written now can be read, and so can those before it. */
    static void awaitReadable(String url) {
        String prefix = newPrefix();
        Instant time = Instant.now().truncatedTo(ChronoUnit.SECONDS).minusSeconds(60);
        try (OpenTsdbWriter writer = OpenTsdbWriter.builder(url).open();
                OpenTsdbMetricSource source = OpenTsdbMetricSource.builder(url)
                        .mapping(mapping(prefix))
                        .rememberMissing(Duration.ofMillis(1))
                        .build()) {
            writer.write(List.of(point(prefix, "mem", "marker", time, 1)));
            var query = new UsageQuery(
                    Structure.Subtype.CONTAINER,
                    List.of("marker"),
                    Set.of(Resource.MEMORY),
                    time.minusSeconds(30),
                    time.plusSeconds(30));
            await().atMost(Duration.ofSeconds(30))
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> source.usage(query).structures() == 1);
        }
    }
}

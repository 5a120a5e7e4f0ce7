package io.serverlesscontainers.opentsdb;

import io.serverlesscontainers.core.spi.DataPoint;
import io.serverlesscontainers.core.spi.MetricSource;
import io.serverlesscontainers.core.tck.MetricSourceTck;
import io.serverlesscontainers.store.document.Resource;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Timeout;

/** The contract of a metric source against a real OpenTSDB, into which history is written as a test's time passes. */
@Timeout(120)
class OpenTsdbMetricSourceTest extends MetricSourceTck {
    private final String prefix = Servers.newPrefix();
    private final Set<String> vanished = new HashSet<>();
    private Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS).minusSeconds(600);

    @Override
    protected MetricSource createSource() {
        return OpenTsdbMetricSource.builder(Servers.shared().url())
                .mapping(Servers.mapping(prefix))
                .timeout(Duration.ofSeconds(20))
                .rememberMissing(Duration.ofMillis(1)) // what is time here passes at once
                .clock(new TestClock(() -> now))
                .build();
    }

    @Override
    protected List<String> structures() {
        return List.of("web-1", "web-2", "web_3.lan");
    }

    @Override
    protected Set<Resource> resources() {
        return Set.of(Resource.CPU, Resource.MEMORY, Resource.DISK_READ, Resource.DISK_WRITE);
    }

    @Override
    protected Instant now() {
        return now;
    }

    @Override
    protected Duration window() {
        return Duration.ofSeconds(60); // the source's patience is part of it
    }

    @Override
    protected void letTimePass(Duration duration) {
        var points = new ArrayList<DataPoint>();
        for (Instant end = now.plus(duration); now.isBefore(end); now = now.plusSeconds(20)) {
            Instant time = now.plusSeconds(10);
            for (String name : structures()) {
                if (!vanished.contains(name)) {
                    points.add(Servers.point(prefix, "cpu.user", name, time, 60));
                    points.add(Servers.point(prefix, "cpu.kernel", name, time, 20.5));
                    points.add(Servers.point(prefix, "mem", name, time, 512));
                    points.add(Servers.point(prefix, "reads", name, time, 0));
                    points.add(Servers.point(prefix, "writes", name, time, 1.25));
                }
            }
        }
        Servers.write(Servers.shared().url(), points);
    }

    @Override
    protected Optional<BusyCpu> busyCpu() {
        return Optional.of(new BusyCpu("web-1", 80.5, 80.5));
    }

    @Override
    protected boolean vanish(String structure) {
        return vanished.add(structure);
    }
}

package io.serverlesscontainers.bench;

import io.serverlesscontainers.core.spi.DataPoint;
import io.serverlesscontainers.core.spi.UsageQuery;
import io.serverlesscontainers.core.spi.Usages;
import io.serverlesscontainers.opentsdb.OpenTsdbMetricSource;
import io.serverlesscontainers.opentsdb.OpenTsdbWriter;
import io.serverlesscontainers.opentsdb.UsageMapping;
import io.serverlesscontainers.opentsdb.WhenFull;
import io.serverlesscontainers.opentsdb.fixture.RealOpenTsdb;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Structure;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * What the usage of all containers in one window of the Guardian costs, read from OpenTSDB: asked for all at once, and
 * asked for one container after the other: {@link ContainerByContainer}. The two take turns on the same server, and have
 * to find the same.
 *
 * <pre>
 * java -cp bench/target/benchmarks.jar io.serverlesscontainers.bench.UsageWindow 100 1000 10000
 * </pre>
 *
 * It starts a real OpenTSDB for the purpose, which needs a JDK 17. Not a JMH benchmark: a window is long enough to be
 * measured by itself, and its queries and bytes are counted too.
 */
public final class UsageWindow {
    private static final int WINDOWS = 3;
    private static final int WARM_UP = 2;
    /** Of more than a thousand, so many are asked for one at a time, and the figures multiplied: all would take an hour. */
    private static final int ALONE_OF_MANY = 200;

    private static final Duration WINDOW = Duration.ofSeconds(10);
    private static final Duration INTERVAL = Duration.ofSeconds(5);
    private static final Set<Resource> RESOURCES =
            Set.of(Resource.CPU, Resource.MEMORY, Resource.DISK_READ, Resource.DISK_WRITE, Resource.NET);

    /** The seven metrics of these resources, with names of one size's own. */
    record Metrics(String prefix) {
        List<String> all() {
            return List.of(
                    prefix + "cpu.user",
                    prefix + "cpu.kernel",
                    prefix + "mem.resident",
                    prefix + "disk.reads.mb",
                    prefix + "disk.writes.mb",
                    prefix + "net.tcp.in.mb",
                    prefix + "net.tcp.out.mb");
        }

        UsageMapping mapping() {
            List<String> all = all();
            return UsageMapping.standard()
                    .with(Structure.Subtype.CONTAINER, Resource.CPU, 1, all.get(0), all.get(1))
                    .with(Structure.Subtype.CONTAINER, Resource.MEMORY, 1, all.get(2))
                    .with(Structure.Subtype.CONTAINER, Resource.DISK_READ, 1, all.get(3))
                    .with(Structure.Subtype.CONTAINER, Resource.DISK_WRITE, 1, all.get(4))
                    .with(Structure.Subtype.CONTAINER, Resource.NET, 1, all.get(5), all.get(6));
        }
    }

    private interface Window {
        double run() throws IOException;
    }

    private final String url;
    private final List<String> containers;
    private final List<String> alone;
    private final Metrics metrics;
    private final Instant start =
            Instant.now().truncatedTo(ChronoUnit.SECONDS).minus(WINDOW).minusSeconds(20);
    private final List<Long> allAtOnce = new ArrayList<>();
    private final List<Long> oneByOne = new ArrayList<>();

    private UsageWindow(String url, int containers) {
        this.url = url;
        this.containers =
                IntStream.range(0, containers).mapToObj(i -> "cont" + i).toList();
        int step = containers > 1_000 ? containers / ALONE_OF_MANY : 1;
        this.alone = IntStream.range(0, containers / step)
                .mapToObj(i -> this.containers.get(i * step))
                .toList();
        this.metrics = new Metrics("bench" + containers + ".");
    }

    /** Takes numbers of containers; 100, 1000 and 10000 unless told. */
    public static void main(String[] args) throws IOException {
        List<String> sizes = args.length > 0 ? List.of(args) : List.of("100", "1000", "10000");
        progress("starting OpenTSDB");
        try (RealOpenTsdb server = RealOpenTsdb.start()) {
            System.out.println("| client | containers | queries of a window | KiB sent and received | ms, median of "
                    + WINDOWS + " | times |");
            System.out.println("|---|---:|---:|---:|---:|---:|");
            for (String size : sizes) {
                new UsageWindow(server.url(), Integer.parseInt(size)).run();
            }
        }
    }

    private void run() throws IOException {
        progress("writing " + containers.size() * metrics.all().size() * 3 + " samples of " + containers.size()
                + " containers");
        write();
        var query = new UsageQuery(Structure.Subtype.CONTAINER, containers, RESOURCES, start, start.plus(WINDOW));
        var traffic = new Traffic();
        var naiveTraffic = new Traffic();
        try (OpenTsdbMetricSource source = OpenTsdbMetricSource.builder(url)
                .mapping(metrics.mapping())
                .client(traffic.client())
                .timeout(Duration.ofMinutes(10))
                .build()) {
            var naive = new ContainerByContainer(naiveTraffic.client(), url, metrics.all());
            awaitAll(source, query);
            Window all = () -> sum(source.usage(query));
            Window each = () -> naive.window(alone, start, start.plus(WINDOW), UsageWindow::progress);
            for (int warmUp = 0; warmUp < WARM_UP; warmUp++) {
                all.run();
            }
            naive.window(alone.subList(0, Math.min(100, alone.size())), start, start.plus(WINDOW), line -> {});
            Traffic.Sum cost = null;
            Traffic.Sum naiveCost = null;
            for (int window = 0; window < WINDOWS; window++) {
                progress(containers.size() + " containers, window " + (window + 1) + " of " + WINDOWS);
                Traffic.Sum before = traffic.sum();
                double found = measure(all, allAtOnce);
                cost = traffic.sum().minus(before);
                before = naiveTraffic.sum();
                double expected = measure(each, oneByOne);
                naiveCost = naiveTraffic.sum().minus(before);
                if (Math.abs(found - expected) > 1e-9 * expected) {
                    throw new IllegalStateException("one finds " + found + ", the other " + expected);
                }
            }
            print("`OpenTsdbMetricSource`", cost, allAtOnce, 1);
            int times = containers.size() / alone.size();
            print(
                    "one container at a time"
                            + (times == 1 ? "" : ", " + times + " times what " + alone.size() + " take"),
                    naiveCost,
                    oneByOne,
                    times);
        }
    }

    private void write() {
        try (OpenTsdbWriter writer = OpenTsdbWriter.builder(url)
                .whenFull(WhenFull.WAIT)
                .pointsPerRequest(5_000)
                .closeTimeout(Duration.ofMinutes(10))
                .open()) {
            for (Instant time = start; !time.isAfter(start.plus(WINDOW)); time = time.plus(INTERVAL)) {
                for (String metric : metrics.all()) {
                    var points = new ArrayList<DataPoint>(containers.size());
                    for (String container : containers) {
                        points.add(new DataPoint(metric, Map.of("host", container), time, Math.random() * 100));
                    }
                    writer.write(points);
                }
            }
        }
    }

    /** What is written becomes readable a moment later. */
    private void awaitAll(OpenTsdbMetricSource source, UsageQuery query) throws IOException {
        for (int attempt = 0; attempt < 100; attempt++) {
            Usages usages = source.usage(query);
            if (usages.structures() == containers.size() && usages.problems().isEmpty()) {
                return;
            }
            try {
                TimeUnit.MILLISECONDS.sleep(200);
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
        throw new IOException(
                "the samples do not become readable: " + source.usage(query).problems());
    }

    private double sum(Usages usages) {
        double sum = 0;
        for (String container : alone) {
            for (Resource resource : RESOURCES) {
                sum += usages.of(container, resource).orElseThrow();
            }
        }
        return sum;
    }

    private static double measure(Window window, List<Long> micros) throws IOException {
        long start = System.nanoTime();
        double found = window.run();
        micros.add((System.nanoTime() - start) / 1_000);
        return found;
    }

    private void print(String client, Traffic.Sum cost, List<Long> measured, int factor) {
        double micros = (double) median(measured) * factor;
        System.out.printf(
                "| %s | %,d | %,d | %,d | %,.1f | %.1f |%n",
                client,
                containers.size(),
                cost.requests() * factor,
                cost.bytes() * factor / 1024,
                micros / 1000,
                micros / median(allAtOnce));
    }

    private static long median(List<Long> micros) {
        return micros.stream().sorted().toList().get(micros.size() / 2);
    }

    private static void progress(String line) {
        System.err.println(line);
    }
}

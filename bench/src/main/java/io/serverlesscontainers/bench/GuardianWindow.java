package io.serverlesscontainers.bench;

import io.serverlesscontainers.core.simulation.VirtualClock;
import io.serverlesscontainers.opentsdb.fixture.RealOpenTsdb;
import io.serverlesscontainers.store.document.Structure;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import okhttp3.HttpUrl;

/**
 * What a whole window of the Guardian costs: usage of CPU and memory from a real OpenTSDB, state in CouchDB, the rules of
 * the store, a lease. Beside it, what it costs one that works container by container: {@link OneByOneGuardian}. Each has
 * databases of its own, with the same documents, and both read the same usage: {@link MovingUsage}. They take turns
 * window by window, and have to leave the same events and requests.
 *
 * <pre>
 * java -cp bench/target/benchmarks.jar io.serverlesscontainers.bench.GuardianWindow 100 1000 10000
 * java -cp bench/target/benchmarks.jar io.serverlesscontainers.bench.GuardianWindow http://admin:PASSWORD@localhost:5984 1000
 * </pre>
 *
 * It starts a real OpenTSDB, which needs a JDK 17, and, unless it is given the URL of another, the server like CouchDB that
 * the tests of {@code couchdb-store} have installed; the folder must be that of the whole project. Between the windows the
 * requests are carried out by another client, as a Scaler does it; what that costs is not counted, but that the Guardian
 * learns of it is among its requests. Not a JMH benchmark: a window is long enough to be measured by itself.
 */
public final class GuardianWindow {
    private static final int WINDOWS = 3;
    /** For the code to be compiled and connections to be open, as they are in all windows of a day but the first. */
    private static final int WARM_UP = 3;
    /** Of many, one in so many is gone through one by one, and the figures multiplied: all would take an hour. */
    private static final int ONE_IN = 50;

    private static final int MANY = 1_000;
    /** Until a window ends less the Guardian's delay. */
    private static final Duration UNTIL_NOW = Duration.ofSeconds(20);

    private final List<String> containers;
    private final Set<String> sample;
    private final int times;
    private final MovingUsage usage;
    private final Installation ours;
    private final Installation theirs;
    private final HttpUrl server;
    private final String openTsdb;
    private final Costs ourCosts = new Costs();
    private final Costs theirCosts = new Costs();

    private GuardianWindow(HttpUrl server, String openTsdb, int size) {
        this.server = server;
        this.openTsdb = openTsdb;
        this.containers = IntStream.range(0, size).mapToObj(i -> "cont" + i).toList();
        this.times = size > MANY ? ONE_IN : 1;
        // Not always the first of fifty, as usage goes by number too.
        this.sample = new HashSet<>(IntStream.range(0, size / times)
                .mapToObj(i -> containers.get(i * times + i % times))
                .toList());
        String name = "bench" + Integer.toHexString(new Random().nextInt(1 << 24)) + "_" + size;
        Instant start = Instant.now()
                .truncatedTo(ChronoUnit.SECONDS)
                .minus(MovingUsage.WINDOW.multipliedBy(WARM_UP + WINDOWS).plus(UNTIL_NOW));
        this.usage = new MovingUsage(name + ".", containers, start);
        this.ours = new Installation(server, name + "_together_");
        this.theirs = new Installation(server, name + "_one_by_one_");
    }

    /** Takes the URL of a CouchDB, and numbers of containers; 100, 1000 and 10000 unless told. */
    public static void main(String[] args) throws IOException {
        boolean hasServer = args.length > 0 && args[0].startsWith("http");
        List<String> sizes = List.of(args).subList(hasServer ? 1 : 0, args.length);
        progress("starting OpenTSDB" + (hasServer ? "" : " and a server like CouchDB"));
        try (RealOpenTsdb openTsdb = RealOpenTsdb.start();
                LocalCouchDb own = hasServer ? null : LocalCouchDb.start()) {
            HttpUrl server = own == null ? HttpUrl.get(args[0]) : own.url();
            System.out.println("| Guardian | containers | HTTP requests of a window | that wait for changes "
                    + "| KiB sent and received | ms, median of " + WINDOWS + " | of these for usage | times |");
            System.out.println("|---|---:|---:|---:|---:|---:|---:|---:|");
            for (String size : sizes.isEmpty() ? List.of("100", "1000", "10000") : sizes) {
                new GuardianWindow(server, openTsdb.url(), Integer.parseInt(size)).run();
            }
        }
    }

    private void run() throws IOException {
        try {
            progress("writing " + containers.size() + " containers");
            ours.fill(containers);
            progress("writing them once more");
            theirs.fill(containers);
            usage.write(openTsdb, WARM_UP + WINDOWS, GuardianWindow::progress);
            takeTurns();
            ourCosts.print("the library's", containers.size(), 1, ourCosts);
            theirCosts.print(
                    "one container at a time"
                            + (times == 1 ? "" : ", " + times + " times what " + sample.size() + " take"),
                    containers.size(),
                    times,
                    ourCosts);
        } finally {
            ours.remove();
            theirs.remove();
        }
    }

    private void takeTurns() throws IOException {
        var clock = VirtualClock.startingAt(usage.from(0).plus(UNTIL_NOW));
        var traffic = new Traffic();
        var theirTraffic = new Traffic();
        try (var guardian = new GuardianService(server, ours::database, openTsdb, usage, traffic.client(), clock)) {
            var state = new CouchDbRequests(theirTraffic.client(), server, theirs.prefix());
            var source = new ContainerByContainer(theirTraffic.client(), openTsdb, usage.metrics());
            var oneByOne = new OneByOneGuardian(state, source, usage);
            oneByOne.index();
            for (int window = 0; window < WARM_UP + WINDOWS; window++) {
                progress(containers.size() + " containers, window " + (window + 1) + " of " + (WARM_UP + WINDOWS));
                boolean isCounted = window >= WARM_UP;
                Traffic.Sum before = traffic.sum();
                long start = System.nanoTime();
                guardian.window();
                long nanos = System.nanoTime() - start;
                Set<String> left = ours.carryOut(sample);
                ours.awaitSeenBy(guardian.store());
                if (isCounted) {
                    ourCosts.add(nanos, guardian.usageNanos(), traffic.sum().minus(before));
                }
                Set<String> leftByThem = theirWindow(oneByOne, theirTraffic, window, clock.instant(), isCounted);
                if (left.isEmpty() || !left.equals(leftByThem)) {
                    throw new IllegalStateException("one leaves " + left + ", the other " + leftByThem);
                }
                clock.advance(MovingUsage.WINDOW);
            }
        }
    }

    private Set<String> theirWindow(
            OneByOneGuardian guardian, Traffic traffic, int window, Instant now, boolean isCounted) throws IOException {
        long start = System.nanoTime();
        Map<String, Structure> structures = guardian.structures();
        long once = System.nanoTime() - start;
        var some = new ArrayList<Structure>();
        structures.forEach((name, structure) -> {
            if (sample.contains(name)) {
                some.add(structure);
            }
        });
        Traffic.Sum before = traffic.sum();
        start = System.nanoTime();
        Instant from = usage.from(window);
        guardian.window(some, from, from.plus(MovingUsage.WINDOW), now, GuardianWindow::progress);
        if (isCounted) {
            theirCosts.add(System.nanoTime() - start, 0, traffic.sum().minus(before));
            theirCosts.once(once);
        }
        return theirs.carryOut(sample);
    }

    /** What windows cost. */
    private static final class Costs {
        private final List<Long> nanos = new ArrayList<>();
        private final List<Long> usageNanos = new ArrayList<>();
        private Traffic.Sum traffic;
        private long onceNanos;

        void add(long all, long forUsage, Traffic.Sum sum) {
            nanos.add(all);
            usageNanos.add(forUsage);
            traffic = sum;
        }

        /** What is not to be multiplied. */
        void once(long more) {
            onceNanos = more;
        }

        private double millis(int factor) {
            return (median(nanos) * factor + onceNanos) / 1e6;
        }

        void print(String guardian, int containers, int factor, Costs measure) {
            System.out.printf(
                    "| %s | %,d | %,d | %,d | %,d | %,.0f | %s | %.1f |%n",
                    guardian,
                    containers,
                    traffic.requests() * factor + (onceNanos > 0 ? 1 : 0),
                    traffic.waits(),
                    traffic.bytes() * factor / 1024,
                    millis(factor),
                    onceNanos > 0 ? "" : String.format("%,.0f", median(usageNanos) / 1e6),
                    millis(factor) / measure.millis(1));
        }

        private static long median(List<Long> measured) {
            return measured.stream().sorted().toList().get(measured.size() / 2);
        }
    }

    private static void progress(String line) {
        System.err.println(line);
    }
}

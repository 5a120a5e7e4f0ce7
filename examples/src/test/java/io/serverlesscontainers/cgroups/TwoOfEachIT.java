package io.serverlesscontainers.cgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serverlesscontainers.core.spi.DataPoint;
import io.serverlesscontainers.core.tck.RealThings;
import io.serverlesscontainers.couchdb.CouchDbLike;
import io.serverlesscontainers.couchdb.CouchDbStateStore;
import io.serverlesscontainers.examples.Main;
import io.serverlesscontainers.opentsdb.OpenTsdbWriter;
import io.serverlesscontainers.opentsdb.fixture.RealOpenTsdb;
import io.serverlesscontainers.policy.StockRules;
import io.serverlesscontainers.store.Stored;
import io.serverlesscontainers.store.document.Boundary;
import io.serverlesscontainers.store.document.Document;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.document.Limits;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.ResourceLimits;
import io.serverlesscontainers.store.document.ServiceDocument;
import io.serverlesscontainers.store.document.Structure;
import io.serverlesscontainers.store.document.StructureResource;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two Guardians and two Scalers, a process each, on a server like CouchDB, a real OpenTSDB and a Container Scaler whose
 * machine is a tree of files. One of each is killed again and again, and started anew under its name.
 *
 * <p>The memory of each container is always too little, and no rule asks for more: each window in which somebody decided
 * for it leaves one event for good, with its time. The CPU is too little too, which makes a request of 1 share in every
 * second window. Windows are 2 seconds long and counted by the machine's clock; one is missed if it left no event.
 */
@Timeout(150)
class TwoOfEachIT {
    private static final Duration WINDOW = Duration.ofSeconds(2);
    private static final Duration KILLING = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration TICK = Duration.ofMillis(50);
    private static final int STRUCTURES = 20;
    private static final int LEAST_KILLS = 2;
    private static final long SHARES = 10;
    private static final int QUOTA_PER_SHARE = 1_000;
    private static final Pattern REQUEST = Pattern.compile("(\\S+) INFO  GuardianWork: (twin\\d+) cpu: .*");

    @TempDir
    private Path directory;

    private final Map<String, Process> processes = new HashMap<>();
    private final Map<String, Instant> started = new HashMap<>();
    /** When each process renewed first since it was started. */
    private final Map<String, Long> firstRenewals = new HashMap<>();

    private final ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor();
    private final Random random = new Random(7);
    private final AtomicLong longestPauseNanos = new AtomicLong();
    private final List<Path> logs = new ArrayList<>();
    private CouchDbLike server;
    private RealOpenTsdb openTsdb;
    private long lastTickNanos = System.nanoTime();

    @AfterEach
    void end() {
        processes.values().forEach(Process::destroyForcibly);
        ticker.shutdownNow();
    }

    @Test
    void no_window_is_decided_twice_and_two_are_missed_at_a_kill() throws Exception {
        RealThings.require(
                RealOpenTsdb.missing().isEmpty(), RealOpenTsdb.missing().orElse(""));
        server = CouchDbLike.shared();
        openTsdb = RealOpenTsdb.shared();
        try (CouchDbStateStore store =
                        CouchDbStateStore.builder(server.urlWithUser()).build();
                OpenTsdbWriter writer = OpenTsdbWriter.builder(openTsdb.url()).open();
                ScalerOnTree host = ScalerOnTree.withFourCpus(FixtureTree.Kind.V1)) {
            fill(store, host);
            ticker.scheduleAtFixedRate(this::noteTick, 0, TICK.toMillis(), TimeUnit.MILLISECONDS);
            ticker.scheduleAtFixedRate(() -> writer.write(usage()), 0, 1, TimeUnit.SECONDS);
            for (String role : List.of("guardian", "scaler")) {
                start(role, "a");
                start(role, "b");
            }
            awaitBoth(store);
            await("the first decisions")
                    .atMost(PATIENCE)
                    .until(() -> windows(store).size() == STRUCTURES);
            longestPauseNanos.set(0);

            long from = window(Instant.now());
            int kills = killAgainAndAgain(store);
            long until = window(Instant.now());
            processes.forEach((name, process) -> {
                if (name.startsWith("guardian")) {
                    process.destroyForcibly();
                }
            });

            assertThat(kills).isGreaterThanOrEqualTo(LEAST_KILLS);
            assertOnceInEachWindow(windows(store), from, until);
            assertNoDuplicates(store, host);
        }
    }

    private int killAgainAndAgain(CouchDbStateStore store) throws IOException {
        long began = System.nanoTime();
        int kills = 0;
        while (kills < LEAST_KILLS || System.nanoTime() - began < KILLING.toNanos()) {
            awaitBoth(store);
            await().pollDelay(Duration.ofMillis(random.nextInt((int) WINDOW.toMillis())))
                    .until(() -> true);
            for (String role : List.of("guardian", "scaler")) {
                String member = random.nextBoolean() ? "a" : "b";
                processes.get(role + member).destroyForcibly();
                start(role, member);
            }
            kills++;
        }
        return kills;
    }

    /** Never twice, and two missed at most; a busy machine may keep everybody waiting for a window more, or for longer. */
    private void assertOnceInEachWindow(Map<String, List<Long>> windows, long from, long until) {
        long paused = Duration.ofNanos(longestPauseNanos.get()).dividedBy(WINDOW);
        double perProcessor = Math.max(0, system().getSystemLoadAverage()) / system().getAvailableProcessors();
        long most = 2 + 1 + 2 * paused + Math.round(perProcessor / 4);
        assertThat(windows).hasSize(STRUCTURES);
        windows.forEach((name, decided) -> {
            assertThat(decided).as(name).doesNotHaveDuplicates();
            long last = from;
            for (long each : decided) {
                if (each > from) {
                    assertThat(each - last - 1).as("%s of %s", name, decided).isLessThanOrEqualTo(most);
                    last = each;
                }
            }
            assertThat(until - last).as("%s of %s", name, decided).isLessThanOrEqualTo(most + 1);
        });
    }

    private static OperatingSystemMXBean system() {
        return ManagementFactory.getOperatingSystemMXBean();
    }

    /** A request needs two windows; what was carried out was asked for; the state is what the kernel has in the end. */
    private void assertNoDuplicates(CouchDbStateStore store, ScalerOnTree host) throws IOException {
        Map<String, List<Long>> requests = requests();
        assertThat(requests).hasSize(STRUCTURES);
        requests.forEach((name, asked) -> {
            for (int i = 1; i < asked.size(); i++) {
                assertThat(asked.get(i) - asked.get(i - 1))
                        .as("%s of %s", name, asked)
                        .isGreaterThanOrEqualTo(2);
            }
        });
        await("what is left is carried out").atMost(PATIENCE).untilAsserted(() -> {
            assertThat(store.requests()).isEmpty();
            long sum = 0;
            for (int i = 0; i < STRUCTURES; i++) {
                long enforced = enforced(host, i);
                assertThat(cpu(store, "twin" + i).current()).hasValue(enforced);
                sum += enforced;
            }
            assertThat(cpu(store, "host0").free()).hasValue(400 - sum);
        });
        for (int i = 0; i < STRUCTURES; i++) {
            assertThat(enforced(host, i) - SHARES)
                    .isBetween(1L, (long) requests.get("twin" + i).size());
        }
    }

    private static long enforced(ScalerOnTree host, int i) {
        String quota = host.tree().value("cpu", "lxc.payload.twin" + i, "cpu.cfs_quota_us");
        return Long.parseLong(quota.strip()) / QUOTA_PER_SHARE;
    }

    private static StructureResource cpu(CouchDbStateStore store, String structure) {
        return store.find(DocumentKind.STRUCTURES, structure)
                .orElseThrow()
                .document()
                .resource(Resource.CPU)
                .orElseThrow();
    }

    private void fill(CouchDbStateStore store, ScalerOnTree host) {
        Stream.of(DocumentKind.STRUCTURES, DocumentKind.LIMITS, DocumentKind.RULES, DocumentKind.SERVICES)
                .forEach(kind -> clear(store, kind));
        store.removeEvents(store.events().stream().map(Stored::id).toList());
        store.removeRequests(store.requests().stream().map(Stored::id).toList());
        StockRules.documents().stream()
                .filter(rule -> rule.isActive()
                        && (rule.resource().equals(Optional.of(Resource.CPU))
                                || rule.resource().equals(Optional.of(Resource.MEMORY))
                                        && rule.toJson()
                                                .path("generates")
                                                .asText()
                                                .equals("events")))
                .forEach(rule -> {
                    ObjectNode json = rule.toJson().deepCopy();
                    if (rule.name().equals("CpuRescaleUp")) {
                        json.put("amount", 1);
                    }
                    store.create(DocumentKind.RULES, DocumentKind.RULES.read(json));
                });
        store.create(
                DocumentKind.SERVICES,
                service("guardian", Map.of("WINDOW_TIMELAPSE", WINDOW.toSeconds(), "WINDOW_DELAY", 1L)));
        store.create(DocumentKind.SERVICES, service("scaler", Map.of("POLLING_FREQUENCY", WINDOW.toSeconds())));
        store.create(
                DocumentKind.STRUCTURES,
                Structure.of("host0", Structure.Subtype.HOST)
                        .withResource(Resource.CPU, StructureResource.stock(400, 400 - STRUCTURES * SHARES)));
        for (int i = 0; i < STRUCTURES; i++) {
            host.tree().container("lxc.payload.twin" + i);
            store.create(
                    DocumentKind.STRUCTURES,
                    Structure.of("twin" + i, Structure.Subtype.CONTAINER)
                            .withGuard(true)
                            .withHost("host0", "127.0.0.1", "" + host.url().getPort())
                            .withResource(
                                    Resource.CPU,
                                    StructureResource.bounds(1, 100, true).withCurrent(SHARES))
                            .withResource(
                                    Resource.MEMORY,
                                    StructureResource.bounds(32, 4_096, true).withCurrent(64)));
            store.create(
                    DocumentKind.LIMITS,
                    Limits.of("twin" + i)
                            .withResource(Resource.CPU, ResourceLimits.of(Boundary.absolute(1)))
                            .withResource(Resource.MEMORY, ResourceLimits.of(Boundary.absolute(8))));
        }
    }

    private static <D extends Document> void clear(CouchDbStateStore store, DocumentKind<D> kind) {
        store.findAll(kind).forEach(each -> store.delete(kind, each.document().name(), each.revision()));
    }

    private static ServiceDocument service(String name, Map<String, Long> numbers) {
        var config = new HashMap<String, JsonNode>();
        numbers.forEach((key, value) -> config.put(key, JsonNodeFactory.instance.numberNode(value)));
        return new ServiceDocument(name, config, Map.of(), List.of());
    }

    private static List<DataPoint> usage() {
        Instant now = Instant.now();
        return IntStream.range(0, STRUCTURES)
                .boxed()
                .flatMap(i -> Stream.of("proc.cpu.user", "proc.cpu.kernel", "proc.mem.resident")
                        .map(metric -> new DataPoint(metric, Map.of("host", "twin" + i), now, 1_000)))
                .toList();
    }

    private void noteTick() {
        long now = System.nanoTime();
        longestPauseNanos.accumulateAndGet(now - lastTickNanos, Math::max);
        lastTickNanos = now;
    }

    private void start(String role, String member) throws IOException {
        Path log = directory.resolve(role + "-" + member + "-" + logs.size());
        logs.add(log);
        var command = List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                // Whoever runs tests may hide the class path behind a jar of its own.
                absolute(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))),
                Main.class.getName(),
                role,
                "--name",
                member,
                "--port",
                "0",
                "--couchdb",
                server.urlWithUser(),
                "--opentsdb",
                openTsdb.url());
        started.put(role + member, Instant.now());
        firstRenewals.remove(role + member);
        processes.put(
                role + member,
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start());
    }

    private static String absolute(String classPath) {
        return String.join(
                File.pathSeparator,
                Stream.of(classPath.split(File.pathSeparator))
                        .map(part -> Path.of(part).toAbsolutePath().toString())
                        .toList());
    }

    /** Until both of each kind have been at work for two windows: the first ones of a new process take long. */
    private void awaitBoth(CouchDbStateStore store) {
        await("two of each")
                .atMost(PATIENCE)
                .until(() -> started.keySet().stream().allMatch(process -> hasWorked(store, process)));
    }

    private boolean hasWorked(CouchDbStateStore store, String process) {
        int last = process.length() - 1;
        long renewed = renewedAt(store, process.substring(0, last) + "_leases", process.substring(last));
        if (renewed <= started.get(process).toEpochMilli()) {
            return false;
        }
        return renewed - firstRenewals.computeIfAbsent(process, key -> renewed)
                > WINDOW.multipliedBy(3).dividedBy(2).toMillis();
    }

    private static long renewedAt(CouchDbStateStore store, String document, String member) {
        return store.find(DocumentKind.SERVICES, document)
                .map(found -> found.document().toJson().at("/lease/members/" + member + "/renewed_at"))
                .map(JsonNode::asLong)
                .orElse(0L);
    }

    private static long window(Instant instant) {
        return instant.getEpochSecond() / WINDOW.toSeconds();
    }

    /** In which windows somebody decided for each structure, in order. */
    private static Map<String, List<Long>> windows(CouchDbStateStore store) {
        var windows = new HashMap<String, List<Long>>();
        store.events().stream()
                .map(Stored::entry)
                .filter(event -> event.resource() == Resource.MEMORY)
                .forEach(event -> windows.computeIfAbsent(event.structure(), name -> new ArrayList<>())
                        .add(window(event.timestamp())));
        windows.values().forEach(each -> each.sort(null));
        return windows;
    }

    /** In which windows of the day a Guardian asked for more CPU for each structure, in order, written or not. */
    private Map<String, List<Long>> requests() {
        var requests = new HashMap<String, List<Long>>();
        for (Path log : logs) {
            for (String line : lines(log)) {
                Matcher request = REQUEST.matcher(line);
                if (request.matches()) {
                    requests.computeIfAbsent(request.group(2), name -> new ArrayList<>())
                            .add(LocalTime.parse(request.group(1)).toSecondOfDay() / WINDOW.toSeconds());
                }
            }
        }
        requests.values().forEach(each -> each.sort(null));
        return requests;
    }

    private static List<String> lines(Path log) {
        try {
            return Files.readAllLines(log);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}

package io.serverlesscontainers.examples.services;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.serverlesscontainers.cgroups.SimulatedHosts;
import io.serverlesscontainers.core.spi.DataPoint;
import io.serverlesscontainers.couchdb.CouchDbLike;
import io.serverlesscontainers.couchdb.CouchDbStateStore;
import io.serverlesscontainers.opentsdb.OpenTsdbWriter;
import io.serverlesscontainers.opentsdb.WhenFull;
import io.serverlesscontainers.opentsdb.fixture.RealOpenTsdb;
import io.serverlesscontainers.policy.StockRules;
import io.serverlesscontainers.store.StateStore;
import io.serverlesscontainers.store.Write;
import io.serverlesscontainers.store.document.Boundary;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.document.Limits;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.ResourceLimits;
import io.serverlesscontainers.store.document.ScalingRequest;
import io.serverlesscontainers.store.document.ServiceDocument;
import io.serverlesscontainers.store.document.Structure;
import io.serverlesscontainers.store.document.StructureResource;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a window of the Guardian and a poll of the Scaler cost in a large installation: 5,000 containers on 50 hosts, each
 * with a Container Scaler at a port of its own. The Guardian, the Scaler and the 50 Container Scalers are three processes,
 * beside a real OpenTSDB and a server like CouchDB. No test that is run with the others: it takes minutes, and prints
 * tables.
 *
 * <pre>
 * mvn -q -pl examples -am test -Dtest=ManyHosts -Dsurefire.failIfNoSpecifiedTests=false
 * mvn … -Dhosts=10 -Dcontainers=20     fewer hosts, fewer containers on each
 * mvn … -Dearlier=97                   with so many older points of each series in the same hour
 * mvn … -Dappends=true                 with an OpenTSDB that appends to one cell for each series and hour
 * </pre>
 *
 * It begins with windows and polls in turn: one container in five uses more than its limits allow, so that in each window
 * 20 % of the resources make an event, and half of these a request, which the Scaler carries out. Then it lets
 * the Scaler carry out requests for a part of all containers. The first windows and polls are told but not counted: a service
 * runs for months, and the JVMs compile for the first dozen.
 *
 * <p>OpenTSDB keeps an hour of a series in one row, and reads all of it for any part of it; the hours that are over it rewrites.
 * So everything lies in the hour that runs, which must be old enough for it.
 *
 * <p>It is among the tests of the examples because the services, and the trees of files that the hosts have for cgroups,
 * are no library.
 */
class ManyHosts {
    private static final int HOSTS = Integer.getInteger("hosts", 50);
    private static final int CONTAINERS = Integer.getInteger("containers", 100);
    private static final int EARLIER = Integer.getInteger("earlier", 0);
    private static final boolean APPENDS = Boolean.getBoolean("appends");
    private static final int ONE_HOT_IN = 5;
    private static final int WARM_UP = 14;
    private static final int WINDOWS = 9;
    private static final int POLLS = 5;
    private static final List<Integer> PERCENT = List.of(2, 10, 100);
    private static final Duration WINDOW = Duration.ofSeconds(10);
    private static final Duration DELAY = Duration.ofSeconds(10);

    @TempDir
    private Path directory;

    private final Map<String, Long> processes = new LinkedHashMap<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private String[] ports;
    private Instant now;

    /** What one service did once. */
    private record Run(
            double millis, long stateRequests, long hostRequests, Map<String, Double> cpuSeconds, int asked) {}

    @Test
    void costs_of_windows_and_polls() throws Exception {
        progress("starting OpenTSDB and a server like CouchDB");
        try (RealOpenTsdb openTsdb = RealOpenTsdb.startToMeasure("tsd.storage.enable_appends = " + APPENDS)) {
            measure(CouchDbLike.shared(), openTsdb);
        }
    }

    private void measure(CouchDbLike couchDb, RealOpenTsdb openTsdb) throws Exception {
        note("CouchDB-like", "server.js");
        note("OpenTSDB", "OpenTsdbProcess");
        progress("starting " + HOSTS + " Container Scalers of " + CONTAINERS + " containers each");
        Instant start = Instant.now().truncatedTo(ChronoUnit.HOURS).plus(WINDOW.multipliedBy(EARLIER));
        Instant end = start.plus(WINDOW.multipliedBy(WARM_UP + WINDOWS));
        assertThat(end)
                .as("when the last point is written: begin later in the hour")
                .isBefore(Instant.now());
        now = start.plus(WINDOW).plus(DELAY);
        try (var hosts = new ChildProcess(SimulatedHosts.class, "512m", directory.resolve("hosts"), HOSTS, CONTAINERS);
                CouchDbStateStore state =
                        CouchDbStateStore.builder(couchDb.urlWithUser()).build()) {
            ports = hosts.answer("READY");
            processes.put(HOSTS + " Container Scalers", hosts.pid());
            progress("writing " + containers().size() + " containers and their usage");
            fill(state);
            writeUsage(openTsdb.url(), start);
            try (var guardian = service(GuardianWork.SERVICE, couchDb, openTsdb);
                    var scaler = service(ScalerWork.SERVICE, couchDb, openTsdb)) {
                measure(state, guardian, scaler);
                memory(Map.of("Guardian", guardian, "Scaler", scaler));
            }
        }
    }

    private ChildProcess service(String service, CouchDbLike couchDb, RealOpenTsdb openTsdb) throws IOException {
        var process = new ChildProcess(
                ServiceOnDemand.class,
                "512m",
                directory.resolve(service),
                service,
                couchDb.urlWithUser(),
                openTsdb.url(),
                now.getEpochSecond());
        process.answer("READY");
        processes.put(service.equals(GuardianWork.SERVICE) ? "Guardian" : "Scaler", process.pid());
        return process;
    }

    /** A process that somebody else has started. */
    private void note(String name, String inCommandLine) {
        ProcessHandle.current()
                .descendants()
                .filter(each -> commandLine(each).contains(inCommandLine))
                .findFirst()
                .ifPresent(each -> processes.put(name, each.pid()));
    }

    /** A process handle does not tell long ones. */
    private static String commandLine(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"));
        } catch (IOException ended) {
            return "";
        }
    }

    private static List<String> containers() {
        var names = new ArrayList<String>();
        for (int host = 0; host < HOSTS; host++) {
            for (int number = 0; number < CONTAINERS; number++) {
                names.add(SimulatedHosts.container(host, number));
            }
        }
        return names;
    }

    private void fill(StateStore state) {
        var structures = new ArrayList<Write<Structure>>();
        var limits = new ArrayList<Write<Limits>>();
        for (int host = 0; host < HOSTS; host++) {
            long cores = SimulatedHosts.CORES * 100L;
            structures.add(Write.create(Structure.of("host" + host, Structure.Subtype.HOST)
                    .withHost("host" + host, "127.0.0.1", ports[host + 1])
                    .withResource(Resource.CPU, StructureResource.stock(cores, cores))
                    .withResource(
                            Resource.MEMORY,
                            StructureResource.stock(SimulatedHosts.MEMORY_MIB, SimulatedHosts.MEMORY_MIB))));
            for (int number = 0; number < CONTAINERS; number++) {
                String name = SimulatedHosts.container(host, number);
                structures.add(Write.create(Structure.of(name, Structure.Subtype.CONTAINER)
                        .withGuard(true)
                        .withHost("host" + host, "127.0.0.1", ports[host + 1])
                        .withResource(
                                Resource.CPU,
                                StructureResource.bounds(20, 1_000, true).withCurrent(SimulatedHosts.SHARES))
                        .withResource(
                                Resource.MEMORY,
                                StructureResource.bounds(1_024, 32_768, true)
                                        .withCurrent(SimulatedHosts.CONTAINER_MIB))));
                limits.add(Write.create(Limits.of(name)
                        .withResource(Resource.CPU, ResourceLimits.of(Boundary.absolute(20)))
                        .withResource(Resource.MEMORY, ResourceLimits.of(Boundary.absolute(512)))));
            }
        }
        state.writeAll(DocumentKind.STRUCTURES, structures);
        state.writeAll(DocumentKind.LIMITS, limits);
        state.writeAll(
                DocumentKind.RULES,
                StockRules.documents().stream().map(Write::create).toList());
        // A poll is to be measured to its end.
        state.create(
                DocumentKind.SERVICES,
                new ServiceDocument(
                        ScalerWork.SERVICE,
                        Map.of(ScalerWork.PERIOD, JsonNodeFactory.instance.numberNode(WINDOW.toSeconds())),
                        Map.of(),
                        List.of()));
        state.create(DocumentKind.SERVICES, new ServiceDocument(GuardianWork.SERVICE, Map.of(), Map.of(), List.of()));
    }

    private static void writeUsage(String url, Instant start) throws IOException {
        try (OpenTsdbWriter writer = OpenTsdbWriter.builder(url)
                .whenFull(WhenFull.WAIT)
                .pointsPerRequest(5_000)
                .closeTimeout(Duration.ofMinutes(10))
                .open()) {
            for (int window = -EARLIER; window < WARM_UP + WINDOWS; window++) {
                Instant time = start.plus(WINDOW.multipliedBy(window)).plusSeconds(5);
                var points = new ArrayList<DataPoint>();
                int number = 0;
                for (String container : containers()) {
                    // Half of them from the second window on, so that not all make their requests in the same.
                    boolean isHot = window >= 0 && number % ONE_HOT_IN == 0 && (number % 2 == 0 || window > 0);
                    number++;
                    Map<String, String> tags = Map.of("host", container);
                    points.add(new DataPoint("proc.cpu.user", tags, time, isHot ? 2_000 : 60));
                    points.add(new DataPoint("proc.cpu.kernel", tags, time, 10));
                    points.add(new DataPoint("proc.mem.resident", tags, time, isHot ? 60_000 : 3_300));
                }
                writer.write(points);
                if (window % 10 == 0) {
                    progress("usage of window " + window + " of " + (WARM_UP + WINDOWS) + " is on its way");
                }
            }
        }
    }

    private void measure(StateStore state, ChildProcess guardian, ChildProcess scaler) throws Exception {
        List<String> names = new ArrayList<>(processes.keySet());
        System.out.println(
                "| what | requests | ms, median | longest | HTTP requests, to the state and OpenTSDB | to the hosts | "
                        + "CPU seconds of: " + String.join(" | ", names) + " |");
        System.out.println("|---|---:|---:|---:|---:|---:|" + "---:|".repeat(names.size()));
        var windows = new ArrayList<Run>();
        var polls = new ArrayList<Run>();
        for (int window = 0; window < WARM_UP + WINDOWS; window++) {
            Run decided = run(guardian, -1);
            int asked = requests(state, decided);
            Run carriedOut = run(scaler, asked);
            progress("window " + (window + 1) + " of " + (WARM_UP + WINDOWS) + ": " + (long) decided.millis
                    + " ms, the poll after it " + (long) carriedOut.millis + " ms");
            if (window >= WARM_UP) {
                windows.add(decided);
                polls.add(new Run(
                        carriedOut.millis,
                        carriedOut.stateRequests,
                        carriedOut.hostRequests,
                        carriedOut.cpuSeconds,
                        asked));
            }
            now = now.plus(WINDOW);
        }
        print("window of the Guardian", windows);
        print("poll of the Scaler after it", polls);
        for (int percent : PERCENT) {
            var some = new ArrayList<Run>();
            for (int poll = 0; poll < POLLS; poll++) {
                int asked = ask(state, percent, poll % 2 == 0 ? -5 : 5);
                Run done = run(scaler, asked);
                progress("poll with requests for " + percent + " %: " + (long) done.millis + " ms");
                some.add(new Run(done.millis, done.stateRequests, done.hostRequests, done.cpuSeconds, asked));
                now = now.plus(WINDOW);
            }
            print("poll, requests for " + percent + " %", some);
        }
    }

    private int requests(StateStore state, Run decided) {
        await().pollInterval(Duration.ofMillis(5)).until(() -> state.requests().size() >= decided.asked);
        return decided.asked;
    }

    private int ask(StateStore state, int percent, int amount) {
        Map<String, Structure> structures = new LinkedHashMap<>();
        state.findAll(DocumentKind.STRUCTURES)
                .forEach(each -> structures.put(each.document().name(), each.document()));
        List<String> all = containers();
        var requests = new ArrayList<ScalingRequest>();
        for (int i = 0; i < all.size(); i += 100 / percent) {
            requests.add(ScalingRequest.of(structures.get(all.get(i)), Resource.CPU, amount, 0, now));
        }
        state.addRequests(requests);
        return requests.size();
    }

    private Run run(ChildProcess service, int requests) throws Exception {
        long atHosts = requestsAtHosts();
        Map<String, Double> before = cpuSeconds();
        service.tell("run " + now.getEpochSecond() + " " + requests);
        String[] done = service.answer("DONE");
        Map<String, Double> cpu = cpuSeconds();
        cpu.replaceAll((name, seconds) -> seconds - before.get(name));
        List<String> words = List.of(done);
        int asked = words.contains("requests") ? Integer.parseInt(done[words.indexOf("requests") - 1]) : 0;
        return new Run(
                Long.parseLong(done[1]) / 1e3,
                Long.parseLong(done[2]),
                requestsAtHosts() - atHosts - ports.length + 1,
                cpu,
                asked);
    }

    private Map<String, Double> cpuSeconds() throws IOException {
        var seconds = new LinkedHashMap<String, Double>();
        for (Map.Entry<String, Long> process : processes.entrySet()) {
            seconds.put(process.getKey(), ChildProcess.cpuSeconds(process.getValue()));
        }
        return seconds;
    }

    /** As the servers count them; this question is one more for each. */
    private long requestsAtHosts() throws Exception {
        long sum = 0;
        for (int host = 0; host < HOSTS; host++) {
            String metrics = http.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + ports[host + 1] + "/metrics"))
                                    .build(),
                            BodyHandlers.ofString())
                    .body();
            sum += metrics.lines()
                    .filter(line -> line.startsWith("http_requests_seconds_count"))
                    .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum();
        }
        return sum;
    }

    private static void print(String what, List<Run> runs) {
        List<Run> sorted = runs.stream()
                .sorted((one, other) -> Double.compare(one.millis, other.millis))
                .toList();
        Run median = sorted.get(sorted.size() / 2);
        var line = new StringBuilder(String.format(
                "| %s | %,d | %,.0f | %,.0f | %,d | %,d |",
                what,
                median.asked,
                median.millis,
                sorted.get(sorted.size() - 1).millis,
                median.stateRequests,
                median.hostRequests));
        median.cpuSeconds.values().forEach(seconds -> line.append(String.format(" %.2f |", seconds)));
        System.out.println(line);
    }

    private void memory(Map<String, ChildProcess> services) throws IOException {
        System.out.println("\n| process | CPU seconds in all | resident MiB | heap used MiB after a collection |");
        System.out.println("|---|---:|---:|---:|");
        for (Map.Entry<String, Long> process : processes.entrySet()) {
            String heap = "";
            ChildProcess service = services.get(process.getKey());
            long resident = ChildProcess.residentMiB(process.getValue());
            if (service != null) {
                service.tell("memory");
                heap = Long.toString(Long.parseLong(service.answer("USED")[1]) >> 20);
            }
            System.out.printf(
                    "| %s | %.1f | %,d | %s |%n",
                    process.getKey(), ChildProcess.cpuSeconds(process.getValue()), resident, heap);
        }
    }

    private static void progress(String line) {
        System.err.println(line);
    }
}

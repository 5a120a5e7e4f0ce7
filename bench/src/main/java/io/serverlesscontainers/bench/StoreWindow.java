package io.serverlesscontainers.bench;

import static io.serverlesscontainers.store.document.DocumentKind.LIMITS;
import static io.serverlesscontainers.store.document.DocumentKind.STRUCTURES;

import io.serverlesscontainers.couchdb.CouchDbStateStore;
import io.serverlesscontainers.store.Stored;
import io.serverlesscontainers.store.Write;
import io.serverlesscontainers.store.WriteOutcome;
import io.serverlesscontainers.store.document.Boundary;
import io.serverlesscontainers.store.document.Limits;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.ResourceLimits;
import io.serverlesscontainers.store.document.ScaleEvents;
import io.serverlesscontainers.store.document.ScalingEvent;
import io.serverlesscontainers.store.document.Structure;
import io.serverlesscontainers.store.document.StructureResource;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.function.UnaryOperator;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;

/**
 * What one window of the Guardian costs against the shared state: all structures and limits are read, the limits of each
 * structure are written, an event for each is added, and the events of the window before are removed. Beside it, what the
 * same costs a client that goes from document to document: {@link DocumentByDocument}.
 *
 * <pre>
 * java -cp bench/target/benchmarks.jar io.serverlesscontainers.bench.StoreWindow http://admin:PASSWORD@localhost:5984 100 1000
 * </pre>
 *
 * It makes databases of its own on that server, and removes them at the end. Not a JMH benchmark: a window is long enough
 * to be measured once, and its requests and bytes are counted too. At least 100 structures are needed.
 */
public final class StoreWindow {
    private static final int WINDOWS = 3;

    /** For the code to be compiled and connections to be open, as they are in all windows of a day but the first. */
    private static final int WARM_UP_WINDOWS = 5;

    private static final int WARM_UP_STRUCTURES = 100;

    private final HttpUrl server;
    private final String prefix = "bench" + Integer.toHexString(new Random().nextInt(1 << 24)) + "_";
    private final int structures;
    private final PrintStream out;

    private StoreWindow(HttpUrl server, int structures, PrintStream out) {
        this.server = server;
        this.structures = structures;
        this.out = out;
    }

    /** Takes the server's URL and numbers of structures; 100, 1000 and 10000 unless told. */
    public static void main(String[] args) throws IOException {
        HttpUrl server = HttpUrl.get(args[0]);
        List<String> sizes = args.length > 1 ? List.of(args).subList(1, args.length) : List.of("100", "1000", "10000");
        System.out.println(
                "| client | structures | requests of a window that write | that read | that wait for changes "
                        + "| KiB sent and received | ms, median of " + WINDOWS + " | times |");
        System.out.println("|---|---:|---:|---:|---:|---:|---:|---:|");
        for (String size : sizes) {
            new StoreWindow(server, Integer.parseInt(size), System.out).run();
        }
    }

    private void run() throws IOException {
        var traffic = new Traffic();
        OkHttpClient client = traffic.client();
        List<String> names = names();
        double own;
        try {
            try (CouchDbStateStore store = CouchDbStateStore.builder(server.toString())
                    .databases(name -> prefix + name)
                    .client(client)
                    .timeout(Duration.ofMinutes(1))
                    .build()) {
                fill(store);
                for (int round = 1; round <= WARM_UP_WINDOWS; round++) {
                    window(store, WINDOWS + round);
                }
                own = measure("`CouchDbStateStore`", traffic, OptionalDouble.empty(), window -> window(store, window));
            }
            var naive = new DocumentByDocument(client, server, prefix);
            naive.index();
            naive.window(names.subList(0, WARM_UP_STRUCTURES), WINDOWS + 1);
            measure("one document at a time", traffic, OptionalDouble.of(own), window -> naive.window(names, window));
        } finally {
            for (String database :
                    List.of("structures", "limits", "rules", "services", "users", "events", "requests")) {
                new DocumentByDocument(client, server, prefix).remove(database);
            }
        }
    }

    private interface Window {
        void run(int number) throws IOException;
    }

    /** Returns the milliseconds of a window, to be the measure of another client's. */
    private double measure(String client, Traffic traffic, OptionalDouble measure, Window window) throws IOException {
        var millis = new ArrayList<Double>();
        Traffic.Sum cost = null;
        for (int number = 1; number <= WINDOWS; number++) {
            Traffic.Sum before = traffic.sum();
            long start = System.nanoTime();
            window.run(number);
            millis.add((System.nanoTime() - start) / 1e6);
            cost = traffic.sum().minus(before);
        }
        millis.sort(null);
        double median = millis.get(WINDOWS / 2);
        out.printf(
                "| %s | %,d | %,d | %,d | %,d | %,d | %,.0f | %.1f |%n",
                client,
                structures,
                cost.writes(),
                cost.reads(),
                cost.waits(),
                cost.bytes() / 1024,
                median,
                median / measure.orElse(median));
        return median;
    }

    private List<String> names() {
        var names = new ArrayList<String>(structures);
        for (int i = 0; i < structures; i++) {
            names.add("cont" + i);
        }
        return names;
    }

    private void fill(CouchDbStateStore store) {
        var containers = new ArrayList<Write<Structure>>(structures);
        var limits = new ArrayList<Write<Limits>>(structures);
        for (String name : names()) {
            containers.add(Write.create(Structure.of(name, Structure.Subtype.CONTAINER)
                    .withGuard(true)
                    .withHost("host0", "host0", "8000")
                    .withResource(Resource.CPU, StructureResource.bounds(50, 200, true))
                    .withResource(Resource.MEMORY, StructureResource.bounds(1024, 8192, true))));
            limits.add(Write.create(limits(Limits.of(name), 0)));
        }
        require(store.writeAll(STRUCTURES, containers));
        require(store.writeAll(LIMITS, limits));
        store.events();
    }

    static Limits limits(Limits before, int window) {
        return before.withResource(
                        Resource.CPU,
                        ResourceLimits.of(Boundary.absolute(25)).withThresholds(100 + window, 75 + window))
                .withResource(
                        Resource.MEMORY,
                        ResourceLimits.of(Boundary.absolute(256)).withThresholds(2048, 1792));
    }

    static ScalingEvent event(String structure, int window) {
        return ScalingEvent.of(structure, Resource.CPU, ScaleEvents.UP, Instant.ofEpochSecond(1_763_769_600L + window));
    }

    private void window(CouchDbStateStore store, int window) {
        List<String> before = store.events().stream().map(Stored::id).toList();
        if (store.findAll(LIMITS).size() != structures) {
            throw new IllegalStateException("not all limits are there");
        }
        Map<String, UnaryOperator<Limits>> changes = new LinkedHashMap<>();
        var events = new ArrayList<ScalingEvent>(structures);
        store.findAll(STRUCTURES).forEach(it -> {
            String name = it.document().name();
            changes.put(name, now -> limits(now, window));
            events.add(event(name, window));
        });
        require(store.changeAll(LIMITS, changes));
        store.addEvents(events);
        store.removeEvents(before);
    }

    private static void require(List<? extends WriteOutcome<?>> outcomes) {
        outcomes.stream()
                .filter(outcome -> !(outcome instanceof WriteOutcome.Written))
                .findFirst()
                .ifPresent(outcome -> {
                    throw new IllegalStateException("not written: " + outcome);
                });
    }
}

package io.serverlesscontainers.examples.endtoend;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serverlesscontainers.cgroups.Cgroups;
import io.serverlesscontainers.cgroups.KernelCgroupDriver;
import io.serverlesscontainers.cgroups.MetricsFeeder;
import io.serverlesscontainers.cgroups.remote.RemoteCgroupDriver;
import io.serverlesscontainers.core.decision.GuardianDecision;
import io.serverlesscontainers.core.guardian.Guardian;
import io.serverlesscontainers.core.guardian.GuardianSettings;
import io.serverlesscontainers.core.guardian.GuardianWindow;
import io.serverlesscontainers.core.scaler.Admission;
import io.serverlesscontainers.core.scaler.Scaler;
import io.serverlesscontainers.core.scaler.ScalerSettings;
import io.serverlesscontainers.core.spi.LimitChange;
import io.serverlesscontainers.core.spi.Usages;
import io.serverlesscontainers.couchdb.CouchDbLike;
import io.serverlesscontainers.couchdb.CouchDbStateStore;
import io.serverlesscontainers.examples.containerscaler.ContainerScalerServer;
import io.serverlesscontainers.examples.service.ServiceLoop;
import io.serverlesscontainers.examples.service.ServiceMetrics;
import io.serverlesscontainers.examples.service.http.Listen;
import io.serverlesscontainers.opentsdb.OpenTsdbMetricSource;
import io.serverlesscontainers.opentsdb.OpenTsdbWriter;
import io.serverlesscontainers.opentsdb.fixture.RealOpenTsdb;
import io.serverlesscontainers.policy.StockRules;
import io.serverlesscontainers.policy.StoredRulesPolicy;
import io.serverlesscontainers.store.document.Boundary;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.document.Limits;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.ResourceLimits;
import io.serverlesscontainers.store.document.Rule;
import io.serverlesscontainers.store.document.Structure;
import io.serverlesscontainers.store.document.StructureResource;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ForkJoinPool;

/**
 * A whole installation around one container: a feeder writes its usage into OpenTSDB, a Guardian reads it there and leaves
 * its wishes in a store like CouchDB, a Scaler takes them from there to the host's Container Scaler, over HTTP, which
 * writes to the kernel. Each has a thread and a store of its own, and they know nothing of one another.
 */
final class Installation implements AutoCloseable {
    static final long MIN = 10;
    static final long MAX = 200;
    /** Where the limit begins, and returns to: with a margin between each two of it, upper, and lower, which is min. */
    static final long AT_REST = 70;

    static final Duration PERIOD = Duration.ofSeconds(1);
    static final Duration WINDOW = Duration.ofSeconds(2);

    private static final String HOST = "host0";
    private static final long MARGIN = 30;
    /** Less than two margins, so that the samples from before a step are none of too little usage after it. */
    private static final int STEP = 40;

    private static final int EVENTS_DOWN = 4;
    private static final int MANY_REQUESTS = 1_000;

    private final Clock clock = Clock.systemUTC();
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final Deque<AutoCloseable> running = new ArrayDeque<>();
    private final List<GuardianDecision> decisions = new CopyOnWriteArrayList<>();
    private final List<Run> runs = new CopyOnWriteArrayList<>();
    private final String databases = CouchDbLike.newPrefix();
    private final String container;
    private final CouchDbStateStore state;
    private final OpenTsdbWriter writer;

    /**
     * A window of the Guardian.
     *
     * @param beganNanos when it was begun
     * @param took how long it took
     */
    record Run(long beganNanos, Duration took, GuardianWindow window) {}

    Installation(RealOpenTsdb openTsdb, String container) {
        this.container = container;
        try {
            state = store();
            writer = keep(OpenTsdbWriter.builder(openTsdb.url()).open());
            KernelCgroupDriver here = keep(Cgroups.builder().build());
            var containerScaler =
                    keep(new ContainerScalerServer(here, Path.of("/"), Listen.loopback(0), MANY_REQUESTS));
            var there = keep(
                    RemoteCgroupDriver.builder(containerScaler.url().toString()).build());
            admit(there);
            cpuRules().forEach(rule -> state.create(DocumentKind.RULES, rule));

            var feeder = keep(new MetricsFeeder(here, writer, () -> List.of(container)));
            run("feeder", PERIOD, feeder::runOnce);
            Scaler scaler = scaler(there);
            run("scaler", PERIOD.dividedBy(2), scaler::runOnce);
            Guardian guardian = guardian(openTsdb);
            run("guardian", PERIOD, () -> watch(guardian));
        } catch (RuntimeException | Error failed) {
            close();
            throw failed;
        }
    }

    private CouchDbStateStore store() {
        return keep(CouchDbLike.shared().store(databases).build());
    }

    private void admit(RemoteCgroupDriver there) {
        there.apply(container, LimitChange.to(Resource.CPU, AT_REST));
        new Admission(state, there, HOST)
                .admit(
                        Structure.of(container, Structure.Subtype.CONTAINER)
                                .withGuard(true)
                                .withResource(Resource.CPU, StructureResource.bounds(MIN, MAX, true)),
                        Limits.of(container).withResource(Resource.CPU, ResourceLimits.of(Boundary.absolute(MARGIN))));
    }

    /** The stock rules of the CPU, with a step that suits a machine of two cores, and less patience before a way down. */
    private static List<Rule> cpuRules() {
        return StockRules.documents().stream()
                .filter(rule -> rule.resource().equals(Optional.of(Resource.CPU)) && rule.isActive())
                .map(rule -> {
                    ObjectNode json = rule.toJson().deepCopy();
                    if (rule.name().equals("CpuRescaleUp")) {
                        json.put("amount", STEP);
                    } else if (rule.name().equals("CpuRescaleDown")) {
                        ((ArrayNode) json.at("/rule/and/0/>=")).set(1, IntNode.valueOf(EVENTS_DOWN));
                        json.put("events_to_remove", EVENTS_DOWN);
                    }
                    return DocumentKind.RULES.read(json);
                })
                .toList();
    }

    private Scaler scaler(RemoteCgroupDriver there) {
        return keep(new Scaler(
                store(), structure -> there, query -> Usages.none(), ScalerSettings.stock(), clock, moved -> {}));
    }

    private Guardian guardian(RealOpenTsdb openTsdb) {
        CouchDbStateStore store = store();
        var usage = keep(OpenTsdbMetricSource.builder(openTsdb.url())
                .timeout(PERIOD.multipliedBy(7).dividedBy(10))
                .rememberMissing(PERIOD)
                .build());
        var policy = keep(StoredRulesPolicy.following(store, ForkJoinPool.commonPool(), problem -> {}));
        GuardianSettings settings = GuardianSettings.stock()
                .withWindow(WINDOW, Duration.ofSeconds(1))
                .withEventTimeout(Duration.ofSeconds(8))
                .withResources(Set.of(Resource.CPU));
        return keep(new Guardian(store, usage, policy, settings, clock, decisions::add));
    }

    private void watch(Guardian guardian) {
        long began = System.nanoTime();
        GuardianWindow window = guardian.runOnce();
        runs.add(new Run(began, Duration.ofNanos(System.nanoTime() - began), window));
    }

    private void run(String service, Duration period, Runnable once) {
        var metrics = keep(new ServiceMetrics(service));
        var loop = new ServiceLoop(
                service,
                () -> {
                    once.run();
                    return "";
                },
                () -> period,
                ended -> {},
                clock,
                metrics);
        running.push(loop);
        loop.start();
    }

    private <T extends AutoCloseable> T keep(T resource) {
        open.push(resource);
        return resource;
    }

    /** What the Guardian decided, one for each window. */
    List<GuardianDecision> decisions() {
        return decisions;
    }

    /** The Guardian's windows that were begun at or after a {@link System#nanoTime()}. */
    List<Run> runsSince(long nanos) {
        return runs.stream().filter(run -> run.beganNanos() - nanos >= 0).toList();
    }

    /** Whether the Guardian saw usage in its last window, and not more than upper. */
    boolean isContent() {
        return !decisions.isEmpty()
                && decisions
                        .get(decisions.size() - 1)
                        .state()
                        .map(seen -> seen.usage() <= seen.upper())
                        .orElse(false);
    }

    OpenTsdbWriter writer() {
        return writer;
    }

    /** What the state says of the container. */
    StructureResource cpu() {
        return cpu(container);
    }

    /** What the state says of the host. */
    StructureResource hostCpu() {
        return cpu(HOST);
    }

    private StructureResource cpu(String structure) {
        return state.find(DocumentKind.STRUCTURES, structure)
                .orElseThrow()
                .document()
                .resource(Resource.CPU)
                .orElseThrow();
    }

    int requests() {
        return state.requests().size();
    }

    /** Ends the services, the Guardian first; what they knew stays to be looked at. */
    void stop() {
        close(running);
    }

    @Override
    public void close() {
        stop();
        close(open);
    }

    /** The last one first. */
    private static void close(Deque<AutoCloseable> resources) {
        while (!resources.isEmpty()) {
            try {
                resources.pop().close();
            } catch (Exception failed) {
                throw new AssertionError(failed);
            }
        }
    }
}

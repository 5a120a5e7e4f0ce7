package io.serverlesscontainers.examples.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.serverlesscontainers.core.spi.CpuSet;
import io.serverlesscontainers.core.tck.RealThings;
import io.serverlesscontainers.couchdb.CouchDbLike;
import io.serverlesscontainers.couchdb.CouchDbStateStore;
import io.serverlesscontainers.examples.service.JarProcess;
import io.serverlesscontainers.opentsdb.fixture.RealOpenTsdb;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * An operator and an installation: a server like CouchDB, a real OpenTSDB, all services as processes of the runnable jar,
 * and two real containers under load. All that is done to them is done over HTTP, and what comes of it is read from the
 * kernel.
 */
@Timeout(900)
class SeparateProcessesIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** As long as requests are good for, and a Scaler's poll. */
    private static final Duration REQUESTS_ARE_GOOD_FOR = Duration.ofSeconds(12);

    private static final String HOST = "here";
    private static final long HOST_SHARES = 100L * Runtime.getRuntime().availableProcessors();
    private static final long HOST_MIB = 1024;

    private static final long CPU_MIN = 10;
    private static final long CPU_MAX = 80;
    private static final long MARGIN = 10;
    /** With a margin between each two of it, upper, and lower, which is min. */
    private static final long CPU_AT_REST = 30;

    private static final int STEP = 15;
    private static final int MUCH = 45;
    private static final int SOME = 28;

    private static final long MEMORY_MIN = 32;
    private static final long MEMORY_MAX = 256;
    private static final long MEMORY_FIRST = 128;
    private static final long MEMORY_AT_REST = 64;

    private static final String ALL_SLOTS = "64 of 64 slots";
    private static final String HALF_OF_THE_SLOTS = "32 of 64 slots";

    @TempDir
    private Path directory;

    private CouchDbLike couchDb;
    private RealOpenTsdb openTsdb;
    private final List<WatchedContainer> containers = new ArrayList<>();
    private Services services;
    private CouchDbStateStore store;
    private OrchestratorClient orchestrator;
    private boolean isFirstBusy;

    @BeforeEach
    void begin() throws Exception {
        RealThings.require(
                RealOpenTsdb.missing().isEmpty(), RealOpenTsdb.missing().orElse(""));
        containers.add(new WatchedContainer(LoadedContainer.start("-a")));
        containers.add(new WatchedContainer(LoadedContainer.start("-b")));
        couchDb = CouchDbLike.start();
        openTsdb = RealOpenTsdb.shared();
        services = new Services(directory, couchDb.urlWithUser(), openTsdb.url());
        store = CouchDbStateStore.builder(couchDb.urlWithUser()).build();
    }

    @AfterEach
    void leave_nothing_behind() throws Exception {
        var open = new ArrayList<AutoCloseable>();
        open.add(services);
        open.add(store);
        open.add(couchDb);
        // The first one knows what was there before LXC was.
        containers.forEach(each -> open.add(3, each));
        Exception failure = null;
        for (AutoCloseable each : open) {
            try {
                if (each != null) {
                    each.close();
                }
            } catch (Exception failed) {
                failure = failed;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    @Test
    void limits_follow_usage_whatever_dies_and_the_account_is_right_in_the_end() throws Exception {
        try {
            services.init();
            services.start();
            orchestrator = new OrchestratorClient(services.get("orchestrator").url());
            subscribe();
            limits_follow_usage();
            a_scaler_that_is_not_active_moves_nothing();
            what_is_not_guarded_stays_as_it_is();
            services_die_and_come_back();
            of_two_the_other_one_takes_over("guardian");
            of_two_the_other_one_takes_over("scaler");
            the_account_is_the_kernels();
            nothing_was_done_that_was_not_asked_for();
            everything_is_let_go();
        } catch (Exception | AssertionError failed) {
            throw new AssertionError(failed.getMessage() + services.tails(), failed);
        }
    }

    private void subscribe() throws Exception {
        orchestrator.put("/rule/CpuRescaleUp/amount", "{\"value\":\"" + STEP + "\"}");
        for (String rule : List.of("CpuRescaleDown", "MemRescaleDown")) {
            orchestrator.put("/rule/" + rule + "/events_required", "{\"event_type\":\"down\",\"value\":\"3\"}");
        }
        int port = services.get("container-scaler").url().getPort();
        orchestrator.put("/structure/host/" + HOST, """
                {"name":"%s","host":"%s","subtype":"host","host_rescaler_ip":"127.0.0.1","host_rescaler_port":%d,
                 "resources":{"cpu":{"max":%d,"free":%d},"mem":{"max":%d,"free":%d}}}""".formatted(
                        HOST, HOST, port, HOST_SHARES, HOST_SHARES, HOST_MIB, HOST_MIB));
        orchestrator.put("/structure/apps/both", """
                {"app":{"name":"both","subtype":"application","guard":false,"resources":{
                   "cpu":{"max":160,"min":20,"guard":false},"mem":{"max":512,"min":64,"guard":false}}},
                 "limits":{"resources":{"cpu":{"boundary":10},"mem":{"boundary":16}}}}""");
        for (WatchedContainer each : containers) {
            orchestrator.put("/structure/container/" + each.name(), """
                    {"container":{"name":"%s","subtype":"container","host":"%s","host_rescaler_ip":"127.0.0.1",
                       "host_rescaler_port":"%d","guard":false,"resources":{
                         "cpu":{"max":%d,"current":%d,"min":%d,"guard":true},
                         "mem":{"max":%d,"current":%d,"min":%d,"guard":true}}},
                     "limits":{"resources":{"cpu":{"boundary":10},"mem":{"boundary":16}}}}""".formatted(
                    each.name(), HOST, port, CPU_MAX, CPU_AT_REST, CPU_MIN, MEMORY_MAX, MEMORY_FIRST, MEMORY_MIN));
            each.watch();
            assertThat(each.cpu().now()).isEqualTo(CPU_AT_REST);
            assertThat(each.memory().now()).isEqualTo(MEMORY_FIRST);
            orchestrator.put("/structure/container/" + each.name() + "/both");
        }
    }

    private void limits_follow_usage() throws Exception {
        containers.get(0).load().wants(MUCH);
        containers.get(1).load().wants(SOME);
        guard("guard");
        for (WatchedContainer each : containers) {
            waiting("the limit of %s rises", each).until(() -> each.cpu().now() > CPU_AT_REST);
            waiting("the limit of %s settles above what it uses", each).until(() -> isSettled(each));
            assertThat(each.cpu().now()).isLessThan(CPU_MAX);
        }
        for (WatchedContainer each : containers) {
            each.load().idle();
        }
        for (WatchedContainer each : containers) {
            waiting("the limits of %s fall", each)
                    .until(() ->
                            each.cpu().now() == CPU_AT_REST && each.memory().now() == MEMORY_AT_REST);
        }
    }

    /** Whether it used no more than its upper threshold for some seconds in which its limit was not moved. */
    private boolean isSettled(WatchedContainer container) throws Exception {
        int before = container.moves();
        double usage = container.usage(Duration.ofSeconds(3));
        JsonNode cpu = orchestrator.get("/structure/" + container.name() + "/limits/cpu");
        return container.moves() == before && usage <= cpu.path("upper").asDouble();
    }

    private void a_scaler_that_is_not_active_moves_nothing() throws Exception {
        JarProcess scaler = services.get("scaler");
        long mark = scaler.mark();
        orchestrator.put("/service/scaler/ACTIVE", "{\"value\":\"false\"}");
        await("the Scaler pauses")
                .atMost(PATIENCE)
                .until(() -> !scaler.lines(mark, "scaler is not active").isEmpty());
        int before = moves();
        containers.get(0).load().wants(MUCH);
        await("requests come").atMost(PATIENCE).until(() -> store.requests().size() >= 3);
        assertThat(moves()).as("moves without a Scaler").isEqualTo(before);
        orchestrator.put("/service/scaler/ACTIVE", "{\"value\":\"true\"}");
        waiting("the limit of %s rises again", containers.get(0))
                .until(() -> containers.get(0).cpu().now() > CPU_AT_REST);
    }

    private void what_is_not_guarded_stays_as_it_is() throws Exception {
        guard("unguard");
        awaitNothingToDo();
        int before = moves();
        containers.get(0).load().idle();
        containers.get(1).load().wants(MUCH);
        JarProcess guardian = services.get("guardian");
        long mark = guardian.mark();
        await("windows")
                .atMost(PATIENCE)
                .until(() -> guardian.lines(mark, "guardian: 0 resources seen").size() >= 5);
        assertThat(moves()).as("moves of what is not guarded").isEqualTo(before);
        guard("guard");
    }

    /** Until the Guardian looks at nothing and the Scaler has carried everything out. */
    private void awaitNothingToDo() throws Exception {
        JarProcess guardian = services.get("guardian");
        JarProcess scaler = services.get("scaler");
        long guardianMark = guardian.mark();
        await("the Guardian looks at nothing")
                .atMost(PATIENCE)
                .until(() -> guardian.lines(guardianMark, "guardian: 0 resources seen")
                                .size()
                        >= 2);
        await("all requests are taken")
                .atMost(PATIENCE)
                .until(() -> store.requests().isEmpty());
        long scalerMark = scaler.mark();
        await("and carried out")
                .atMost(PATIENCE)
                .until(() -> scaler.lines(scalerMark, "scaler: ").size() >= 2);
    }

    private void services_die_and_come_back() throws Exception {
        for (JarProcess each : List.copyOf(services.all())) {
            changeLoad();
            each.kill();
            long mark = each.mark();
            each.start();
            each.url();
            if (each.name().equals("container-scaler") || each.name().equals("orchestrator")) {
                continue;
            }
            await(each.name() + " works again")
                    .atMost(PATIENCE)
                    .until(() -> !each.lines(mark, each.name() + ": ").isEmpty());
        }
        awaitLimitsFollow();
    }

    private void of_two_the_other_one_takes_over(String service) throws Exception {
        JarProcess one = services.get(service);
        JarProcess another = services.startAnother(service);
        for (JarProcess dying : List.of(one, another)) {
            JarProcess other = dying == one ? another : one;
            long shared = other.mark();
            await("they share the work")
                    .atMost(PATIENCE)
                    .until(() -> !other.lines(shared, HALF_OF_THE_SLOTS).isEmpty());
            changeLoad();
            awaitMove();
            dying.kill();
            long mark = other.mark();
            await("the other one does it all")
                    .atMost(PATIENCE)
                    .until(() -> other.lines(mark, service + ": ").stream()
                            .anyMatch(line -> !line.contains(HALF_OF_THE_SLOTS)));
            assertThat(other.lines(mark, HALF_OF_THE_SLOTS))
                    .as("windows until it did, the one at the time included")
                    .hasSizeLessThanOrEqualTo(3);
            awaitLimitsFollow();
            dying.start();
            dying.url();
        }
    }

    private void the_account_is_the_kernels() throws Exception {
        guard("unguard");
        awaitNothingToDo();
        await("the account is the kernel's").atMost(PATIENCE).untilAsserted(() -> {
            JsonNode host = orchestrator.get("/structure/" + HOST);
            JsonNode application = orchestrator.get("/structure/both");
            long shares = 0;
            long memoryMiB = 0;
            for (WatchedContainer each : containers) {
                LoadedContainer kernel = each.load();
                JsonNode structure = orchestrator.get("/structure/" + each.name());
                assertThat(structure.at("/resources/cpu/current").asLong()).isEqualTo(kernel.cpuLimit());
                assertThat(structure.at("/resources/mem/current").asLong()).isEqualTo(kernel.memoryLimit());
                shares += kernel.cpuLimit();
                memoryMiB += kernel.memoryLimit();
                assertThat(cores(host, each.name()))
                        .as("cores of %s in %s", each.name(), host)
                        .isEqualTo(kernel.cpus());
                assertThat(shares(host, each.name())).as(host.toString()).isEqualTo(kernel.cpuLimit());
            }
            assertThat(host.at("/resources/cpu/free").asLong())
                    .as(host.toString())
                    .isEqualTo(HOST_SHARES - shares);
            assertThat(host.at("/resources/mem/free").asLong())
                    .as(host.toString())
                    .isEqualTo(HOST_MIB - memoryMiB);
            assertThat(application.at("/resources/cpu/current").asLong()).isEqualTo(shares);
            assertThat(application.at("/resources/mem/current").asLong()).isEqualTo(memoryMiB);
        });
    }

    /** The cores that the map has for a container, as the kernel writes them. */
    private static String cores(JsonNode host, String container) {
        var cores = new TreeSet<Integer>();
        for (Map.Entry<String, JsonNode> core : map(host).properties()) {
            if (core.getValue().path(container).asLong() > 0) {
                cores.add(Integer.parseInt(core.getKey()));
            }
        }
        return CpuSet.of(cores).toString();
    }

    private static long shares(JsonNode host, String container) {
        long shares = 0;
        for (JsonNode core : map(host)) {
            shares += core.path(container).asLong();
        }
        return shares;
    }

    private static JsonNode map(JsonNode host) {
        return host.at("/resources/cpu/core_usage_mapping");
    }

    private void nothing_was_done_that_was_not_asked_for() throws Exception {
        Wishes wishes = Wishes.of(services.get("guardian"), services.get("another-guardian"));
        for (WatchedContainer each : containers) {
            assertThat(each.cpu().limits())
                    .hasSizeGreaterThan(10)
                    .allSatisfy(limit -> assertThat(limit).isBetween(CPU_MIN, CPU_MAX));
            assertThat(each.memory().limits())
                    .allSatisfy(limit -> assertThat(limit).isBetween(MEMORY_MIN, MEMORY_MAX));
            assertAsked(wishes, each.name(), "cpu", each.cpu(), CPU_MIN, CPU_MAX);
            assertAsked(wishes, each.name(), "mem", each.memory(), MEMORY_MIN, MEMORY_MAX);
        }
    }

    private static void assertAsked(
            Wishes wishes, String container, String resource, LimitWatch limit, long min, long max) {
        assertThat(wishes.unasked(container, resource, limit.moves(), min, max, REQUESTS_ARE_GOOD_FOR))
                .as("moves of %s without a request of their own, of %s, among %s", container, limit.moves(), wishes)
                .isEmpty();
    }

    private void everything_is_let_go() throws Exception {
        for (WatchedContainer each : containers) {
            orchestrator.delete("/structure/container/" + each.name() + "/both");
            orchestrator.delete("/structure/container/" + each.name());
        }
        orchestrator.delete("/structure/apps/both");
        JsonNode host = orchestrator.get("/structure/" + HOST);
        assertThat(host.at("/resources/cpu/free").asLong()).isEqualTo(HOST_SHARES);
        assertThat(host.at("/resources/mem/free").asLong()).isEqualTo(HOST_MIB);
        assertThat(map(host))
                .hasSize((int) HOST_SHARES / 100)
                .allSatisfy(core -> assertThat(core.toString()).isEqualTo("{\"free\":100}"));
        orchestrator.delete("/structure/host/" + HOST);
        assertThat(orchestrator.get("/structure/")).isEmpty();
    }

    private void guard(String guard) throws Exception {
        for (WatchedContainer each : containers) {
            orchestrator.put("/structure/" + each.name() + "/" + guard);
        }
    }

    /** The busy one rests, and the one that rested is busy. */
    private void changeLoad() throws Exception {
        isFirstBusy = !isFirstBusy;
        containers.get(isFirstBusy ? 0 : 1).load().wants(MUCH);
        containers.get(isFirstBusy ? 1 : 0).load().idle();
    }

    private void awaitLimitsFollow() {
        WatchedContainer busy = containers.get(isFirstBusy ? 0 : 1);
        WatchedContainer resting = containers.get(isFirstBusy ? 1 : 0);
        waiting("the limit of %s is far enough above what it uses", busy)
                .until(() -> busy.cpu().now() > MUCH + MARGIN);
        waiting("the limit of %s is low", resting).until(() -> resting.cpu().now() == CPU_AT_REST);
    }

    private int moves() {
        return containers.stream().collect(Collectors.summingInt(WatchedContainer::moves));
    }

    private void awaitMove() {
        int before = moves();
        await("a limit moves")
                .pollInterval(Duration.ofMillis(5))
                .atMost(PATIENCE)
                .until(() -> moves() > before);
    }

    private static ConditionFactory waiting(String what, WatchedContainer container) {
        return await(what.formatted(container.name())).atMost(PATIENCE);
    }
}

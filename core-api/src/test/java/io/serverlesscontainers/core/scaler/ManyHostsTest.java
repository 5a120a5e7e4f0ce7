package io.serverlesscontainers.core.scaler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.serverlesscontainers.core.decision.ScalerDecision;
import io.serverlesscontainers.core.decision.ScalerDecision.Outcome;
import io.serverlesscontainers.core.spi.CgroupDriver;
import io.serverlesscontainers.core.spi.CgroupException;
import io.serverlesscontainers.core.spi.ContainerLimits;
import io.serverlesscontainers.core.spi.HostCapacity;
import io.serverlesscontainers.core.spi.LimitChange;
import io.serverlesscontainers.core.spi.LimitOutcome;
import io.serverlesscontainers.core.spi.MetricSource;
import io.serverlesscontainers.core.spi.UnreachableHostException;
import io.serverlesscontainers.core.spi.Usages;
import io.serverlesscontainers.store.Revisioned;
import io.serverlesscontainers.store.document.CoreUsage;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.document.Limits;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.ScalingRequest;
import io.serverlesscontainers.store.document.Structure;
import io.serverlesscontainers.store.document.StructureResource;
import io.serverlesscontainers.store.memory.InMemoryStateStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One Scaler and several hosts of 4 CPUs and 8,192 MiB each; containers may have 50 to 400 shares. */
class ManyHostsTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_000);
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

    private final Map<String, HostOnPaper> hosts = new HashMap<>();
    private final Map<String, CgroupDriver> drivers = new HashMap<>();
    private final InMemoryStateStore store = new InMemoryStateStore();
    private final List<ScalerDecision> decisions = Collections.synchronizedList(new ArrayList<>());
    private final List<Scaler> scalers = new ArrayList<>();
    private MetricSource usage = query -> Usages.none();

    @AfterEach
    void close() {
        scalers.forEach(Scaler::close);
        store.close();
    }

    @Test
    void each_host_has_its_own_driver_and_account() {
        add("host-1", "web-1", 200);
        add("host-2", "web-2", 400);
        request("web-1", 100);
        request("web-2", 100);

        assertThat(scaler(4).runOnce()).isEqualTo(1);

        assertThat(hosts.get("host-1").limit("web-1", Resource.CPU)).isEqualTo(300);
        assertThat(hosts.get("host-2").writes()).isEmpty();
        assertThat(free("host-1")).isEqualTo(100);
        assertThat(outcomes()).isEqualTo(Map.of("web-1", Outcome.APPLIED, "web-2", Outcome.REFUSED));
    }

    @Test
    void a_host_that_hangs_delays_nobody_and_is_left_alone_until_it_is_done() {
        var released = new CountDownLatch(1);
        var asked = new AtomicInteger();
        add("host-1", "web-1", 200);
        add("host-2", "web-2", 200);
        drivers.put("host-1", new Before(hosts.get("host-1"), () -> {
            asked.incrementAndGet();
            uninterruptedly(released);
        }));
        Scaler scaler = scaler(2);
        request("web-1", 100);
        request("web-2", 100);

        assertThat(scaler.runOnce()).isEqualTo(1);
        assertThat(hosts.get("host-2").limit("web-2", Resource.CPU)).isEqualTo(300);

        request("web-1", -50);
        request("web-2", -50);
        assertThat(scaler.runOnce()).isEqualTo(1);
        assertThat(hosts.get("host-2").limit("web-2", Resource.CPU)).isEqualTo(250);
        assertThat(asked).hasValue(1);
        assertThat(store.requests())
                .extracting(each -> each.entry().structure())
                .containsExactly("web-1");

        released.countDown();
        await().until(() -> hosts.get("host-1").limit("web-1", Resource.CPU) == 300 && free("host-1") == 100);
        await().until(() -> scaler.runOnce() == 1);
        assertThat(hosts.get("host-1").limit("web-1", Resource.CPU)).isEqualTo(250);
        assertThat(store.requests()).isEmpty();
    }

    @Test
    void a_host_that_does_not_answer_is_tried_once_a_poll() {
        var asked = new AtomicInteger();
        for (int i = 0; i < 20; i++) {
            add("host-1", "web-" + i, 10);
            request("web-" + i, 5);
        }
        drivers.put("host-1", new Before(hosts.get("host-1"), () -> {
            asked.incrementAndGet();
            throw new UnreachableHostException("host-1:8000 does not answer", null);
        }));

        assertThat(scaler(1).runOnce()).isZero();

        assertThat(asked).hasValue(1);
        assertThat(store.requests()).hasSize(20);
        assertThat(decisions)
                .hasSize(20)
                .allSatisfy(decision -> assertThat(decision.reason()).isEqualTo("host-1:8000 does not answer"));
    }

    @Test
    void a_container_whose_host_cannot_be_told_keeps_its_request() {
        add("host-1", "web-1", 200);
        add("host-2", "web-2", 200);
        drivers.remove("host-1");
        request("web-1", 100);
        request("web-2", 100);

        assertThat(scaler(1).runOnce()).isEqualTo(1);

        assertThat(outcomes()).isEqualTo(Map.of("web-1", Outcome.FAILED, "web-2", Outcome.APPLIED));
        assertThat(store.requests()).hasSize(1);
    }

    @Test
    void of_the_hosts_only_those_that_are_ours_are_served() {
        add("host-1", "web-1", 200);
        add("host-2", "web-2", 200);
        request("web-1", 100);
        request("web-2", 100);

        assertThat(scaler(1).runOnce("host-2"::equals)).isEqualTo(1);

        assertThat(hosts.get("host-1").writes()).isEmpty();
        assertThat(store.requests())
                .extracting(each -> each.entry().structure())
                .containsExactly("web-1");
    }

    @Test
    void an_application_s_increase_goes_to_its_most_pressed_containers() {
        add("host-1", "web-1", 100);
        add("host-2", "web-2", 100);
        application("shop", "web-1", "web-2");
        usage = query -> Usages.builder()
                .add("web-1", Resource.CPU, 95)
                .add("web-2", Resource.CPU, 35)
                .build();
        request("shop", 100);

        assertThat(scaler(1).runOnce()).isEqualTo(2);

        assertThat(hosts.get("host-1").limit("web-1", Resource.CPU)).isEqualTo(180);
        assertThat(hosts.get("host-2").limit("web-2", Resource.CPU)).isEqualTo(120);
        assertThat(decisions.get(0).sentence())
                .isEqualTo("shop cpu: divided among its containers: {web-1=80, web-2=20}");
        assertThat(store.requests()).isEmpty();
    }

    @Test
    void the_part_of_an_application_on_another_s_host_waits_for_it() {
        add("host-1", "web-1", 100);
        add("host-2", "web-2", 100);
        application("shop", "web-1", "web-2");
        request("shop", 100);

        assertThat(scaler(1).runOnce("host-1"::equals)).isEqualTo(1);

        assertThat(hosts.get("host-1").limit("web-1", Resource.CPU)).isEqualTo(150);
        assertThat(store.requests()).singleElement().satisfies(left -> {
            assertThat(left.entry().structure()).isEqualTo("web-2");
            assertThat(left.entry().amount()).isEqualTo(50);
        });
        assertThat(scaler(1).runOnce("host-2"::equals)).isEqualTo(1);
        assertThat(hosts.get("host-2").limit("web-2", Resource.CPU)).isEqualTo(150);
    }

    @Test
    void an_application_of_nothing_is_refused() {
        application("shop", "gone");
        request("shop", 100);

        assertThat(scaler(1).runOnce()).isZero();

        assertThat(decisions)
                .extracting(ScalerDecision::sentence)
                .containsExactly("shop cpu: the application has no container with this resource");
        assertThat(store.requests()).isEmpty();
    }

    @Test
    void a_container_admitted_in_the_middle_of_a_poll_keeps_its_cores() {
        add("host-1", "web-1", 100);
        hosts.get("host-1").container("new", 200, 1_024);
        drivers.put("host-1", new Before(hosts.get("host-1"), () -> {
            if (store.find(DocumentKind.STRUCTURES, "new").isEmpty()) {
                new Admission(store, hosts.get("host-1"), "host-1").admit(container("new", 200), Limits.of("new"));
            }
        }));
        request("web-1", 75);

        assertThat(scaler(1).runOnce()).isEqualTo(1);

        assertThat(free("host-1")).isEqualTo(400 - 175 - 200);
        CoreUsage cores = structure("host-1")
                .resource(Resource.CPU)
                .orElseThrow()
                .coreUsage()
                .orElseThrow();
        assertThat(held(cores, "web-1")).isEqualTo(175);
        assertThat(held(cores, "new")).isEqualTo(200);
    }

    @Test
    void a_request_that_was_handled_by_another_scaler_s_poll_is_not_handled_again() {
        add("host-1", "web-1", 200);
        request("web-1", 100);
        scaler(1).runOnce();

        assertThat(scaler(1).runOnce()).isZero();

        assertThat(hosts.get("host-1").writes()).hasSize(1);
    }

    @Test
    void a_core_map_that_is_wrong_is_put_right_without_a_request_if_it_is_checked() {
        add("host-1", "web-1", 150);
        store.change(
                DocumentKind.STRUCTURES,
                "host-1",
                host -> host.withResource(
                        Resource.CPU,
                        host.resource(Resource.CPU)
                                .orElseThrow()
                                .withFree(250)
                                .withCoreUsage(new CoreUsage(new TreeMap<>()))));
        Structure wrong = structure("host-1");
        scaler(ScalerSettings.stock()).runOnce();
        assertThat(structure("host-1"))
                .as("it adds up, and no host is asked for more")
                .isEqualTo(wrong);
        Scaler checking = scaler(ScalerSettings.stock().withAccountsChecked(true));

        assertThat(checking.runOnce()).isZero();

        assertThat(free("host-1")).isEqualTo(250);
        assertThat(held(
                        structure("host-1")
                                .resource(Resource.CPU)
                                .orElseThrow()
                                .coreUsage()
                                .orElseThrow(),
                        "web-1"))
                .isEqualTo(150);
        String revision =
                store.find(DocumentKind.STRUCTURES, "host-1").orElseThrow().revision();
        checking.runOnce();
        assertThat(store.find(DocumentKind.STRUCTURES, "host-1").orElseThrow().revision())
                .as("nothing to put right, nothing written")
                .isEqualTo(revision);
        assertThat(hosts.get("host-1").writes()).isEmpty();
    }

    private static long held(CoreUsage cores, String container) {
        return cores.cores().values().stream()
                .mapToLong(core -> core.shares().getOrDefault(container, 0L))
                .sum();
    }

    private static void uninterruptedly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    private Scaler scaler(int hostsAtOnce) {
        return scaler(ScalerSettings.stock().withHostsAtOnce(hostsAtOnce, Duration.ofMillis(300)));
    }

    private Scaler scaler(ScalerSettings settings) {
        var scaler = new Scaler(
                store,
                structure -> {
                    CgroupDriver driver = drivers.get(structure.host().orElse(""));
                    if (driver == null) {
                        throw new CgroupException("there is no way to " + structure.host());
                    }
                    return driver;
                },
                query -> usage.usage(query),
                settings,
                CLOCK,
                decisions::add);
        scalers.add(scaler);
        return scaler;
    }

    private void add(String host, String name, long cpuShares) {
        hosts.computeIfAbsent(host, added -> {
                    var onPaper = new HostOnPaper(4, 8_192);
                    drivers.put(host, onPaper);
                    store.create(
                            DocumentKind.STRUCTURES,
                            Structure.of(host, Structure.Subtype.HOST)
                                    .withResource(Resource.CPU, StructureResource.stock(400, 400)));
                    return onPaper;
                })
                .container(name, cpuShares, 1_024);
        store.create(DocumentKind.STRUCTURES, container(name, cpuShares).withHost(host, host, "8000"));
    }

    private static Structure container(String name, long cpuShares) {
        return Structure.of(name, Structure.Subtype.CONTAINER)
                .withGuard(true)
                .withResource(
                        Resource.CPU, StructureResource.bounds(1, 400, true).withCurrent(cpuShares));
    }

    private void application(String name, String... containers) {
        store.create(
                DocumentKind.STRUCTURES,
                Structure.of(name, Structure.Subtype.APPLICATION)
                        .withContainers(List.of(containers))
                        .withResource(Resource.CPU, StructureResource.bounds(2, 800, true)));
    }

    private void request(String structure, long amount) {
        store.addRequests(List.of(ScalingRequest.of(structure(structure), Resource.CPU, amount, 0, NOW)));
    }

    private Structure structure(String name) {
        return store.find(DocumentKind.STRUCTURES, name)
                .map(Revisioned::document)
                .orElseThrow();
    }

    private long free(String host) {
        return structure(host).resource(Resource.CPU).orElseThrow().free().orElse(-1);
    }

    private Map<String, Outcome> outcomes() {
        return decisions.stream().collect(Collectors.toMap(ScalerDecision::structure, ScalerDecision::outcome));
    }

    /** A driver that does something before each question after a limit. */
    private record Before(CgroupDriver driver, Runnable something) implements CgroupDriver {
        @Override
        public HostCapacity host() {
            return driver.host();
        }

        @Override
        public Set<Resource> resources() {
            return driver.resources();
        }

        @Override
        public ContainerLimits limits(String container) {
            something.run();
            return driver.limits(container);
        }

        @Override
        public LimitOutcome apply(String container, LimitChange change) {
            return driver.apply(container, change);
        }
    }
}

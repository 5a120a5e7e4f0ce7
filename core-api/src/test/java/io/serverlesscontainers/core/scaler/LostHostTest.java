package io.serverlesscontainers.core.scaler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.serverlesscontainers.core.decision.ScalerDecision;
import io.serverlesscontainers.core.decision.ScalerDecision.Outcome;
import io.serverlesscontainers.core.lease.Lease;
import io.serverlesscontainers.core.simulation.VirtualClock;
import io.serverlesscontainers.core.spi.CgroupDriver;
import io.serverlesscontainers.core.spi.ContainerLimits;
import io.serverlesscontainers.core.spi.HostCapacity;
import io.serverlesscontainers.core.spi.HostDrivers;
import io.serverlesscontainers.core.spi.LimitChange;
import io.serverlesscontainers.core.spi.LimitOutcome;
import io.serverlesscontainers.core.spi.UnreachableHostException;
import io.serverlesscontainers.core.spi.Usages;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.ScalingRequest;
import io.serverlesscontainers.store.document.Structure;
import io.serverlesscontainers.store.document.StructureResource;
import io.serverlesscontainers.store.memory.InMemoryStateStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A Scaler whose host hangs for longer than its lease, and the one that takes the host over. A poll is 5 seconds. */
class LostHostTest {
    private static final Duration POLL = Duration.ofSeconds(5);

    private final VirtualClock clock = VirtualClock.startingAt(Instant.ofEpochSecond(1_700_000_000));
    private final InMemoryStateStore store = new InMemoryStateStore();
    private final HostOnPaper host = new HostOnPaper(4, 8_192);
    private final List<ScalerDecision> decisions = new CopyOnWriteArrayList<>();
    private final Lease late = new Lease(store, "scaler", "late", clock);
    private final Lease other = new Lease(store, "scaler", "other", clock);

    @BeforeEach
    void two_containers_want_more() {
        store.create(
                DocumentKind.STRUCTURES,
                Structure.of("host-1", Structure.Subtype.HOST)
                        .withResource(Resource.CPU, StructureResource.stock(400, 200)));
        for (String name : List.of("web-1", "web-2")) {
            host.container(name, 100, 1_024);
            store.create(
                    DocumentKind.STRUCTURES,
                    Structure.of(name, Structure.Subtype.CONTAINER)
                            .withGuard(true)
                            .withHost("host-1", "host-1", "8000")
                            .withResource(
                                    Resource.CPU,
                                    StructureResource.bounds(1, 400, true).withCurrent(100)));
        }
        late.renew(POLL);
        request("web-1");
        request("web-2");
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void what_hangs_before_its_first_write_writes_nothing() {
        var hanging = new Hanging(host, this::overlong, () -> {});

        assertThat(scaler(hanging, 1).runOnce(late)).isZero();

        assertThat(host.writes()).isEmpty();
        assertThat(current("web-1")).isEqualTo(100);
        assertThat(store.requests()).as("the Guardian will have them again").isEmpty();
        assertThat(decisions).extracting(ScalerDecision::outcome).containsExactly(Outcome.LOST, Outcome.LOST);
        assertThat(decisions.get(0).sentence()).isEqualTo("web-1 cpu: the host is another Scaler's by now");
    }

    @Test
    void what_hangs_in_a_write_writes_nothing_more_and_the_next_one_puts_the_state_right() {
        var hanging = new Hanging(host, () -> {}, this::overlong);

        scaler(hanging, 1).runOnce(late);

        assertThat(host.writes()).hasSize(1);
        assertThat(host.limit("web-1", Resource.CPU)).isEqualTo(200);
        assertThat(current("web-1")).as("the state is the other one's now").isEqualTo(100);
        assertThat(decisions).extracting(ScalerDecision::outcome).containsExactly(Outcome.APPLIED, Outcome.LOST);

        takeOver();
        request("web-1");
        decisions.clear();
        scaler(host, 1).runOnce(other);
        assertThat(decisions).extracting(ScalerDecision::outcome).containsExactly(Outcome.OUTDATED);
        assertThat(host.writes()).hasSize(1);
        assertThat(current("web-1")).isEqualTo(200);
    }

    @Test
    void a_host_away_for_that_long_gets_no_request_back() {
        var hanging = new Hanging(
                host,
                () -> {
                    overlong();
                    throw new UnreachableHostException("host-1:8000 does not answer", null);
                },
                () -> {});

        scaler(hanging, 1).runOnce(late);

        assertThat(store.requests()).isEmpty();
    }

    @Test
    void what_hangs_within_its_lease_goes_on() {
        var hanging = new Hanging(host, () -> clock.advance(POLL.dividedBy(2)), () -> {});

        assertThat(scaler(hanging, 1).runOnce(late)).isEqualTo(2);

        assertThat(current("web-1")).isEqualTo(200);
    }

    @Test
    void a_turn_that_sleeps_through_another_one_s_time_wakes_up_to_nothing() {
        var asleep = new CountDownLatch(1);
        var woken = new CountDownLatch(1);
        var hanging = new Hanging(
                host,
                () -> {
                    asleep.countDown();
                    uninterruptedly(woken);
                },
                () -> {});
        try (Scaler scaler = scaler(hanging, 2)) {
            assertThat(scaler.runOnce(late)).isZero();
            uninterruptedly(asleep);
            overlong();
            late.renew(POLL);
            assertThat(late.owns("host-1")).as("again").isTrue();

            woken.countDown();

            await().until(() -> decisions.size() == 2);
            assertThat(decisions).extracting(ScalerDecision::outcome).containsExactly(Outcome.LOST, Outcome.LOST);
            assertThat(host.writes()).isEmpty();
        }
    }

    @Test
    void a_turn_that_is_late_goes_on_while_its_scaler_renews() {
        var asleep = new CountDownLatch(1);
        var woken = new CountDownLatch(1);
        var hanging = new Hanging(
                host,
                () -> {
                    asleep.countDown();
                    uninterruptedly(woken);
                },
                () -> {});
        try (Scaler scaler = scaler(hanging, 2)) {
            scaler.runOnce(late);
            uninterruptedly(asleep);
            for (int poll = 0; poll < 5; poll++) {
                clock.advance(POLL);
                late.renew(POLL);
            }

            woken.countDown();

            await().until(() -> current("web-2") == 200);
        }
    }

    private void overlong() {
        clock.advance(POLL.multipliedBy(4));
    }

    private void takeOver() {
        other.renew(POLL);
        clock.advance(POLL);
        other.renew(POLL);
        assertThat(other.mayBegin("host-1")).isTrue();
    }

    private Scaler scaler(CgroupDriver driver, int hostsAtOnce) {
        return new Scaler(
                store,
                HostDrivers.only(driver),
                query -> Usages.none(),
                ScalerSettings.stock()
                        .withRequestTimeout(Duration.ofMinutes(1))
                        .withHostsAtOnce(hostsAtOnce, Duration.ofMillis(50)),
                clock,
                decisions::add);
    }

    private void request(String structure) {
        store.addRequests(List.of(ScalingRequest.of(
                store.find(DocumentKind.STRUCTURES, structure).orElseThrow().document(),
                Resource.CPU,
                100,
                0,
                clock.instant())));
    }

    private long current(String structure) {
        return store.find(DocumentKind.STRUCTURES, structure)
                .orElseThrow()
                .document()
                .resource(Resource.CPU)
                .orElseThrow()
                .current()
                .orElseThrow();
    }

    private static void uninterruptedly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    /** A driver that hangs before it says what a limit is, and after it has written one. */
    private record Hanging(CgroupDriver driver, Runnable asked, Runnable written) implements CgroupDriver {
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
            asked.run();
            return driver.limits(container);
        }

        @Override
        public LimitOutcome apply(String container, LimitChange change) {
            LimitOutcome outcome = driver.apply(container, change);
            written.run();
            return outcome;
        }
    }
}

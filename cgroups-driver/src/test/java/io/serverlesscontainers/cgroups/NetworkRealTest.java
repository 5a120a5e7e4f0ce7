package io.serverlesscontainers.cgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serverlesscontainers.core.spi.CgroupException;
import io.serverlesscontainers.core.spi.LimitChange;
import io.serverlesscontainers.core.spi.LimitOutcome;
import io.serverlesscontainers.core.spi.UsageQuery;
import io.serverlesscontainers.core.spi.Usages;
import io.serverlesscontainers.core.tck.RecordingWriter;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Structure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Traffic between this machine and containers on it, through real interfaces. */
class NetworkRealTest {
    private static final int PORT = 5001;
    // So high that packets of 64 KiB wait when the limit is lowered: none may be too large for the next bucket.
    private static final long HIGH = 200;
    private static final int ATTEMPTS = 5;
    private static final Duration MEASURED = Duration.ofSeconds(3);
    private static final Duration SETTLING = Duration.ofMillis(500);
    private static final Path ENDLESS = Path.of("/dev/zero");
    private static final Path NOTHING = Path.of("/dev/null");

    private RealCgroups cgroups;
    private RealNetwork network;
    private KernelCgroupDriver driver;
    private CgroupMetricSource source;

    @BeforeEach
    void begin() {
        cgroups = RealCgroups.require();
        network = RealNetwork.require(cgroups);
        driver = Cgroups.builder().network(true).build();
        source = new CgroupMetricSource(driver);
    }

    @AfterEach
    void end() {
        if (driver != null) {
            driver.close();
            network.close();
        }
        cgroups.close();
    }

    @Test
    void what_goes_in_is_kept_to_the_limit_and_a_new_limit_takes_effect_at_once() throws Exception {
        String container = network.start();
        driver.apply(container, LimitChange.to(Resource.NET, HIGH));
        network.startInside(container, NOTHING, "busybox", "nc", "-l", "-p", "" + PORT);
        try (Socket socket = connect(network.address(container))) {
            inTheBackground(() -> socket.getOutputStream().write(new byte[128 << 20]));
            letTimePass(SETTLING);
            driver.apply(container, LimitChange.to(Resource.NET, 10));
            assertKeptTo(10, container);
            driver.apply(container, LimitChange.to(Resource.NET, 20));
            assertKeptTo(20, container);
        }
    }

    @Test
    void what_comes_out_is_kept_to_the_limit_and_a_new_limit_takes_effect_at_once() throws Exception {
        String container = network.start();
        driver.apply(container, LimitChange.to(Resource.NET, HIGH));
        String here = network.hostAddress(container);
        try (var server = new ServerSocket(0, 1, InetAddress.getByName(here))) {
            server.setSoTimeout(30_000);
            network.startInside(container, ENDLESS, "busybox", "nc", here, "" + server.getLocalPort());
            try (Socket socket = server.accept()) {
                inTheBackground(() -> {
                    byte[] buffer = new byte[1 << 16];
                    while (socket.getInputStream().read(buffer) >= 0) {
                        // Only how fast it comes is of interest.
                    }
                });
                letTimePass(SETTLING);
                driver.apply(container, LimitChange.to(Resource.NET, 10));
                assertKeptTo(10, container);
                driver.apply(container, LimitChange.to(Resource.NET, 20));
                assertKeptTo(20, container);
            }
        }
    }

    @Test
    void a_lifted_limit_leaves_both_interfaces_as_they_were() {
        String container = network.start();
        String hostBefore = qdiscOnHost(container);
        String insideBefore = network.inside(container, "tc", "qdisc", "show", "dev", "eth0");
        driver.apply(container, LimitChange.to(Resource.NET, 10));
        assertThat(qdiscOnHost(container)).contains("tbf 5ca1: root").contains("rate 10Mbit");
        assertThat(network.inside(container, "tc", "qdisc", "show", "dev", "eth0"))
                .contains("tbf 5ca1: root")
                .contains("rate 10Mbit");
        assertThat(driver.apply(container, LimitChange.lift(Resource.NET)))
                .isEqualTo(LimitOutcome.applied(OptionalLong.empty()));
        assertThat(qdiscOnHost(container)).isEqualTo(hostBefore);
        assertThat(network.inside(container, "tc", "qdisc", "show", "dev", "eth0"))
                .isEqualTo(insideBefore);
    }

    @Test
    void one_direction_without_a_limit_is_read_back_as_none() {
        String container = network.start();
        driver.apply(container, LimitChange.to(Resource.NET, 10));
        network.inside(container, "tc", "qdisc", "del", "dev", "eth0", "root");
        assertThat(driver.limits(container).limits()).containsEntry(Resource.NET, OptionalLong.empty());
        driver.apply(container, LimitChange.to(Resource.NET, 10));
        assertThat(driver.limits(container).limit(Resource.NET)).hasValue(10);
    }

    @Test
    void what_somebody_else_set_is_never_touched() {
        String container = network.start();
        network.inside(container, tcAdd("eth0", "root handle 7: htb"));
        String hostBefore = qdiscOnHost(container);
        assertThatThrownBy(() -> driver.apply(container, LimitChange.to(Resource.NET, 10)))
                .isInstanceOf(CgroupException.class)
                .hasMessage(
                        "interface 'eth0' in the container has the queueing discipline 'htb' with the handle 7:, which"
                                + " somebody else set: a limit is set only where there is none");
        driver.apply(container, LimitChange.lift(Resource.NET));
        assertThat(network.inside(container, "tc", "qdisc", "show", "dev", "eth0"))
                .startsWith("qdisc htb 7: root ");
        assertThat(qdiscOnHost(container)).isEqualTo(hostBefore);
    }

    @Test
    void a_token_bucket_of_somebody_elses_is_told_and_left_in_force() {
        String container = network.start();
        String foreign = "root handle 1: tbf rate 30mbit burst 32768 latency 50ms";
        RealNetwork.run(tcAdd(network.hostInterface(container), foreign));
        network.inside(container, tcAdd("eth0", foreign));
        assertThat(driver.limits(container).limit(Resource.NET)).hasValue(30);
        LimitOutcome outcome = driver.apply(container, LimitChange.lift(Resource.NET));
        assertThat(outcome.status()).isEqualTo(LimitOutcome.Status.REFUSED);
        assertThat(outcome.reached()).hasValue(30);
    }

    private static String[] tcAdd(String link, String what) {
        return ("tc qdisc add dev " + link + " " + what).split(" ");
    }

    @Test
    void where_there_is_no_network_of_its_own_nothing_is_limited_and_nothing_measured() {
        String empty = cgroups.create();
        assertNoNetwork(empty, "no process runs in it");
        String shared = cgroups.create();
        cgroups.run(shared, "sleep 1000");
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> !cgroups.read("memory", shared, "cgroup.procs").isEmpty());
        assertNoNetwork(shared, "it shares the network of the host");
        usage(shared);
        assertThat(usage(shared)).isEmpty();
        assertThat(usage(empty)).isEmpty();
    }

    @Test
    void a_network_that_leads_nowhere_or_in_several_ways_cannot_be_limited_and_is_measured() {
        String container = network.startAlone();
        assertNoNetwork(container, "no virtual interface (veth) of the host leads into it");
        usage(container);
        assertThat(usage(container)).hasValue(0);
        network.connect(container, network.hostInterface(container), "eth0");
        assertThat(driver.limits(container).limits()).containsKey(Resource.NET);
        network.connect(container, network.hostInterface(container) + "b", "eth1");
        assertNoNetwork(container, "several virtual interfaces of the host lead into it");
    }

    private void assertNoNetwork(String container, String why) {
        assertThat(driver.limits(container).limits()).doesNotContainKey(Resource.NET);
        assertThatThrownBy(() -> driver.apply(container, LimitChange.to(Resource.NET, 10)))
                .isInstanceOf(CgroupException.class)
                .hasMessageStartingWith("the network of container '" + container + "' cannot be limited: " + why);
    }

    @Test
    void a_limit_beyond_what_can_be_counted_is_refused() {
        String container = network.start();
        assertThat(driver.apply(container, LimitChange.to(Resource.NET, 100_000))
                        .status())
                .isEqualTo(LimitOutcome.Status.APPLIED);
        assertThatThrownBy(() -> driver.apply(container, LimitChange.to(Resource.NET, 100_001)))
                .isInstanceOf(CgroupException.class)
                .hasMessage("net limit is 100001 Mbit/s, at most 100000 Mbit/s is possible");
        assertThat(driver.limits(container).limit(Resource.NET)).hasValue(100_000);
    }

    @Test
    void each_of_several_containers_has_a_limit_of_its_own() {
        String one = network.start();
        String other = network.start();
        driver.apply(one, LimitChange.to(Resource.NET, 10));
        driver.apply(other, LimitChange.to(Resource.NET, 20));
        assertThat(qdiscOnHost(one)).contains("rate 10Mbit");
        assertThat(qdiscOnHost(other)).contains("rate 20Mbit");
    }

    @Test
    void another_process_with_another_network_is_another_counter() {
        String container = network.start();
        usage(container);
        assertThat(usage(container)).isPresent();
        network.endProcess(container);
        assertThat(usage(container)).isEmpty();
        network.enterOwnNetwork(container);
        assertThat(usage(container)).isEmpty();
        assertThat(usage(container)).isPresent();
    }

    @Test
    void series_tell_what_comes_in_from_what_goes_out_and_nothing_of_a_shared_network() throws Exception {
        String container = network.start();
        String shared = cgroups.create();
        cgroups.run(shared, "sleep 1000");
        network.startInside(container, NOTHING, "busybox", "nc", "-l", "-p", "" + PORT);
        var writer = new RecordingWriter();
        try (var feeder = new MetricsFeeder(driver, writer, () -> List.of(container, shared));
                Socket socket = connect(network.address(container))) {
            feeder.runOnce();
            assertThat(writer.last("proc.net.tcp.in.mb", "host", container)).isEmpty();
            socket.getOutputStream().write(new byte[32 << 20]);
            assertThat(feeder.runOnce().problems()).isEmpty();
            double in = writer.last("proc.net.tcp.in.mb", "host", container).orElseThrow();
            double out = writer.last("proc.net.tcp.out.mb", "host", container).orElseThrow();
            assertThat(in).isPositive();
            assertThat(out).isBetween(0.0, in / 4);
            assertThat(writer.last("proc.net.tcp.in.mb", "host", shared)).isEmpty();
            assertThat(writer.last("proc.cpu.user", "host", shared)).isPresent();
        }
    }

    @Test
    void a_container_of_lxc_is_limited_at_the_interface_that_lxc_made() {
        String name = "sc-test-" + ProcessHandle.current().pid() + "-net";
        String onHost = "sctlxc" + ProcessHandle.current().pid() % 100_000;
        try (RealLxc lxc = RealLxc.require()) {
            lxc.startWithNetwork(name, onHost);
            driver.apply(name, LimitChange.to(Resource.NET, 15));
            assertThat(RealNetwork.run("tc", "qdisc", "show", "dev", onHost)).contains("rate 15Mbit");
            assertThat(driver.limits(name).limit(Resource.NET)).hasValue(15);
            usage(name);
            assertThat(usage(name)).isPresent();
            lxc.stop(name);
            lxc.startWithNetwork(name, onHost + "b");
            assertThat(driver.limits(name).limits()).containsEntry(Resource.NET, OptionalLong.empty());
            driver.apply(name, LimitChange.to(Resource.NET, 15));
            assertThat(RealNetwork.run("tc", "qdisc", "show", "dev", onHost + "b"))
                    .contains("rate 15Mbit");
        }
    }

    @Test
    void it_is_off_unless_asked_for() {
        String container = network.start();
        try (var usual = Cgroups.detect()) {
            assertThat(usual.resources()).doesNotContain(Resource.NET);
            assertThat(usual.limits(container).limits()).doesNotContainKey(Resource.NET);
        }
        assertThat(driver.resources()).contains(Resource.NET);
    }

    private String qdiscOnHost(String container) {
        return RealNetwork.run("tc", "qdisc", "show", "dev", network.hostInterface(container));
    }

    /** Never more passes than the limit, and as much unless this machine has no time for it. */
    private void assertKeptTo(double mbit, String container) {
        letTimePass(SETTLING);
        usage(container);
        double most = 0;
        for (int attempt = 0; attempt < ATTEMPTS && most < 0.9 * mbit; attempt++) {
            letTimePass(MEASURED);
            most = Math.max(most, usage(container).orElseThrow());
            assertThat(most).isLessThanOrEqualTo(1.1 * mbit);
        }
        assertThat(most).isGreaterThanOrEqualTo(0.9 * mbit);
    }

    private OptionalDouble usage(String container) {
        Usages usages = source.usage(new UsageQuery(
                Structure.Subtype.CONTAINER,
                List.of(container),
                Set.of(Resource.NET),
                Instant.EPOCH,
                Instant.EPOCH.plusSeconds(1)));
        assertThat(usages.problems()).isEmpty();
        return usages.of(container, Resource.NET);
    }

    private static Socket connect(String address) {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(
                        () -> {
                            var socket = new Socket();
                            socket.connect(new InetSocketAddress(address, PORT), 1000);
                            return socket;
                        },
                        socket -> true);
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void inTheBackground(Work work) {
        var thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException closed) {
                // The test is over.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private static void letTimePass(Duration duration) {
        long end = System.nanoTime() + duration.toNanos();
        Awaitility.await().pollInterval(Duration.ofMillis(20)).until(() -> System.nanoTime() >= end);
    }
}

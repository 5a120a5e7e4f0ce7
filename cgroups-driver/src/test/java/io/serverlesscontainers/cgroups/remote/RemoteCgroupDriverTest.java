package io.serverlesscontainers.cgroups.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.serverlesscontainers.core.spi.CgroupException;
import io.serverlesscontainers.core.spi.CpuSet;
import io.serverlesscontainers.core.spi.HostCapacity;
import io.serverlesscontainers.core.spi.LimitChange;
import io.serverlesscontainers.core.spi.LimitOutcome;
import io.serverlesscontainers.core.spi.MissingContainerException;
import io.serverlesscontainers.store.document.Resource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the driver makes of answers, good and bad, of a server that says what it is told to. */
class RemoteCgroupDriverTest {
    private static final String LIMITS = "{\"cpu\":{\"cpu_num\":\"0-1\",\"cpu_allowance_limit\":150.0},"
            + "\"mem\":{\"mem_limit\":-1,\"unit\":\"M\"},\"net\":{\"net_limit\":\"unlimited\"},\"more\":1}";

    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private RemoteCgroupDriver driver;

    private record Answer(int status, String body) {}

    @BeforeEach
    void begin() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        driver = settings("http://127.0.0.1:" + server.getAddress().getPort()).build();
    }

    @AfterEach
    void end() {
        driver.close();
        server.stop(0);
    }

    private static RemoteCgroupDriver.Builder settings(String url) {
        return RemoteCgroupDriver.builder(url)
                .host(new HostCapacity(CpuSet.first(2), 4096), Set.of(Resource.CPU, Resource.MEMORY));
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getFirst("Authorization") + " "
                    + new String(body, StandardCharsets.UTF_8));
            Answer answer = answers.poll();
            if (answer == null) {
                answer = new Answer(200, LIMITS);
            }
            if (answer.status() == 0) {
                return; // closes the connection
            }
            byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    @Test
    void limits_are_read_whatever_else_is_there() {
        var limits = driver.limits("cont0");
        assertThat(limits.limit(Resource.CPU)).hasValue(150);
        assertThat(limits.limits())
                .containsEntry(Resource.MEMORY, OptionalLong.empty())
                .containsEntry(Resource.NET, OptionalLong.empty())
                .hasSize(3);
        assertThat(limits.cpus()).hasValue(CpuSet.of(0, 1));
        assertThat(asked).containsExactly("GET /container/cont0 null ");
    }

    @Test
    void a_limit_is_written_as_scripts_write_it() {
        answers.add(new Answer(201, LIMITS));
        assertThat(driver.apply("cont0", LimitChange.cpu(150, CpuSet.of(0, 1))))
                .isEqualTo(LimitOutcome.applied(OptionalLong.of(150)));
        assertThat(asked)
                .containsExactly(
                        "PUT /container/cont0 null {\"cpu\":{\"cpu_allowance_limit\":150,\"cpu_num\":\"0-1\"}}");
    }

    @Test
    void the_token_is_shown() {
        try (var with = settings("http://127.0.0.1:" + server.getAddress().getPort() + "/")
                .token("0123456789abcdef")
                .build()) {
            with.limits("cont0");
        }
        assertThat(asked).containsExactly("GET /container/cont0 Bearer 0123456789abcdef ");
    }

    @Test
    void a_name_is_one_path_and_leads_nowhere_else() {
        driver.limits("a/b c?d#e%2f;é");
        assertThat(asked).containsExactly("GET /container/a/b%20c%3Fd%23e%252f;%C3%A9 null ");
        for (String name : new String[] {"", "/etc", "../host", "a/../../host", ".", "a//b", "\0", "x".repeat(3000)}) {
            assertThatThrownBy(() -> driver.limits(name)).isInstanceOf(MissingContainerException.class);
            assertThatThrownBy(() -> driver.apply(name, LimitChange.to(Resource.CPU, 1)))
                    .isInstanceOf(MissingContainerException.class);
        }
        assertThat(asked).hasSize(1);
    }

    @Test
    void what_passes_is_waited_for() {
        answers.add(new Answer(503, ""));
        answers.add(new Answer(429, "{\"error\":\"too often\"}"));
        assertThat(driver.limits("cont0").limit(Resource.CPU)).hasValue(150);
        assertThat(asked).hasSize(3);
    }

    @Test
    void a_write_whose_answer_is_lost_is_written_again() {
        try (var patient = settings("http://127.0.0.1:" + server.getAddress().getPort())
                .attempts(5)
                .build()) {
            answers.add(new Answer(0, ""));
            answers.add(new Answer(201, LIMITS));
            assertThat(patient.apply("cont0", LimitChange.to(Resource.CPU, 150)).status())
                    .isEqualTo(LimitOutcome.Status.APPLIED);
        }
        assertThat(asked.size()).isGreaterThanOrEqualTo(2);
    }

    @Test
    void a_refusal_of_the_kernel_is_told_in_the_servers_words_and_not_tried_again() {
        answers.add(new Answer(500, "{\"error\":\"cannot write 1 to cpu.max: EINVAL\"}"));
        assertThatThrownBy(() -> driver.apply("cont0", LimitChange.to(Resource.CPU, 1)))
                .isInstanceOf(CgroupException.class)
                .hasMessageContaining("container 'cont0'")
                .hasMessageContaining("answers 500: cannot write 1 to cpu.max: EINVAL");
        assertThat(asked).hasSize(1);
    }

    @Test
    void memory_in_use_that_stays_is_an_outcome() {
        answers.add(new Answer(
                500, "{\"error\":\"mem: in use\",\"refused\":\"mem\",\"in_force\":{\"mem\":{\"mem_limit\":512.0}}}"));
        assertThat(driver.apply("cont0", LimitChange.to(Resource.MEMORY, 1)))
                .isEqualTo(new LimitOutcome(LimitOutcome.Status.REFUSED, OptionalLong.of(512), "mem: in use"));
        answers.add(new Answer(201, "{\"mem\":{\"mem_limit\":256.0,\"unit\":\"M\",\"reason\":\"240 are in use\"}}"));
        assertThat(driver.apply("cont0", LimitChange.to(Resource.MEMORY, 1)))
                .isEqualTo(new LimitOutcome(LimitOutcome.Status.PARTIAL, OptionalLong.of(256), "240 are in use"));
        // A server of other make gives no reason.
        answers.add(new Answer(201, "{\"mem\":{\"mem_limit\":256,\"unit\":\"M\"}}"));
        assertThat(driver.apply("cont0", LimitChange.to(Resource.MEMORY, 1)).reason())
                .contains("left the mem limit at 256, not 1");
    }

    @Test
    void a_missing_container_is_missing_whatever_else_the_server_says() {
        answers.add(new Answer(404, "<html>"));
        assertThatThrownBy(() -> driver.limits("cont7"))
                .isInstanceOf(MissingContainerException.class)
                .hasMessageContaining("'cont7'");
    }

    @Test
    void a_refused_token_says_so() {
        answers.add(new Answer(401, "{\"error\":\"a token is needed\"}"));
        assertThatThrownBy(() -> driver.limits("cont0"))
                .isInstanceOf(CgroupException.class)
                .hasMessageContaining("refuses a request without a token (401)");
        assertThat(asked).hasSize(1);
    }

    @Test
    void answers_that_are_no_limits_are_told() {
        for (String body : new String[] {
            "", "<html>", "[]", "{\"cpu\":{\"cpu_allowance_limit\":\"much\"}}", "{\"cpu\":{\"cpu_num\":\"x\"}}"
        }) {
            answers.add(new Answer(200, body));
            assertThatThrownBy(() -> driver.limits("cont0"))
                    .as(body)
                    .isInstanceOf(CgroupException.class)
                    .hasMessageStartingWith("container 'cont0': http://127.0.0.1:");
        }
    }

    @Test
    void a_server_that_tells_what_its_host_has_is_asked_once() {
        try (var curious = RemoteCgroupDriver.builder(
                        "http://127.0.0.1:" + server.getAddress().getPort())
                .build()) {
            answers.add(new Answer(200, "{\"cpus\":\"0-3\",\"mem\":2048,\"resources\":[\"cpu\",\"mem\",\"gpu\"]}"));
            assertThat(curious.resources()).containsExactlyInAnyOrder(Resource.CPU, Resource.MEMORY);
            assertThat(curious.host()).isEqualTo(new HostCapacity(CpuSet.first(4), 2048));
        }
        assertThat(asked).containsExactly("GET /host null ");
    }

    @Test
    void a_server_that_never_answers_costs_bounded_time() throws Exception {
        try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                var hasty = settings("http://127.0.0.1:" + silent.getLocalPort())
                        .timeout(Duration.ofMillis(200))
                        .attempts(2)
                        .build()) {
            long began = System.nanoTime();
            assertThatThrownBy(() -> hasty.limits("cont0"))
                    .isInstanceOf(CgroupException.class)
                    .hasMessageContaining("does not answer");
            assertThat(Duration.ofNanos(System.nanoTime() - began))
                    .isBetween(Duration.ofMillis(350), Duration.ofSeconds(5));
        }
    }

    @Test
    void a_server_that_is_not_there_is_told() {
        try (var none = settings("http://127.0.0.1:1").build()) {
            assertThatThrownBy(() -> none.limits("cont0"))
                    .isInstanceOf(CgroupException.class)
                    .hasMessageContaining("container 'cont0': http://127.0.0.1:1 does not answer");
        }
    }

    @Test
    void an_interrupted_thread_does_not_try_again() throws Exception {
        try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                var patient = settings("http://127.0.0.1:" + silent.getLocalPort())
                        .timeout(Duration.ofMillis(500))
                        .attempts(100)
                        .build()) {
            var failure = new AtomicReference<Throwable>();
            var thread = new Thread(() -> {
                try {
                    patient.limits("cont0");
                } catch (CgroupException interrupted) {
                    failure.set(interrupted);
                }
            });
            thread.start();
            try (Socket first = silent.accept()) {
                assertThat(first.isConnected()).isTrue();
                thread.interrupt();
                thread.join(20_000);
            }
            assertThat(thread.isAlive()).isFalse();
            assertThat(failure.get()).hasMessage("container 'cont0': interrupted while it was asked for");
        }
    }

    @Test
    void a_closed_driver_says_so() {
        driver.close();
        assertThatThrownBy(() -> driver.limits("cont0"))
                .isInstanceOf(CgroupException.class)
                .hasMessageEndingWith("closed");
    }

    @Test
    void settings_that_cannot_be_are_refused() {
        assertThatThrownBy(() -> RemoteCgroupDriver.builder("host0:8000")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> settings("http://h").timeout(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> settings("http://h").attempts(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> settings("http://h").host(new HostCapacity(CpuSet.first(1), 1), Set.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }
}

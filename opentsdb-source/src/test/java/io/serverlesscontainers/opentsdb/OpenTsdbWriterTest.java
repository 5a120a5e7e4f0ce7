package io.serverlesscontainers.opentsdb;

import static io.serverlesscontainers.opentsdb.ScriptedServer.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import io.serverlesscontainers.core.spi.DataPoint;
import io.serverlesscontainers.store.document.Problem;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** What becomes of each point, with a server that behaves and one that does not. */
@Timeout(60)
class OpenTsdbWriterTest {
    private static final Instant START = Instant.ofEpochSecond(1_763_769_600);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final List<Problem> problems = new CopyOnWriteArrayList<>();
    private final List<Integer> taken = new CopyOnWriteArrayList<>();
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(OpenTsdbWriter.class);
    private final Traffic traffic = new Traffic();
    private ScriptedServer server;

    @BeforeEach
    void start() throws IOException {
        server = new ScriptedServer(this::take);
        logger.setLevel(Level.INFO);
        logged.start();
        logger.addAppender(logged);
    }

    @AfterEach
    void nothing_is_left() throws IOException {
        server.close();
        logger.detachAppender(logged);
        logger.setLevel(null);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(traffic.held()).isZero());
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                        .noneMatch(thread -> thread.getName().equals("opentsdb-writer")));
    }

    /** Takes all points, and notes their values. */
    private byte[] take(JsonNode points) {
        points.forEach(point -> taken.add(point.path("value").asInt()));
        return json("200 OK", "{\"success\":" + points.size() + ",\"failed\":0,\"errors\":[]}");
    }

    private OpenTsdbWriterBuilder writer(String url) {
        return OpenTsdbWriter.builder(url)
                .client(traffic.client())
                .retryInterval(Duration.ofMillis(200))
                .onProblem(problems::add);
    }

    private static DataPoint point(int value) {
        return new DataPoint("structure.cpu.current", Map.of("structure", "web-1"), START.plusSeconds(value), value);
    }

    private static List<DataPoint> points(int from, int to) {
        return IntStream.range(from, to).mapToObj(OpenTsdbWriterTest::point).toList();
    }

    private static Integer[] values(int from, int to) {
        return IntStream.range(from, to).boxed().toArray(Integer[]::new);
    }

    private List<String> sentences() {
        return logged.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Test
    void a_bad_point_among_good_ones_is_refused_alone_by_a_real_server() {
        String url = Servers.shared().url();
        var listened = new AtomicInteger();
        OpenTsdbWriter writer = writer(url)
                .onProblem(problem -> {
                    problems.add(problem);
                    if (listened.incrementAndGet() == 1) {
                        throw new IllegalStateException("a listener that fails");
                    }
                })
                .open();
        var tooMany = new HashMap<String, String>();
        IntStream.range(0, 9).forEach(i -> tooMany.put("tag" + i, "x"));

        writer.write(List.of(
                point(1),
                new DataPoint("structure.cpu current", Map.of("structure", "web-1"), START, 1),
                new DataPoint("structure.cpu.current", Map.of("structure", "wéb\n1"), START, 1),
                new DataPoint("structure.cpu.current", Map.of("struct:ure", "web-1"), START, 1),
                new DataPoint("structure.cpu.current", tooMany, START, 1),
                new DataPoint("structure.cpu.current", Map.of("structure", "web-1"), Instant.EPOCH, 1),
                point(2)));
        writer.close();

        assertThat(writer.counters()).isEqualTo(new WriterCounters(2, 5, 0, 0, 1, 0));
        assertThat(problems)
                .extracting(Problem::toString)
                .containsExactly(
                        "data point of 'structure.cpu current': the metric is 'structure.cpu current'; one or more letters,"
                                + " digits and -_./ are allowed",
                        "data point of 'structure.cpu.current': the tag structure is 'wéb\\u000a1'; one or more letters,"
                                + " digits and -_./ are allowed",
                        "data point of 'structure.cpu.current': the name of a tag is 'struct:ure'; one or more letters,"
                                + " digits and -_./ are allowed",
                        "data point of 'structure.cpu.current': it has 9 tags, at most 8 are allowed",
                        "data point of 'structure.cpu.current': its time is 0 s, 1 to 4294967295 are allowed");
    }

    @Test
    void points_that_the_server_refuses_are_told_and_not_sent_again() {
        server.be(points -> json(
                "400 Bad Request",
                "{\"success\":2,\"failed\":1,\"errors\":[{\"datapoint\":{\"metric\":\"m\",\"timestamp\":1,\"value\":\"x\","
                        + "\"tags\":{\"a\":\"b\"}},\"error\":\"Unable to parse value to a number\"}]}"));
        OpenTsdbWriter writer = writer(server.url()).open();
        writer.write(points(0, 3));
        writer.close();

        assertThat(writer.counters()).isEqualTo(new WriterCounters(2, 1, 0, 0, 1, 0));
        assertThat(problems)
                .extracting(Problem::toString)
                .containsExactly("data point of 'm': OpenTSDB refuses it: Unable to parse value to a number"
                        + " (tags {\"a\":\"b\"}, time 1, value \"x\")");
        assertThat(sentences()).singleElement().asString().contains("1 points of a request are refused");
    }

    @Test
    void one_point_that_nobody_can_read_does_not_cost_the_others() {
        server.be(points -> {
            for (JsonNode point : points) {
                if (point.path("value").asInt() == 7) {
                    return json(
                            "400 Bad Request", "{\"error\":{\"code\":400,\"message\":\"Unable to parse the JSON\"}}");
                }
            }
            return take(points);
        });
        OpenTsdbWriter writer = writer(server.url()).open();
        writer.write(points(0, 100));
        writer.close();

        assertThat(writer.counters().written()).isEqualTo(99);
        assertThat(writer.counters().failed()).isOne();
        assertThat(taken).hasSize(99).doesNotContain(7);
        assertThat(problems).singleElement().asString().contains("it answered 400: Unable to parse the JSON");
    }

    @Test
    void what_fails_on_the_way_is_sent_again_until_it_arrives() {
        var attempts = new AtomicInteger();
        server.be(points -> switch (attempts.incrementAndGet()) {
            case 1 -> ScriptedServer.HANG_UP;
            case 2 -> ScriptedServer.html("503 Service Unavailable");
            case 3 -> json("200 OK", "{\"succ");
            case 4 -> ScriptedServer.html("200 OK");
            case 5 -> json("401 Unauthorized", "{}");
            case 6 -> ScriptedServer.SILENCE;
            default -> take(points);
        });
        OpenTsdbWriter writer =
                writer(server.url()).timeout(Duration.ofMillis(300)).open();
        writer.write(points(0, 10));
        writer.write(points(10, 20));
        await().atMost(PATIENCE).until(() -> writer.counters().waiting() == 0);
        writer.close();

        assertThat(taken).containsExactly(values(0, 20));
        assertThat(writer.counters().written()).isEqualTo(20);
        assertThat(writer.counters().retries()).isEqualTo(6);
        assertThat(sentences()).hasSize(2);
        assertThat(sentences().get(0)).contains("the connection failed", "wait and are sent again");
        assertThat(sentences().get(1)).contains("points are written again, after");
        assertThat(server.lastHead()).contains("POST /api/put?details ", "Content-Encoding: gzip");
    }

    @Test
    void a_server_that_takes_short_requests_only_gets_shorter_ones() {
        var longest = new AtomicInteger();
        server.be(points -> {
            if (server.lastBodyBytes() > 2_000) {
                return points.size() % 2 == 0
                        ? ScriptedServer.html("400 Bad Request")
                        : ScriptedServer.html("413 Too Large");
            }
            longest.accumulateAndGet(points.size(), Math::max);
            return take(points);
        });
        OpenTsdbWriter writer = writer(server.url()).open();
        writer.write(points(0, 5_000));
        await().atMost(PATIENCE).until(() -> writer.counters().waiting() == 0);
        int requests = server.requests();
        writer.write(points(5_000, 10_000));
        writer.close();

        assertThat(taken).containsExactlyInAnyOrder(values(0, 10_000));
        assertThat(longest.get()).isGreaterThan(50);
        assertThat(server.requests() - requests)
                .as("without refusals")
                .isEqualTo((5_000 + longest.get() - 1) / longest.get());
        assertThat(writer.counters().failed()).isZero();
    }

    @Test
    void the_oldest_are_dropped_counted_and_told_once() {
        server.be(points -> ScriptedServer.HANG_UP);
        OpenTsdbWriter writer = writer(server.url()).mostWaiting(100).open();
        writer.write(points(0, 1));
        await().atMost(PATIENCE).until(() -> server.requests() > 0); // it is under way, and not among those that wait
        for (int i = 1; i <= 250; i++) {
            writer.write(points(i, i + 1));
        }
        assertThat(writer.counters().dropped()).isEqualTo(150);
        assertThat(writer.counters().waiting()).isEqualTo(101);

        server.be(this::take);
        await().atMost(PATIENCE).until(() -> writer.counters().waiting() == 0);
        writer.close();

        assertThat(taken).startsWith(0, 151).hasSize(101);
        assertThat(writer.counters().written()).isEqualTo(101);
        assertThat(sentences()).hasSize(4);
        assertThat(sentences().get(1)).contains("100 points wait, which is the most that may; the oldest are dropped");
        assertThat(sentences().get(3)).contains("no more points are dropped; 150 were");
    }

    @Test
    void or_who_writes_waits_for_room() throws InterruptedException {
        server.be(points -> ScriptedServer.HANG_UP);
        OpenTsdbWriter writer = writer(server.url())
                .mostWaiting(100)
                .pointsPerRequest(50)
                .whenFull(WhenFull.WAIT)
                .open();
        var done = new ArrayList<String>();
        var thread = new Thread(() -> {
            writer.write(points(0, 1_000));
            synchronized (done) {
                done.add("written");
            }
        });
        thread.start();
        await().atMost(PATIENCE).until(() -> thread.getState() == Thread.State.WAITING);
        assertThat(writer.counters().waiting()).isEqualTo(150);

        server.be(this::take);
        thread.join(PATIENCE.toMillis());
        writer.close();

        synchronized (done) {
            assertThat(done).hasSize(1);
        }
        assertThat(taken).containsExactly(values(0, 1_000));
        assertThat(writer.counters().dropped()).isZero();
    }

    @Test
    void closing_writes_what_waits_but_does_not_wait_for_ever() {
        OpenTsdbWriter good = writer(server.url()).open();
        good.write(points(0, 5_000));
        good.close();
        assertThat(good.counters().written()).isEqualTo(5_000);
        assertThatThrownBy(() -> good.write(points(0, 1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the writer is closed");
        assertThat(sentences()).isEmpty();

        server.be(points -> ScriptedServer.SILENCE);
        OpenTsdbWriter bad =
                writer(server.url()).closeTimeout(Duration.ofMillis(500)).open();
        bad.write(points(0, 2_500));
        long start = System.nanoTime();
        bad.close();
        bad.close();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
        assertThat(bad.counters().dropped()).isEqualTo(2_500);
        assertThat(bad.counters().waiting()).isZero();
        assertThat(sentences()).last().asString().contains("2500 points were still to be written; they are dropped");
    }

    @Test
    void settings_that_make_no_sense_are_refused_and_no_password_is_shown() {
        assertThatThrownBy(() -> OpenTsdbWriter.builder("opentsdb:secret"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("secret");
        OpenTsdbWriterBuilder builder = OpenTsdbWriter.builder("http://me:secret@localhost:1");
        assertThatThrownBy(() -> builder.pointsPerRequest(0)).hasMessageContaining("pointsPerRequest is 0, 1 to 50000");
        assertThatThrownBy(() -> builder.mostWaiting(0)).hasMessageContaining("mostWaiting is 0");
        assertThatThrownBy(() -> builder.timeout(Duration.ZERO)).hasMessageContaining("timeout is PT0S");
        assertThat(Server.at("http://me:secret@localhost:1").toString()).doesNotContain("secret", "me:");
    }
}

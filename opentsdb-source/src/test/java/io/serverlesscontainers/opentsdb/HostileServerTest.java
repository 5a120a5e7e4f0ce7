package io.serverlesscontainers.opentsdb;

import static io.serverlesscontainers.opentsdb.ScriptedServer.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.serverlesscontainers.core.spi.UsageQuery;
import io.serverlesscontainers.core.spi.Usages;
import io.serverlesscontainers.store.document.Problem;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Structure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a server answers, or does not: in time, one problem in one sentence, or usages that are numbers. */
@Timeout(60)
class HostileServerTest {
    private static final Instant TO = Instant.ofEpochSecond(1_763_769_600);
    private static final String PASSWORD = "secret word";

    private final Traffic traffic = new Traffic();
    private ScriptedServer server;
    private OpenTsdbMetricSource source;

    @BeforeEach
    void start() throws IOException {
        server = new ScriptedServer(query -> json("200 OK", "[]"));
        source = builder(server.url()).build();
    }

    private OpenTsdbMetricSourceBuilder builder(String url) {
        return OpenTsdbMetricSource.builder(url)
                .client(traffic.client())
                .user("guardian", PASSWORD)
                .timeout(Duration.ofMillis(1_500))
                .longestAnswer(1 << 20)
                .clock(new TestClock(() -> TO));
    }

    @AfterEach
    void nothing_is_held() throws IOException {
        source.close();
        server.close();
        assertThat(traffic.held()).isZero();
    }

    private Usages usage(Resource... resources) {
        return source.usage(new UsageQuery(
                Structure.Subtype.CONTAINER, List.of("a", "b", "c"), Set.of(resources), TO.minusSeconds(10), TO));
    }

    static Stream<Arguments> badAnswers() {
        String series = "{\"metric\":\"proc.mem.resident\",\"tags\":{\"host\":\"a\"},\"dps\":{\"1600000000\":1}}";
        return Stream.of(
                Arguments.of(ScriptedServer.html("200 OK"), "HTML instead of JSON", 3),
                Arguments.of(ScriptedServer.html("400 Bad Request"), "it answered 400", 1),
                Arguments.of(ScriptedServer.html("502 Bad Gateway"), "it answered 502", 3),
                Arguments.of(json("500 Internal Server Error", "{}"), "it answered 500", 3),
                Arguments.of(
                        json("400 Bad Request", "{\"error\":{\"code\":400,\"message\":\"Missing\\nstart time\"}}"),
                        "it answered 400: Missing\\u000astart time",
                        1),
                Arguments.of(json("400 Bad Request", "{\"error\":7"), "it answered 400", 1),
                Arguments.of(
                        json("400 Bad Request", "{\"error\":{\"message\":\"No such name for 'metrics': 'other'\"}}"),
                        "No such name for 'metrics': 'other'",
                        1),
                Arguments.of(json("401 Unauthorized", "{}"), "it answered 401", 1),
                Arguments.of(json("302 Found", ""), "it answered 302", 1),
                Arguments.of(json("200 OK", ""), "no readable JSON", 3),
                Arguments.of(json("200 OK", "{}"), "not of the form", 3),
                Arguments.of(json("200 OK", "[" + series), "no readable JSON", 3),
                Arguments.of(json("200 OK", "[" + series + "]]"), "no readable JSON", 3),
                Arguments.of(json("200 OK", "[" + series.replace(":1}", ":\"x\"}") + "]"), "not of the form", 3),
                Arguments.of(json("200 OK", "[" + series.replace("1600000000", "now") + "]"), "not of the form", 3),
                Arguments.of(json("200 OK", "[".repeat(5_000)), "not of the form", 3),
                Arguments.of(
                        ScriptedServer.answer("200 OK", "application/json", new byte[] {'[', (byte) 0xc3, '(', ']'}),
                        "no readable JSON",
                        3),
                Arguments.of(cutOff(series), "the connection failed", 3),
                Arguments.of(
                        json("200 OK", "[" + (series + ",").repeat(15_000) + series + "]"), "longer than 1048576", 1),
                Arguments.of("no HTTP at all\r\n\r\n".getBytes(StandardCharsets.US_ASCII), "the connection failed", 3),
                Arguments.of(ScriptedServer.HANG_UP, "the connection failed", 3));
    }

    private static byte[] cutOff(String series) {
        byte[] whole = json("200 OK", "[" + series + "]");
        byte[] half = new byte[whole.length - 20];
        System.arraycopy(whole, 0, half, 0, half.length);
        return half;
    }

    @ParameterizedTest
    @MethodSource("badAnswers")
    void a_bad_answer_is_one_problem_after_few_attempts(byte[] answer, String why, int attempts) {
        server.be(query -> answer);

        Usages usages = usage(Resource.MEMORY);

        assertThat(usages.structures()).isZero();
        assertThat(usages.problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.toString())
                        .startsWith("OpenTSDB at " + server.url() + ": ")
                        .contains(why)
                        .endsWith("; there is no usage of this window")
                        .doesNotContain("\n", PASSWORD));
        assertThat(server.requests()).isEqualTo(attempts);
        assertThat(server.lastHead()).contains("Authorization: Basic ");
    }

    @Test
    void a_server_that_never_answers_costs_the_timeout_and_no_more() {
        server.be(query -> ScriptedServer.SILENCE);

        long start = System.nanoTime();
        Usages usages = usage(Resource.CPU);

        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Duration.ofMillis(1_400), Duration.ofMillis(4_000));
        assertThat(usages.problems())
                .extracting(Problem::sentence)
                .containsExactly("it did not answer in time; there is no usage of this window");

        server.be(query -> json("200 OK", "[]"));
        assertThat(usage(Resource.CPU).problems()).isEmpty();
    }

    @Test
    void a_call_without_a_timeout_takes_less_than_its_window() {
        source.close();
        source = OpenTsdbMetricSource.builder(server.url())
                .client(traffic.client())
                .build();
        server.be(query -> ScriptedServer.SILENCE);
        long start = System.nanoTime();
        source.usage(new UsageQuery(
                Structure.Subtype.CONTAINER, List.of("a"), Set.of(Resource.CPU), TO.minusMillis(500), TO));
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Duration.ofMillis(390), Duration.ofMillis(1_300));
    }

    @Test
    void a_server_that_is_away_is_one_problem() throws IOException {
        try (var nobody = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            source.close();
            source = builder("http://127.0.0.1:" + nobody.getLocalPort()).build();
        }
        assertThat(usage(Resource.CPU).problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.toString()).contains("it cannot be reached"));
    }

    @Test
    void what_is_no_number_is_no_sample() {
        server.be(query -> json(
                "200 OK",
                "[" + series("proc.mem.resident", "a", "\"1600000000\":\"NaN\",\"1600000001\":null,\"1600000002\":NaN")
                        + "," + series("proc.mem.resident", "b", "")
                        + ","
                        + series("proc.mem.resident", "c", "\"1600000000\":1,\"1600000001\":\"NaN\",\"1600000002\":2")
                        + "," + series("proc.mem.resident", "stranger", "\"1600000000\":1")
                        + "," + series("proc.mem.virtual", "a", "\"1600000000\":1")
                        + ",{\"metric\":\"proc.mem.resident\",\"tags\":{},\"dps\":{\"1600000000\":7}}]"));

        Usages usages = usage(Resource.MEMORY);

        assertThat(usages.problems()).isEmpty();
        assertThat(usages.structures()).isOne();
        assertThat(usages.orNaN("c", Resource.MEMORY)).isEqualTo(1.5);
    }

    @Test
    void a_negative_usage_is_left_out_with_a_problem() {
        server.be(query -> json(
                "200 OK",
                "[" + series("proc.mem.resident", "a", "\"1600000000\":-1")
                        + "," + series("proc.mem.resident", "b", "\"1600000000\":1e308,\"1600000001\":1e308")
                        + "," + series("proc.mem.resident", "c", "\"1600000000\":3") + "]"));

        Usages usages = usage(Resource.MEMORY);

        assertThat(usages.structures()).isOne();
        assertThat(usages.problems())
                .extracting(Problem::toString)
                .containsExactly("container 'a': mem usage is -1.0, from 0 on is allowed; it is left out");
    }

    @Test
    void unknown_metrics_are_dropped_one_by_one_and_remembered() {
        var asked = new ArrayList<List<String>>();
        server.be(query -> {
            List<String> metrics = query.path("queries").findValuesAsText("metric");
            asked.add(metrics);
            for (String missing : List.of("proc.net.tcp.in.mb", "proc.net.tcp.out.mb")) {
                if (metrics.contains(missing)) {
                    return json(
                            "400 Bad Request",
                            "{\"error\":{\"code\":400,\"message\":\"No such name for 'metrics': '" + missing + "'\"}}");
                }
            }
            return json("200 OK", "[" + series("proc.mem.resident", "a", "\"1600000000\":5") + "]");
        });

        for (int window = 0; window < 3; window++) {
            Usages usages = usage(Resource.MEMORY, Resource.NET);
            assertThat(usages.problems()).isEmpty();
            assertThat(usages.orNaN("a", Resource.MEMORY)).isEqualTo(5);
        }

        assertThat(asked.stream().filter(it -> it.contains("proc.net.tcp.out.mb")))
                .hasSizeLessThanOrEqualTo(2);
        assertThat(server.requests())
                .as("two refusals, three windows, one look at the future")
                .isEqualTo(6);
    }

    @Test
    void a_server_that_refuses_name_after_name_is_one_problem() {
        server.be(query ->
                json("400 Bad Request", "{\"error\":{\"code\":400,\"message\":\"No such name for 'tagv': 'a'\"}}"));

        assertThat(usage(Resource.MEMORY).problems()).hasSize(1);
        assertThat(server.requests()).isOne();
    }

    @Test
    void of_more_series_than_a_server_can_answer_there_are_several_queries_and_what_was_answered_counts() {
        source.close();
        source = builder(server.url()).seriesPerQuery(2).build();
        var asked = new ArrayList<String>();
        server.be(query -> {
            var parts = new ArrayList<String>();
            var answer = new ArrayList<String>();
            query.path("queries").forEach(part -> {
                String metric = part.path("metric").asText();
                String names = part.path("filters").path(0).path("filter").asText();
                parts.add(metric + "{" + names + "}");
                for (String name : names.split("\\|")) {
                    answer.add(series(metric, name, "\"1600000000\":5"));
                }
            });
            asked.add(String.join(" ", parts));
            return asked.size() == 6
                    ? json("403 Forbidden", "{}")
                    : json("200 OK", "[" + String.join(",", answer) + "]");
        });

        Usages usages = usage(Resource.CPU);

        assertThat(usages.problems()).isEmpty();
        assertThat(usages.structures()).isEqualTo(3);
        assertThat(asked.subList(0, 3))
                .allMatch(it -> it.chars().filter(c -> c == '|' || c == '{').count() <= 2);
        assertThat(String.join(" ", asked.subList(0, 3)))
                .contains("proc.cpu.user{", "proc.cpu.kernel{")
                .containsPattern("\\{a\\|b} .*\\{c} .*\\{a} .*\\{b\\|c}");

        usages = usage(Resource.MEMORY, Resource.DISK_READ); // of these the second query is refused
        assertThat(usages.problems())
                .extracting(Problem::sentence)
                .containsExactly("it answered 403; there is only some usage of this window");
    }

    @Test
    void a_server_that_takes_short_queries_only_gets_those() {
        List<String> names = IntStream.range(0, 1_000)
                .mapToObj(i -> UUID.randomUUID().toString())
                .toList();
        server.be(query -> {
            if (server.lastBodyBytes() > 8_192) {
                return ScriptedServer.html("400 Bad Request");
            }
            var answer = new ArrayList<String>();
            query.path("queries").forEach(part -> {
                for (String name :
                        part.path("filters").path(0).path("filter").asText().split("\\|")) {
                    if (!name.isEmpty()) {
                        answer.add(series(part.path("metric").asText(), name, "\"1600000000\":5"));
                    }
                }
            });
            return json("200 OK", "[" + String.join(",", answer) + "]");
        });
        var query =
                new UsageQuery(Structure.Subtype.CONTAINER, names, Set.of(Resource.MEMORY), TO.minusSeconds(10), TO);

        assertThat(source.usage(query).structures()).isEqualTo(1_000);
        int requests = server.requests();
        Usages usages = source.usage(query);

        assertThat(usages.structures()).isEqualTo(1_000);
        assertThat(usages.problems()).isEmpty();
        assertThat(server.requests()).as("nothing long is tried again").isLessThan(2 * requests - 1);
    }

    @Test
    void a_name_that_opentsdb_cannot_hold_is_one_problem_and_asked_of_nobody() {
        server.be(query -> query.toString().contains("|web")
                ? ScriptedServer.HANG_UP
                : json("200 OK", "[" + series("proc.mem.resident", "a", "\"1600000000\":5") + "]"));

        Usages usages = source.usage(new UsageQuery(
                Structure.Subtype.CONTAINER, List.of("a", "x|web"), Set.of(Resource.MEMORY), TO.minusSeconds(10), TO));

        assertThat(usages.orNaN("a", Resource.MEMORY)).isEqualTo(5);
        assertThat(usages.problems())
                .extracting(Problem::toString)
                .containsExactly("container 'x|web': OpenTSDB cannot hold a name like this, in which only letters,"
                        + " digits and -_./ are allowed");
    }

    @Test
    void the_query_is_one_that_the_server_of_the_documentation_takes() {
        var asked = new ArrayList<String>();
        server.be(query -> {
            asked.add(query.toString());
            return json("200 OK", "[]");
        });
        usage(Resource.MEMORY);
        assertThat(asked.get(0))
                .isEqualTo(
                        "{\"start\":1763769590000,\"end\":1763769600001,\"queries\":[{\"metric\":\"proc.mem.resident\","
                                + "\"aggregator\":\"zimsum\",\"downsample\":\"0all-avg\",\"filters\":[{\"type\":\"iliteral_or\","
                                + "\"tagk\":\"host\",\"filter\":\"a|b|c\",\"groupBy\":true}]}]}");
    }

    private static String series(String metric, String host, String points) {
        return "{\"metric\":\"" + metric + "\",\"tags\":{\"host\":\"" + host + "\"},\"aggregateTags\":[],\"dps\":{"
                + points + "}}";
    }
}

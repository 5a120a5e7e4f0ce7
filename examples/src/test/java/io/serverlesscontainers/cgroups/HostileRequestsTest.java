package io.serverlesscontainers.cgroups;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.serverlesscontainers.examples.service.http.RawHttp;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Requests as an attacker would send them, down to the file system. */
@Tag("long")
class HostileRequestsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static ScalerOnTree scaler;
    private static Map<String, String> before;
    private static RawHttp connection;

    /** What is sent. */
    record Hostile(String method, String target, String header, byte[] body) {
        @Override
        public String toString() {
            return method + " " + target + " " + header + " " + new String(body, StandardCharsets.UTF_8);
        }
    }

    @BeforeContainer
    static void begin() {
        scaler = ScalerOnTree.withFourCpus(FixtureTree.Kind.V2);
        // What a way out would lead to: it looks just like a container.
        for (String file : new String[] {"cpu.max", "memory.max", "cpuset.cpus", "cpuset.cpus.effective"}) {
            scaler.tree().write("sys/fs/secret/" + file, "7\n");
            scaler.tree().write("secret/" + file, "7\n");
        }
        before = scaler.contents();
    }

    @AfterContainer
    static void end() throws IOException {
        if (connection != null) {
            connection.close();
        }
        assertThat(scaler.contents()).isEqualTo(before);
        scaler.close();
    }

    @Property(tries = 10_000, shrinking = ShrinkingMode.OFF)
    void a_hostile_request_is_refused_in_one_sentence_and_changes_nothing(@ForAll("requests") Hostile hostile)
            throws IOException {
        if (connection == null) {
            connection = new RawHttp(scaler.url());
        }
        RawHttp.Answer answer = connection
                .send(hostile.method(), hostile.target(), hostile.header(), hostile.body())
                .answer();
        assertThat(answer.status()).as(answer.body()).isBetween(400, 499);
        JsonNode json = JSON.readTree(answer.body());
        assertThat(json.size()).isEqualTo(1);
        String sentence = json.path("error").textValue();
        assertThat(sentence).isNotBlank();
        assertThat(sentence.length()).isLessThan(1_000);
        assertThat(sentence.chars().noneMatch(Character::isISOControl)).isTrue();
        if (answer.isLast()) {
            connection.close();
            connection = null;
        }
    }

    @Provide
    Arbitrary<Hostile> requests() {
        Arbitrary<String> header = Arbitraries.of(
                "",
                "",
                "Content-Type: application/json\r\n",
                "Content-Type: multipart/form-data; boundary=x\r\n",
                "Content-Type: \u0007\r\n",
                "Content-Encoding: gzip\r\n",
                "Content-Type: application/json; charset=utf-7\r\n",
                "X-Http-Method-Override: DELETE\r\n",
                "Authorization: Bearer x\r\n");
        Arbitrary<byte[]> good = Arbitraries.just(
                "{\"cpu\":{\"cpu_allowance_limit\":77},\"mem\":{\"mem_limit\":77}}".getBytes(StandardCharsets.UTF_8));
        // A good body to a bad name, or a bad body to a good name; or both bad.
        Arbitrary<Hostile> name = Combinators.combine(names(), header, Arbitraries.oneOf(good, bodies()))
                .as((path, with, body) -> new Hostile("PUT", "/container/" + path, with, body));
        Arbitrary<Hostile> body = Combinators.combine(header, bodies())
                .as((with, bytes) -> new Hostile("PUT", "/container/cont0", with, bytes));
        Arbitrary<Hostile> route = Combinators.combine(
                        Arbitraries.of("POST", "PATCH", "DELETE", "OPTIONS", "PUT"),
                        Arbitraries.of("/", "/container", "/host", "/heartbeat", "/metrics", "/x", "//", "/host/../x"),
                        header,
                        bodies())
                .as(Hostile::new);
        return Arbitraries.oneOf(name, body, body, route);
    }

    private static Arbitrary<String> names() {
        return Arbitraries.of(
                        "secret",
                        "/",
                        "%2f",
                        "%2F",
                        "..",
                        "%2e%2e",
                        "%2E.",
                        ".",
                        "cont0",
                        "sys",
                        "fs",
                        "%00",
                        "%0a",
                        "%",
                        "%zz",
                        "%ff",
                        "%c0%ae",
                        "%u002e",
                        ";",
                        "..;",
                        "\\",
                        "%5c",
                        "?",
                        "%3f",
                        "~",
                        "é",
                        "+",
                        "%20",
                        "cpu.max",
                        "%ed%a0%80",
                        "x".repeat(256),
                        "y".repeat(3_000),
                        "lxc.payload.",
                        "*",
                        "'",
                        "\"")
                .list()
                .ofMinSize(2)
                .ofMaxSize(6)
                .map(parts -> String.join("", parts))
                // What these mean is the container itself: a query, a slash or a path parameter at the end.
                .filter(name -> !name.matches("(lxc\\.payload\\.)?cont0(/?|/?[?].*|;.*)"));
    }

    private static Arbitrary<byte[]> bodies() {
        Arbitrary<String> value = Arbitraries.of(
                "null",
                "true",
                "[]",
                "{}",
                "[1]",
                "\"\"",
                "\"x\"",
                "0",
                "-2",
                "1.5",
                "1e400",
                "-1e400",
                "1e999999999",
                "9".repeat(900),
                "\"" + "9".repeat(5_000) + "\"",
                "NaN",
                "Infinity",
                "0x10",
                "\"0-\"",
                "\"-\"",
                "\"\\u0000\"",
                "\"\\ud800\"",
                "\"0-99999\"",
                "\"1; rm -rf /\"",
                "\"\u0661\"",
                "2147483648000",
                "[".repeat(90) + "]".repeat(90),
                "[".repeat(5_000),
                "{\"a\":".repeat(2_000));
        Arbitrary<String> place = Arbitraries.of(
                "{\"cpu\":{\"cpu_allowance_limit\":%s}}",
                "{\"cpu\":{\"cpu_allowance_limit\":50,\"cpu_num\":%s}}",
                "{\"mem\":{\"mem_limit\":%s}}",
                "{\"mem\":{\"mem_limit\":77,\"unit\":%s}}",
                "{\"mem\":{\"mem_limit\":77},\"cpu\":{\"cpu_allowance_limit\":%s}}",
                "{\"disk_read\":{\"disk_read_limit\":77},\"disk_write\":{\"disk_write_limit\":%s}}",
                "{\"net\":{\"net_limit\":%s}}",
                "{\"energy\":{\"energy_limit\":%s}}",
                "{\"mem\":%s,\"cpu\":1}",
                "{\"unknown\":%s}",
                "{\"mem\":{\"mem_limit\":77}}%s",
                "{\"mem\":{\"mem_limit\":77},\"mem\":%s}",
                "[%s]",
                "%s");
        Arbitrary<String> shaped = Combinators.combine(place, value)
                .as(String::formatted)
                .filter(body -> !body.endsWith("\"cpu_num\":0}}")); // the one that is right
        Arbitrary<byte[]> anything = Arbitraries.bytes().array(byte[].class).ofMaxSize(200);
        return Arbitraries.oneOf(shaped.map(text -> text.getBytes(StandardCharsets.UTF_8)), anything);
    }
}

package io.serverlesscontainers.cgroups;

import static org.assertj.core.api.Assertions.assertThat;

import io.serverlesscontainers.examples.orchestrator.OrchestratorServer;
import io.serverlesscontainers.examples.service.http.CurlLine;
import io.serverlesscontainers.examples.service.http.Description;
import io.serverlesscontainers.examples.service.http.HostileClient;
import io.serverlesscontainers.examples.service.http.HostileInput;
import io.serverlesscontainers.examples.service.http.HostileRequest;
import io.serverlesscontainers.examples.service.http.RawHttp;
import java.io.IOException;
import java.net.SocketException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Requests to an Orchestrator as an attacker would send them, down to the state and the files of a host. */
@Tag("long")
class HostileOrchestratorRequestsTest {
    private static final byte[] MEBIBYTE = new byte[1 << 20];

    private static Description description;
    private static OrchestratorOnTree orchestrator;
    private static HostileClient client;
    private static Map<String, List<?>> state;
    private static Map<String, String> files;

    @BeforeContainer
    static void begin() throws Exception {
        description = new Description(OrchestratorServer.class);
        orchestrator = new OrchestratorOnTree();
        for (String line : OrchestratorPlaces.preparation()) {
            String port = Integer.toString(orchestrator.scalerPort());
            assertThat(new CurlLine(line.replace("SCALER", port)).ask(HttpClient.newHttpClient(), orchestrator.url()))
                    .isEqualTo("200 201");
        }
        client = new HostileClient(orchestrator.url(), "message");
        state = orchestrator.state();
        files = orchestrator.scaler().contents();
    }

    @AfterContainer
    static void end() throws IOException {
        client.close();
        try (var alive = new HostileClient(orchestrator.url(), "message")) {
            RawHttp.Answer heartbeat = alive.ask(new HostileRequest("GET", "/heartbeat", "", new byte[0]));
            assertThat(heartbeat.body()).isEqualTo("{\"status\":\"alive\"}\n");
            assertThat(orchestrator.scaler().contents()).isEqualTo(files);
        } finally {
            orchestrator.close();
        }
    }

    @Property(tries = 10_000, shrinking = ShrinkingMode.OFF)
    void a_hostile_request_is_refused_in_one_sentence_and_changes_nothing(@ForAll("requests") HostileRequest hostile)
            throws IOException {
        client.assertRefused(hostile);
        assertThat(orchestrator.state()).isEqualTo(state);
    }

    /** Each of them is wrong by the way it is made; see there. */
    @Provide
    Arbitrary<HostileRequest> requests() {
        return Arbitraries.frequencyOf(
                Tuple.of(3, names()), Tuple.of(6, values()), Tuple.of(2, brokenBodies()), Tuple.of(1, routes()));
    }

    /** At least one part of the path is a name that nothing has; the body is what the route wants, or is not. */
    private Arbitrary<HostileRequest> names() {
        Arbitrary<String> name = HostileInput.names("_all_docs", "_design", "__proto__");
        return Combinators.combine(
                        Arbitraries.of(OrchestratorPlaces.named()), name, HostileInput.headers(), HostileInput.bytes())
                .as((place, hostile, header, other) -> new HostileRequest(
                        place.method(),
                        place.path().replace("%s", hostile),
                        header,
                        place.body().isEmpty() ? other : sent(place.body())))
                .filter(request -> !OrchestratorPlaces.leadsToSomething(request.target()));
    }

    /** A good body but for one value, which must not be there. */
    private Arbitrary<HostileRequest> values() {
        return Combinators.combine(
                        Arbitraries.of(OrchestratorPlaces.valued()), HostileInput.values(), HostileInput.headers())
                .filter((place, value, header) -> !place.isRight(value))
                .as((place, value, header) -> new HostileRequest(
                        place.method(), place.path(), header, sent(place.body().replace("%s", value))));
    }

    /** A good body that was cut, goes on, or has a byte that no text has; or no body at all. */
    private Arbitrary<HostileRequest> brokenBodies() {
        Arbitrary<byte[]> broken = Combinators.combine(
                        Arbitraries.of(OrchestratorPlaces.goodBodies()),
                        Arbitraries.integers().between(0, 3),
                        Arbitraries.integers().between(0, 99))
                .as((body, way, where) -> {
                    byte[] good = sent(body);
                    int at = good.length * where / 100;
                    return switch (way) {
                        case 0 -> Arrays.copyOf(good, at);
                        case 1 -> sent(body + "]");
                        case 2 -> sent(body + body);
                        default -> {
                            good[at] = (byte) 0xff;
                            yield good;
                        }
                    };
                });
        return Combinators.combine(
                        Arbitraries.of(OrchestratorPlaces.valued()),
                        Arbitraries.oneOf(broken, HostileInput.bytes()),
                        HostileInput.headers())
                .as((place, body, header) -> new HostileRequest(place.method(), place.path(), header, body));
    }

    /** What no route is for: every path with every method that it does not have, and some that are none. */
    private Arbitrary<HostileRequest> routes() {
        return Combinators.combine(
                        Arbitraries.of(OrchestratorPlaces.nowhere(description)),
                        HostileInput.headers(),
                        Arbitraries.oneOf(
                                Arbitraries.of(OrchestratorPlaces.goodBodies())
                                        .map(HostileOrchestratorRequestsTest::sent),
                                HostileInput.bytes()))
                .as((place, header, body) -> new HostileRequest(place.method(), place.path(), header, body));
    }

    private static byte[] sent(String text) {
        return HostileInput.sent(text.replace("SCALER", Integer.toString(orchestrator.scalerPort())));
    }

    /** Encoded, so that no server takes it for a way, and the body says the same. */
    @Example
    void nothing_new_has_a_name_that_leads_elsewhere() throws IOException {
        for (String name :
                List.of("../x", "x/..", "a/../b", "./x", "a//b", "/x", "a\nb", "a\u0085b", "a\u202eb", "_design/a")) {
            String encoded = URLEncoder.encode(name, StandardCharsets.UTF_8);
            for (OrchestratorPlaces.Place place : OrchestratorPlaces.created()) {
                String body = place.body().replace("%s", name.replace("\n", "\\n"));
                client.assertRefused(
                        new HostileRequest(place.method(), place.path().replace("%s", encoded), "", sent(body)));
            }
        }
        assertThat(orchestrator.state()).isEqualTo(state);
    }

    @Example
    void a_body_that_ends_early_is_refused() throws IOException {
        for (OrchestratorPlaces.Place place : OrchestratorPlaces.valued()) {
            try (var http = new RawHttp(orchestrator.url())) {
                http.send(("PUT " + place.path() + " HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n{\"value\":30")
                                .getBytes(StandardCharsets.US_ASCII))
                        .end();
                client.assertSentence(http.answer());
            }
        }
        assertThat(orchestrator.state()).isEqualTo(state);
    }

    @Example
    void a_hundred_mebibytes_are_refused_and_kept_nowhere() throws IOException {
        String head = "PUT /service/guardian HTTP/1.1\r\nHost: a\r\n";
        for (String length : List.of(
                "Content-Length: 104857600\r\n\r\n",
                "Content-Length: 104857600\r\nExpect: 100-continue\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n6400000\r\n")) {
            try (var http = new RawHttp(orchestrator.url())) {
                http.send((head + length).getBytes(StandardCharsets.US_ASCII));
                try {
                    for (int sent = 0; sent < 100; sent++) {
                        http.send(MEBIBYTE);
                    }
                } catch (SocketException refused) {
                    // The server listens no more; its answer is there all the same.
                }
                RawHttp.Answer answer = http.answer();
                assertThat(answer.status()).isEqualTo(413);
                assertThat(answer.isLast()).isTrue();
                client.assertSentence(answer);
            }
        }
        assertThat(orchestrator.state()).isEqualTo(state);
    }

    @Example
    void what_follows_a_body_is_no_part_of_it() throws IOException {
        try (var http = new RawHttp(orchestrator.url())) {
            http.send("PUT /service/guardian/OWN HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n{\"value\":30}"
                    .getBytes(StandardCharsets.US_ASCII));
            client.assertSentence(http.answer());
            client.assertSentence(http.answer());
        }
        assertThat(orchestrator.state()).isEqualTo(state);
    }
}

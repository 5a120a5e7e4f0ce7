package io.serverlesscontainers.cgroups;

import static org.assertj.core.api.Assertions.assertThat;

import io.serverlesscontainers.examples.service.http.HostileClient;
import io.serverlesscontainers.examples.service.http.HostileInput;
import io.serverlesscontainers.examples.service.http.HostileRequest;
import java.io.IOException;
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
    private static ScalerOnTree scaler;
    private static HostileClient client;
    private static Map<String, String> before;

    @BeforeContainer
    static void begin() {
        scaler = ScalerOnTree.withFourCpus(FixtureTree.Kind.V2);
        // What a way out would lead to: it looks just like a container.
        for (String file : new String[] {"cpu.max", "memory.max", "cpuset.cpus", "cpuset.cpus.effective"}) {
            scaler.tree().write("sys/fs/secret/" + file, "7\n");
            scaler.tree().write("secret/" + file, "7\n");
        }
        before = scaler.contents();
        client = new HostileClient(scaler.url(), "error");
    }

    @AfterContainer
    static void end() throws IOException {
        client.close();
        assertThat(scaler.contents()).isEqualTo(before);
        scaler.close();
    }

    @Property(tries = 10_000, shrinking = ShrinkingMode.OFF)
    void a_hostile_request_is_refused_in_one_sentence_and_changes_nothing(@ForAll("requests") HostileRequest hostile)
            throws IOException {
        client.assertRefused(hostile);
    }

    @Provide
    Arbitrary<HostileRequest> requests() {
        Arbitrary<byte[]> good = Arbitraries.just(
                HostileInput.sent("{\"cpu\":{\"cpu_allowance_limit\":77},\"mem\":{\"mem_limit\":77}}"));
        // A good body to a bad name, or a bad body to a good name; or both bad.
        Arbitrary<HostileRequest> name = Combinators.combine(
                        names(), HostileInput.headers(), Arbitraries.oneOf(good, bodies()))
                .as((path, with, body) -> new HostileRequest("PUT", "/container/" + path, with, body));
        Arbitrary<HostileRequest> body = Combinators.combine(HostileInput.headers(), bodies())
                .as((with, bytes) -> new HostileRequest("PUT", "/container/cont0", with, bytes));
        Arbitrary<HostileRequest> route = Combinators.combine(
                        Arbitraries.of("POST", "PATCH", "DELETE", "OPTIONS", "PUT"),
                        Arbitraries.of("/", "/container", "/host", "/heartbeat", "/metrics", "/x", "//", "/host/../x"),
                        HostileInput.headers(),
                        bodies())
                .as(HostileRequest::new);
        return Arbitraries.oneOf(name, body, body, route);
    }

    private static Arbitrary<String> names() {
        return HostileInput.names("cont0", "cpu.max", "lxc.payload.")
                // What these mean is the container itself: a query, a slash or a path parameter at the end.
                .filter(name -> !name.matches("(lxc\\.payload\\.)?cont0(/?|/?[?].*|;.*)"));
    }

    private static Arbitrary<byte[]> bodies() {
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
        Arbitrary<String> shaped = Combinators.combine(place, HostileInput.values())
                .as(String::formatted)
                .filter(body -> !body.endsWith("\"cpu_num\":0}}")); // the one that is right
        return Arbitraries.oneOf(shaped.map(HostileInput::sent), HostileInput.bytes());
    }
}

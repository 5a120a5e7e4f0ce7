package io.serverlesscontainers.cgroups.internal.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.serverlesscontainers.core.spi.CgroupException;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What ip and tc print. */
class LinkAndQdiscTest {
    private static final String INTERFACE = "interface 'eth0' on the host";

    @Test
    void interfaces_are_read_with_where_they_lead_to() {
        assertThat(Link.parse(json("""
                        [{"ifindex":1,"ifname":"lo","mtu":65536},
                         {},
                         {"ifindex":5,"link_index":2,"ifname":"sc-cont0","operstate":"UP","link_netnsid":0},
                         {"ifindex":7,"link":"b","ifname":"a"}]
                        """)))
                .containsExactly(
                        new Link(1, "lo", 0, OptionalInt.empty()),
                        new Link(5, "sc-cont0", 2, OptionalInt.of(0)),
                        new Link(7, "a", 0, OptionalInt.empty()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-force", "", ".", "..", "a b", "a/b", "sixteencharacter", "a\\n", "é", "$(x)", "a%d"})
    void a_name_that_could_be_taken_for_something_else_is_left_out(String name) {
        assertThat(Link.parse(json("[{\"ifindex\":5,\"ifname\":\"" + name + "\"}]")))
                .isEmpty();
    }

    @Test
    void the_discipline_at_the_root_counts() {
        assertThat(Qdisc.parse(json("""
                        [{"kind":"ingress","handle":"ffff:","parent":"ffff:fff1","options":{}},
                         {"kind":"tbf","handle":"5ca1:","root":true,"refcnt":3,
                          "options":{"rate":1250000,"burst":32767,"lat":100000}}]
                        """), INTERFACE)).isEqualTo(new Qdisc("tbf", "5ca1:", OptionalLong.of(1_250_000)));
    }

    @Test
    void what_nobody_chose_is_told_from_what_somebody_did() {
        assertThat(Qdisc.parse(json("[]"), INTERFACE).isNobodys()).isTrue();
        assertThat(Qdisc.parse(json("[{\"kind\":\"noqueue\",\"handle\":\"0:\",\"root\":true}]"), INTERFACE)
                        .isNobodys())
                .isTrue();
        Qdisc fair = Qdisc.parse(json("[{\"kind\":\"fq_codel\",\"handle\":\"8001:\",\"root\":true}]"), INTERFACE);
        assertThat(fair.isNobodys()).isFalse();
        assertThat(fair.bytesPerSecond()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"rate\":\"10Mbit\"}", "{\"rate\":-1}", "{\"rate\":1.5}", "7"})
    void a_token_bucket_without_a_rate_is_refused(String options) {
        JsonNode list = json("[{\"kind\":\"tbf\",\"handle\":\"1:\",\"root\":true,\"options\":" + options + "}]");
        assertThatThrownBy(() -> Qdisc.parse(list, INTERFACE))
                .isInstanceOf(CgroupException.class)
                .hasMessageStartingWith("tc tells the rate of the token bucket of " + INTERFACE + " as '");
    }

    @Property(tries = 10_000)
    void whatever_is_printed_the_answer_is_a_value_or_one_exception(@ForAll("lists") JsonNode list) {
        assertThat(Link.parse(list)).allSatisfy(link -> {
            assertThat(link.name()).matches("[A-Za-z0-9_.:][A-Za-z0-9_.:-]{0,14}");
            assertThat(link.index()).isPositive();
        });
        try {
            assertThat(Qdisc.parse(list, INTERFACE)).isNotNull();
        } catch (CgroupException clear) {
            assertThat(clear.getMessage()).contains(INTERFACE);
        }
    }

    @Provide
    Arbitrary<JsonNode> lists() {
        Arbitrary<JsonNode> values = Arbitraries.of(List.of(
                json("null"),
                json("true"),
                json("-1"),
                json("5"),
                json("1e300"),
                json("\"tbf\""),
                json("\"-x\""),
                json("\"eth0\""),
                json("\"0:\""),
                json("[]"),
                json("{\"rate\":7}"),
                json("{\"rate\":[]}")));
        Arbitrary<String> names =
                Arbitraries.of("ifindex", "ifname", "link_index", "link_netnsid", "kind", "handle", "root", "options");
        Arbitrary<JsonNode> objects = Arbitraries.maps(names, values)
                .map(fields -> JsonNodeFactory.instance.objectNode().setAll(fields));
        Arbitrary<JsonNode> arrays = Arbitraries.oneOf(objects, values)
                .list()
                .ofMaxSize(5)
                .map(entries -> JsonNodeFactory.instance.arrayNode().addAll(entries));
        return Arbitraries.oneOf(arrays, objects, values);
    }

    private static JsonNode json(String text) {
        try {
            return new JsonMapper().readTree(text);
        } catch (JsonProcessingException bad) {
            throw new IllegalArgumentException(text, bad);
        }
    }
}

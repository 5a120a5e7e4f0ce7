package io.serverlesscontainers.cgroups.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.serverlesscontainers.core.spi.ContainerLimits;
import io.serverlesscontainers.core.spi.CpuSet;
import io.serverlesscontainers.store.document.Resource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What goes over the wire between who asks and who limits. */
class WireFormTest {
    private static final Set<Resource> ALL = EnumSet.allOf(Resource.class);

    @Example
    void limits_are_told_as_scripts_know_them() {
        var limits = new ContainerLimits(
                "cont0",
                Map.of(Resource.CPU, OptionalLong.of(200), Resource.MEMORY, OptionalLong.of(4096)),
                Optional.of(CpuSet.of(0, 1)));
        assertThat(LimitsJson.write(limits, ALL))
                .hasToString("{\"cpu\":{\"cpu_num\":\"0-1\",\"effective_num_cpus\":2,\"effective_cpu_limit\":200.0,"
                        + "\"cpu_allowance_limit\":200.0},\"mem\":{\"mem_limit\":4096.0,\"unit\":\"M\"}}");
    }

    @Example
    void where_there_is_no_limit_there_is_minus_one() {
        var limits = new ContainerLimits(
                "cont0",
                Map.of(
                        Resource.CPU,
                        OptionalLong.empty(),
                        Resource.MEMORY,
                        OptionalLong.empty(),
                        Resource.DISK_READ,
                        OptionalLong.empty()),
                Optional.of(CpuSet.of(0, 1)));
        assertThat(LimitsJson.write(limits, ALL))
                .hasToString("{\"cpu\":{\"cpu_num\":\"0-1\",\"effective_num_cpus\":2,\"effective_cpu_limit\":200.0,"
                        + "\"cpu_allowance_limit\":-1},\"mem\":{\"mem_limit\":-1,\"unit\":\"M\"},"
                        + "\"disk_read\":{\"disk_read_limit\":-1}}");
    }

    @Example
    void cpus_bound_what_a_quota_above_them_is_good_for() {
        var limits =
                new ContainerLimits("cont0", Map.of(Resource.CPU, OptionalLong.of(350)), Optional.of(CpuSet.of(0, 1)));
        assertThat(LimitsJson.write(limits, ALL).at("/cpu/effective_cpu_limit").doubleValue())
                .isEqualTo(200);
    }

    @Example
    void an_error_is_not_taken_for_no_limits() {
        assertThatThrownBy(() -> LimitsJson.read("cont0", json("{\"error\":\"cannot read cpu.max\"}")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("cannot read cpu.max");
    }

    @Example
    void only_what_is_asked_for_is_told() {
        var limits = new ContainerLimits(
                "cont0",
                Map.of(Resource.CPU, OptionalLong.of(200), Resource.MEMORY, OptionalLong.of(4096)),
                Optional.empty());
        assertThat(LimitsJson.write(limits, EnumSet.of(Resource.MEMORY)))
                .hasToString("{\"mem\":{\"mem_limit\":4096.0,\"unit\":\"M\"}}");
    }

    @Property
    void what_is_written_is_read_again(@ForAll("limits") ContainerLimits limits) {
        assertThat(LimitsJson.read("cont0", json(LimitsJson.write(limits, ALL).toString())))
                .isEqualTo(limits);
    }

    @Property
    void an_answer_can_be_sent_back_as_it_is(@ForAll("limits") ContainerLimits limits) {
        JsonNode answer = json(LimitsJson.write(limits, ALL).toString());
        boolean nothing = limits.limits().isEmpty() && limits.cpus().isEmpty();
        if (!nothing) {
            assertThat(WantedLimits.read(answer)).isEqualTo(new WantedLimits(limits.limits(), limits.cpus()));
        }
    }

    @Property
    void what_is_wanted_is_read_again(@ForAll("limits") ContainerLimits limits) {
        var wanted = new WantedLimits(limits.limits(), limits.cpus());
        if (!wanted.limits().isEmpty() || wanted.cpus().isPresent()) {
            assertThat(WantedLimits.read(json(wanted.toJson().toString()))).isEqualTo(wanted);
        }
    }

    @Provide
    Arbitrary<ContainerLimits> limits() {
        Arbitrary<OptionalLong> limit = Arbitraries.oneOf(
                Arbitraries.just(OptionalLong.empty()),
                Arbitraries.longs().between(1, 1_000_000_000).map(OptionalLong::of));
        Arbitrary<Optional<CpuSet>> cpus = Arbitraries.integers()
                .between(0, 255)
                .set()
                .ofMinSize(1)
                .ofMaxSize(20)
                .map(CpuSet::of)
                .optional();
        return Combinators.combine(Arbitraries.maps(Arbitraries.of(Resource.class), limit), cpus)
                .as((limits, set) -> new ContainerLimits("cont0", limits, set));
    }

    @Example
    void numbers_may_be_texts_and_cpus_come_in_both_spellings() {
        var expected = new WantedLimits(Map.of(Resource.CPU, OptionalLong.of(200)), Optional.of(CpuSet.of(0, 1)));
        for (String body : new String[] {
            "{\"cpu\": {\"cpu_allowance_limit\": \"200\",\"cpu_num\": \"0,1\"}}",
            "{\"cpu\": {\"cpu_allowance_limit\": 200,\"cpu_num\": \"0-1\"}}",
            "{\"cpu\": {\"cpu_allowance_limit\": 200.0,\"cpu_num\": \" 0-1 \"}}",
            "{\"cpu\": {\"cpu_allowance_limit\": \" 2e2 \",\"cpu_num\": \"1,0\"}, \"more\": [1]}",
        }) {
            assertThat(WantedLimits.read(json(body))).as(body).isEqualTo(expected);
        }
    }

    @Example
    void no_limit_comes_in_both_spellings_too() {
        var expected = new WantedLimits(Map.of(Resource.MEMORY, OptionalLong.empty()), Optional.empty());
        for (String limit : new String[] {"-1", "\"-1\"", "-1.0", "\"unlimited\"", "\"Unlimited\""}) {
            assertThat(WantedLimits.read(json("{\"mem\":{\"mem_limit\":" + limit + "}}")))
                    .isEqualTo(expected);
        }
    }

    @Example
    void what_is_no_limit_is_refused_with_its_place_its_value_and_what_is_needed() {
        String[] wrong = {
            "0",
            "-2",
            "1.5",
            "\"\"",
            "\"1 000\"",
            "\"0x10\"",
            "\"٣\"",
            "\"NaN\"",
            "null",
            "true",
            "[1]",
            "{}",
            "1e99",
            "1000000001",
            "99999999999999999999999999",
            "\"" + "9".repeat(1000) + "\"",
            "\"1e999999999\"",
            "\"max\""
        };
        for (String limit : wrong) {
            assertThatThrownBy(() -> WantedLimits.read(json("{\"mem\":{\"mem_limit\":" + limit + "}}")))
                    .as(limit)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("mem.mem_limit is ")
                    .hasMessageEndingWith("a whole number of MiB from 1 to 1000000000 is needed, or -1 for no limit")
                    .satisfies(
                            refused -> assertThat(refused.getMessage().length()).isLessThan(200));
        }
    }

    @Example
    void what_is_no_list_of_cpus_is_refused() {
        for (String cpus : new String[] {"\"\"", "\"a\"", "\"1-0\"", "[0,1]", "null", "1.5", "-1", "\"99999999\""}) {
            assertThatThrownBy(() -> WantedLimits.read(json("{\"cpu\":{\"cpu_num\":" + cpus + "}}")))
                    .as(cpus)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("cpu.cpu_num is ")
                    .hasMessageEndingWith("a list of CPUs such as \"0,1\" or \"0-1\" is needed");
        }
    }

    @Example
    void a_body_without_a_limit_is_refused() {
        for (String body : new String[] {
            "{}", "[]", "1", "null", "{\"cpu\":1}", "{\"memory\":{\"mem_limit\":1}}", "{\"mem\":{\"limit\":1}}"
        }) {
            assertThatThrownBy(() -> WantedLimits.read(json(body)))
                    .as(body)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(" is needed");
        }
    }

    @Example
    void gibibytes_are_not_taken_for_mebibytes() {
        assertThatThrownBy(() -> WantedLimits.read(json("{\"mem\":{\"mem_limit\":4,\"unit\":\"G\"}}")))
                .hasMessage("mem.unit is \"G\", only \"M\" (MiB) is possible");
    }

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (IOException wrong) {
            throw new UncheckedIOException(wrong);
        }
    }
}

package io.serverlesscontainers.core.guardian;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serverlesscontainers.core.Mode;
import io.serverlesscontainers.core.decision.GuardianDecision;
import io.serverlesscontainers.core.decision.GuardianDecision.Outcome;
import io.serverlesscontainers.core.simulation.VirtualClock;
import io.serverlesscontainers.core.spi.EventRule;
import io.serverlesscontainers.core.spi.EventTally;
import io.serverlesscontainers.core.spi.RequestRule;
import io.serverlesscontainers.core.spi.ResourceState;
import io.serverlesscontainers.core.spi.ScalingPolicy;
import io.serverlesscontainers.core.spi.Signals;
import io.serverlesscontainers.core.spi.UsageQuery;
import io.serverlesscontainers.core.spi.Usages;
import io.serverlesscontainers.core.tck.ThresholdPolicy;
import io.serverlesscontainers.store.StateStore;
import io.serverlesscontainers.store.StateStoreException;
import io.serverlesscontainers.store.Stored;
import io.serverlesscontainers.store.document.Boundary;
import io.serverlesscontainers.store.document.Document;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.document.Limits;
import io.serverlesscontainers.store.document.Problem;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.ResourceLimits;
import io.serverlesscontainers.store.document.ScaleEvents;
import io.serverlesscontainers.store.document.ScalingEvent;
import io.serverlesscontainers.store.document.ScalingRequest;
import io.serverlesscontainers.store.document.Structure;
import io.serverlesscontainers.store.memory.InMemoryStateStore;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.BeforeTry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Windows of a Guardian by the stock policy: max 400, min 50, limit 200, upper 175, lower 150 unless said otherwise. */
class GuardianTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration WINDOW = Duration.ofSeconds(10);

    private VirtualClock clock;
    private InMemoryStateStore store;
    private Map<String, Map<Resource, Double>> usage;
    private Map<String, Signals> signals;
    private List<UsageQuery> queries;
    private List<GuardianDecision> decisions;

    @BeforeEach
    @BeforeTry
    void startAfresh() {
        clock = VirtualClock.startingAt(Instant.ofEpochSecond(1_700_000_000));
        store = new InMemoryStateStore();
        usage = new HashMap<>();
        signals = new HashMap<>();
        queries = new ArrayList<>();
        decisions = new ArrayList<>();
    }

    // ---- events and requests

    @Test
    void a_usage_above_upper_is_stored_as_a_bottleneck() {
        add("web-1");
        uses("web-1", 180);

        GuardianWindow window = window(guardian());

        assertThat(window.events()).isEqualTo(1);
        assertThat(window.requests()).isEmpty();
        assertThat(events())
                .containsExactly(json("{'type':'event','name':'CpuBottleneck','structure':'web-1','resource':'cpu',"
                        + "'action':{'events':{'scale':{'up':1}}},'timestamp':1700000000}"));
        assertThat(decision().sentence())
                .isEqualTo("web-1 cpu: usage 180.0 is above upper 175; 1 up and 0 down events make no rule hold");
    }

    @Test
    void a_usage_below_lower_is_stored_as_an_underuse() {
        add("web-1");
        uses("web-1", 100);

        window(guardian());

        assertThat(events())
                .containsExactly(json("{'type':'event','name':'CpuUnderuse','structure':'web-1','resource':'cpu',"
                        + "'action':{'events':{'scale':{'down':1}}},'timestamp':1700000000}"));
    }

    @Test
    void a_resource_of_two_words_has_both_in_title_case() {
        Structure web = structure("web-1");
        put(
                DocumentKind.STRUCTURES,
                web.withResource(Resource.DISK_READ, web.resources().get(Resource.CPU)));
        put(
                DocumentKind.LIMITS,
                Limits.of("web-1").withResource(Resource.DISK_READ, ResourceLimits.of(Boundary.absolute(25))));
        usage.put("web-1", Map.of(Resource.DISK_READ, 180.0));

        window(guardian(
                new ThresholdPolicy().withAmount(Resource.DISK_READ, 10),
                settings().withResources(Set.of(Resource.DISK_READ))));

        assertThat(store.events()).extracting(event -> event.entry().name()).containsExactly("Disk_ReadBottleneck");
    }

    @Test
    void a_usage_between_the_thresholds_is_no_event() {
        add("web-1");
        uses("web-1", 160);

        GuardianWindow window = window(guardian());

        assertThat(window.events()).isZero();
        assertThat(store.events()).isEmpty();
        assertThat(decision().outcome()).isEqualTo(Outcome.WITHIN_LIMITS);
        assertThat(decision().sentence())
                .isEqualTo("web-1 cpu: usage 160.0 is between lower 150 and upper 175, nothing to do");
    }

    @Test
    void two_bottlenecks_make_a_request_of_75_and_are_consumed() {
        add("web-1");
        uses("web-1", 180);
        Guardian guardian = guardian();
        window(guardian);

        GuardianWindow second = window(guardian);

        assertThat(second.requests()).extracting(ScalingRequest::amount).containsExactly(75L);
        assertThat(store.events()).isEmpty();
        assertThat(decision().eventsConsumed()).isEqualTo(2);
        assertThat(decision().sentence())
                .isEqualTo("web-1 cpu: usage 180.0 is above upper 175; 2 up and 0 down events make CpuRescaleUp hold: "
                        + "request +75 shares, limit 200 to 275");
    }

    @Test
    void a_request_has_just_these_fields() {
        add("web-1");
        uses("web-1", 180);
        Guardian guardian = guardian();
        window(guardian);
        clock.advance(Duration.ofMillis(700));
        window(guardian);

        assertThat(store.requests()).hasSize(1);
        assertThat(plain(store.requests().get(0).entry().toJson()))
                .isEqualTo(json("{'type':'request','resource':'cpu','amount':75,'priority':0,'structure':'web-1',"
                        + "'action':'CpuRescaleUp','field':'current','timestamp':1700000010,"
                        + "'structure_type':'container','host':'host-1','host_rescaler_ip':'10.0.0.1',"
                        + "'host_rescaler_port':'8000'}"));
        assertThat(store.requests().get(0).entry().timestamp()).isEqualTo("2023-11-14T22:13:30Z");
    }

    @Test
    void the_two_oldest_events_are_consumed() {
        add("web-1");
        uses("web-1", 180);
        event("web-1", ScaleEvents.UP, 30);
        event("web-1", ScaleEvents.UP, 50);

        window(guardian());

        assertThat(store.requests()).hasSize(1);
        assertThat(store.events())
                .extracting(event -> event.entry().timestamp())
                .containsExactly(clock.instant().minus(WINDOW));
    }

    @Test
    void eight_underuses_fit_the_limit_to_the_usage() {
        add("web-1");
        uses("web-1", 100);
        Guardian guardian = guardian();
        for (int window = 1; window < 8; window++) {
            assertThat(window(guardian).requests()).as("window %d", window).isEmpty();
        }

        // 100 + 12 + 25 − 200
        assertThat(window(guardian).requests())
                .extracting(ScalingRequest::amount)
                .containsExactly(-63L);
        assertThat(store.events()).isEmpty();
        assertThat(store.requests().get(0).entry().action()).isEqualTo("CpuRescaleDown");
        assertThat(decision().sentence())
                .isEqualTo("web-1 cpu: usage 100.0 is below lower 150; 0 up and 8 down events make CpuRescaleDown "
                        + "hold: request -63 shares, limit 200 to 137");
    }

    @Test
    void events_that_have_aged_out_count_no_more_and_leave_the_store() {
        add("web-1");
        uses("web-1", 180);
        Guardian guardian = guardian();
        window(guardian);
        clock.advance(Duration.ofSeconds(91));

        GuardianWindow later = window(guardian);

        assertThat(later.requests()).isEmpty();
        assertThat(store.events()).hasSize(1);
    }

    @Test
    void events_of_other_writers_count() {
        add("web-1");
        uses("web-1", 180);
        event("web-1", ScaleEvents.UP, 100);

        assertThat(window(guardian()).requests()).hasSize(1);
    }

    @Test
    void a_trimmed_amount_says_so() {
        add("web-1", structure -> withCurrent(structure, 380));
        uses("web-1", 370);
        event("web-1", ScaleEvents.UP, 10);

        window(guardian());

        assertThat(store.requests()).extracting(it -> it.entry().amount()).containsExactly(20L);
        assertThat(decision().sentence()).endsWith("request +20 shares, limit 380 to 400 (trimmed from +75)");
    }

    @Test
    void what_is_trimmed_to_nothing_consumes_its_events_and_makes_no_request() {
        add("web-1", structure -> withCurrent(structure, 400));
        uses("web-1", 390);
        event("web-1", ScaleEvents.UP, 20);
        event("web-1", ScaleEvents.UP, 10);

        GuardianWindow window = window(guardian());

        assertThat(window.requests()).isEmpty();
        assertThat(store.requests()).isEmpty();
        assertThat(store.events()).isEmpty();
        assertThat(decision().outcome()).isEqualTo(Outcome.TRIMMED_TO_NOTHING);
        assertThat(decision().sentence())
                .isEqualTo("web-1 cpu: usage 390.0 is above upper 375; 2 up and 0 down events make CpuRescaleUp hold, "
                        + "but min 50 and max 400 leave nothing of its +75 shares");
    }

    @Provide
    Arbitrary<List<Integer>> histories() {
        return Arbitraries.of(0, 160, 180, 100, 100, 100, 100)
                .list()
                .ofMinSize(1)
                .ofMaxSize(40);
    }

    @Property(tries = 1_000)
    void no_request_is_made_without_its_events(@ForAll("histories") List<Integer> history) {
        add("web-1");
        Guardian guardian = guardian();
        var ups = new ArrayList<Integer>();
        var downs = new ArrayList<Integer>();
        for (int number = 0; number < history.size(); number++) {
            int now = number;
            uses("web-1", history.get(now));
            // 100 s are ten windows.
            ups.removeIf(seen -> now - seen > 10);
            downs.removeIf(seen -> now - seen > 10);
            if (history.get(now) == 180) {
                ups.add(now);
            } else if (history.get(now) == 100) {
                downs.add(now);
            }
            boolean up = ups.size() >= 2 && downs.size() <= 2;
            boolean down = downs.size() >= 8 && ups.isEmpty();

            List<ScalingRequest> requests = window(guardian).requests();

            assertThat(requests).as("window %d", now).hasSize(up || down ? 1 : 0);
            if (up) {
                ups.subList(0, 2).clear();
            } else if (down) {
                downs.subList(0, 8).clear();
            }
            assertThat(store.events()).hasSize(ups.size() + downs.size());
        }
    }

    // ---- what is looked at

    @Test
    void the_window_ends_its_delay_ago() {
        add("web-1");

        window(guardian(new ThresholdPolicy(), settings().withWindow(WINDOW, Duration.ofSeconds(20))));

        assertThat(queries).hasSize(1);
        assertThat(queries.get(0).from()).isEqualTo("2023-11-14T22:12:50Z");
        assertThat(queries.get(0).to()).isEqualTo("2023-11-14T22:13:00Z");
        assertThat(queries.get(0).structures()).containsExactly("web-1");
    }

    @Test
    void no_sample_is_not_a_usage_of_0() {
        add("web-1");

        GuardianWindow window = window(guardian());

        assertThat(window.states()).isEmpty();
        assertThat(window.events()).isZero();
        assertThat(decision().outcome()).isEqualTo(Outcome.NO_USAGE);
        assertThat(decision().sentence()).isEqualTo("web-1 cpu: no sample in the window");
    }

    @Test
    void an_unguarded_structure_is_left_alone() {
        add("web-1", structure -> structure.withGuard(false));
        uses("web-1", 180);
        event("web-1", ScaleEvents.UP, 10);

        assertThat(window(guardian()).states()).isEmpty();
        assertThat(decisions).isEmpty();
        assertThat(limits("web-1").resource(Resource.CPU).orElseThrow().upper()).isEmpty();
    }

    @Test
    void an_unguarded_resource_is_left_alone() {
        add(
                "web-1",
                structure -> structure.withResource(
                        Resource.CPU, structure.resources().get(Resource.CPU).withGuard(false)));
        uses("web-1", 180);

        assertThat(window(guardian()).states()).isEmpty();
        assertThat(decisions).isEmpty();
    }

    @Test
    void structures_of_another_subtype_are_left_alone() {
        add("web-1");
        uses("web-1", 180);

        window(guardian(new ThresholdPolicy(), settings().withSubtype(Structure.Subtype.APPLICATION)));

        assertThat(decisions).isEmpty();
    }

    @ParameterizedTest(name = "structure {0}, resource {1}: {2}")
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "true|true|true",
                "true|false|false",
                "false|true|false",
                "false|false|false",
                "true|-|false",
                "-|true|false",
                "-|-|false",
                "true|yes|false",
                "yes|true|false"
            })
    void a_resource_is_scaled_if_it_and_its_structure_are_guarded(String structure, String resource, boolean scaled) {
        read(
                DocumentKind.STRUCTURES,
                "{'name':'web-1','subtype':'container'," + (structure == null ? "" : "'guard':" + text(structure) + ",")
                        + "'resources':{'cpu':{" + (resource == null ? "" : "'guard':" + text(resource) + ",")
                        + "'max':400,'min':50,'current':200}}}");
        read(DocumentKind.LIMITS, "{'name':'web-1','resources':{'cpu':{'boundary':25}}}");
        uses("web-1", 180);

        GuardianWindow window = window(guardian());

        assertThat(window.states()).hasSize(scaled ? 1 : 0);
        assertThat(window.problems()).hasSize((structure + resource).contains("yes") ? 1 : 0);
    }

    /** A word is a text in JSON, true and false are none. */
    private static String text(String value) {
        return value.equals("yes") ? "'yes'" : value;
    }

    // ---- never down

    @Test
    void a_limit_that_never_goes_down_stays_and_the_events_are_consumed() {
        add("web-1", GuardianTest::neverDown);
        uses("web-1", 100);
        Guardian guardian = guardian();
        for (int number = 1; number < 8; number++) {
            window(guardian);
        }

        GuardianWindow eighth = window(guardian);

        assertThat(eighth.requests()).isEmpty();
        assertThat(store.requests()).isEmpty();
        assertThat(store.events()).isEmpty();
        assertThat(decision().outcome()).isEqualTo(Outcome.NEVER_DOWN);
        assertThat(decision().isScaling()).isFalse();
        assertThat(decision().eventsConsumed()).isEqualTo(8);
        assertThat(decision().sentence())
                .isEqualTo("web-1 cpu: usage 100.0 is below lower 150; 0 up and 8 down events make CpuRescaleDown "
                        + "hold, but its -63 shares would lower a limit that never goes down");
    }

    @Test
    void a_limit_that_never_goes_down_goes_up() {
        add("web-1", GuardianTest::neverDown);
        uses("web-1", 180);
        event("web-1", ScaleEvents.UP, 10);

        assertThat(window(guardian()).requests())
                .extracting(ScalingRequest::amount)
                .containsExactly(75L);
    }

    @Test
    void what_would_not_lower_a_limit_by_a_rule_meant_to_is_asked_for() {
        // The trim lifts lower to min: 150 − 63 would be below 160.
        add(
                "web-1",
                structure -> neverDown(
                        DocumentKind.STRUCTURES.read(json("{'name':'web-1','subtype':'container','guard':true,"
                                + "'resources':{'cpu':{'guard':true,'max':400,'min':160,'current':200}}}"))));
        uses("web-1", 100);
        for (int number = 0; number < 8; number++) {
            event("web-1", ScaleEvents.DOWN, 10);
        }

        assertThat(window(guardian()).requests())
                .extracting(ScalingRequest::amount)
                .containsExactly(10L);
    }

    @Property(tries = 300)
    void a_limit_that_never_goes_down_is_never_asked_to(@ForAll("histories") List<Integer> history) {
        add("free");
        add("kept", GuardianTest::neverDown);
        Guardian guardian = guardian();
        for (int used : history) {
            uses("free", used);
            uses("kept", used);
            List<ScalingRequest> requests = window(guardian).requests();
            List<Long> asked = requests.stream()
                    .filter(it -> it.structure().equals("free"))
                    .map(ScalingRequest::amount)
                    .filter(amount -> amount > 0)
                    .toList();
            assertThat(requests)
                    .filteredOn(it -> it.structure().equals("kept"))
                    .extracting(ScalingRequest::amount)
                    .isEqualTo(asked);
        }
    }

    @Test
    void a_mark_that_is_neither_true_nor_false_is_a_problem_and_counts_as_none() {
        read(
                DocumentKind.STRUCTURES,
                "{'name':'web-1','subtype':'container','guard':true,'resources':{'cpu':{'guard':true,"
                        + "'never_down':'always','max':400,'min':50,'current':200}}}");
        read(DocumentKind.LIMITS, "{'name':'web-1','resources':{'cpu':{'boundary':25}}}");
        uses("web-1", 100);

        GuardianWindow window = window(guardian());

        assertThat(window.problems())
                .extracting(Problem::toString)
                .containsExactly("structure 'web-1': /resources/cpu/never_down is \"always\", true or false is needed");
        assertThat(window.states()).hasSize(1);
    }

    // ---- cooldown

    @Test
    void a_limit_that_was_just_raised_rests_and_keeps_its_events() {
        add("web-1");
        uses("web-1", 180);
        Guardian guardian = guardian(new ThresholdPolicy(), settings().withCooldown(WINDOW.multipliedBy(5), WINDOW));
        window(guardian);
        assertThat(window(guardian).requests()).hasSize(1);

        assertThat(window(guardian).requests()).isEmpty();
        assertThat(decision().outcome()).isEqualTo(Outcome.NOT_ENOUGH_EVENTS);
        assertThat(window(guardian).requests()).isEmpty();
        assertThat(decision().outcome()).isEqualTo(Outcome.COOLING_DOWN);
        assertThat(decision().eventsConsumed()).isZero();
        assertThat(decision().isScaling()).isFalse();
        assertThat(decision().sentence())
                .isEqualTo("web-1 cpu: usage 180.0 is above upper 175; 2 up and 0 down events make CpuRescaleUp hold, "
                        + "but its +75 shares have to wait: the limit rests for another 30.0 s");
        assertThat(store.events()).hasSize(2);
        window(guardian);
        window(guardian);
        assertThat(decision().outcome()).isEqualTo(Outcome.COOLING_DOWN);

        assertThat(window(guardian).requests()).as("five windows later").hasSize(1);
        assertThat(decision().eventsUp()).isEqualTo(5);
        assertThat(store.events()).hasSize(3);
    }

    @Test
    void after_a_rise_the_way_down_rests_by_a_cooldown_of_its_own() {
        add("web-1");
        Guardian guardian = guardian(
                new ThresholdPolicy().withEvents(1, 1), settings().withCooldown(Duration.ZERO, WINDOW.multipliedBy(3)));
        uses("web-1", 180);
        assertThat(window(guardian).requests()).hasSize(1);
        assertThat(window(guardian).requests()).as("up again at once").hasSize(1);

        uses("web-1", 100);
        for (int later = 1; later < 3; later++) {
            assertThat(window(guardian).requests())
                    .as("%d windows later", later)
                    .isEmpty();
            assertThat(decision().outcome()).isEqualTo(Outcome.COOLING_DOWN);
        }
        assertThat(window(guardian).requests()).as("three windows later").hasSize(1);
    }

    @Test
    void one_limit_rests_and_the_others_do_not() {
        add("web-1");
        add("web-2");
        Guardian guardian = guardian(
                new ThresholdPolicy().withEvents(1, 1),
                settings().withCooldown(Duration.ofDays(1), Duration.ofDays(1)));
        uses("web-1", 180);
        uses("web-2", 160);
        window(guardian);
        uses("web-2", 180);

        assertThat(window(guardian).requests())
                .extracting(ScalingRequest::structure)
                .containsExactly("web-2");
    }

    @Test
    void what_is_trimmed_to_nothing_starts_no_cooldown_and_is_not_kept_by_one() {
        add("web-1", structure -> withCurrent(structure, 400));
        uses("web-1", 390);
        Guardian guardian = guardian(
                new ThresholdPolicy().withEvents(1, 1),
                settings().withCooldown(Duration.ofDays(1), Duration.ofDays(1)));
        event("web-1", ScaleEvents.UP, 10);
        window(guardian);
        assertThat(decision().outcome()).isEqualTo(Outcome.TRIMMED_TO_NOTHING);
        uses("web-1", 100);
        assertThat(window(guardian).requests()).as("nothing rests").hasSize(1);
        uses("web-1", 390);
        event("web-1", ScaleEvents.UP, 10);
        window(guardian);

        assertThat(decision().outcome()).as("though it rests").isEqualTo(Outcome.TRIMMED_TO_NOTHING);
        assertThat(decision().eventsConsumed()).isEqualTo(1);
    }

    @Test
    void what_would_lower_a_limit_that_never_goes_down_does_not_wait_for_the_end_of_a_rest() {
        add("web-1", GuardianTest::neverDown);
        uses("web-1", 180);
        Guardian guardian = guardian(
                new ThresholdPolicy().withEvents(1, 1),
                settings().withCooldown(Duration.ofDays(1), Duration.ofDays(1)));
        assertThat(window(guardian).requests()).hasSize(1);
        uses("web-1", 100);
        window(guardian);

        assertThat(decision().outcome()).isEqualTo(Outcome.NEVER_DOWN);
        assertThat(store.events()).isEmpty();
    }

    @Test
    void a_structure_that_comes_again_has_no_past() {
        add("web-1");
        uses("web-1", 180);
        Guardian guardian = guardian(
                new ThresholdPolicy().withEvents(1, 1),
                settings().withCooldown(Duration.ofDays(1), Duration.ofDays(1)));
        assertThat(window(guardian).requests()).hasSize(1);
        assertThat(window(guardian).requests()).isEmpty();
        remove("web-1");
        window(guardian);
        add("web-1");

        assertThat(window(guardian).requests()).hasSize(1);
    }

    @Test
    void a_guardian_that_has_just_started_cools_nothing() {
        add("web-1");
        uses("web-1", 180);
        ScalingPolicy policy = new ThresholdPolicy().withEvents(1, 1);
        GuardianSettings settings = settings().withCooldown(Duration.ofDays(1), Duration.ofDays(1));
        Guardian guardian = guardian(policy, settings);
        window(guardian);
        assertThat(window(guardian).requests()).isEmpty();

        assertThat(window(guardian(policy, settings)).requests()).hasSize(1);
    }

    @Test
    void a_dry_run_rests_as_an_enforcing_one_would() {
        add("web-1");
        uses("web-1", 180);
        Guardian dry = guardian(
                new ThresholdPolicy().withEvents(1, 1),
                settings().withMode(Mode.DRY_RUN).withCooldown(Duration.ofDays(1), Duration.ofDays(1)));
        window(dry);
        assertThat(decision().outcome()).isEqualTo(Outcome.WOULD_REQUEST);
        window(dry);

        assertThat(decision().outcome()).isEqualTo(Outcome.COOLING_DOWN);
    }

    @Test
    void a_request_that_could_not_be_written_starts_no_cooldown() {
        add("web-1");
        uses("web-1", 180);
        boolean[] broken = {true};
        var failing = (StateStore) Proxy.newProxyInstance(
                StateStore.class.getClassLoader(), new Class<?>[] {StateStore.class}, (proxy, method, arguments) -> {
                    if (broken[0] && method.getName().equals("addRequests")) {
                        throw new StateStoreException("no route to host");
                    }
                    return method.invoke(store, arguments);
                });
        var guardian = new Guardian(
                failing,
                this::measure,
                new ThresholdPolicy().withEvents(1, 1),
                settings().withCooldown(Duration.ofDays(1), Duration.ofDays(1)),
                clock,
                decisions::add);
        assertThatThrownBy(() -> window(guardian)).isInstanceOf(StateStoreException.class);
        broken[0] = false;

        assertThat(window(guardian).requests()).hasSize(1);
    }

    @Test
    void a_cooldown_is_not_negative() {
        assertThatThrownBy(() -> settings().withCooldown(Duration.ofSeconds(-1), Duration.ZERO))
                .hasMessage("the cooldown before going up is PT-1S, 0 or more is needed");
        assertThatThrownBy(() -> settings().withCooldown(Duration.ZERO, Duration.ofSeconds(-1)))
                .hasMessage("the cooldown before going down is PT-1S, 0 or more is needed");
    }

    // ---- signals

    @Test
    void signals_reach_the_rules_and_the_explanation() {
        add("web-1");
        add("web-2");
        uses("web-1", 160);
        uses("web-2", 160);
        var seen = new Signals(0.62, 0.1, 0.03, 1, 7);
        signals.put("web-1", seen);

        GuardianWindow window = window(guardian());

        assertThat(window.states()).extracting(ResourceState::signals).containsExactly(seen, Signals.NONE);
        assertThat(decisions)
                .extracting(GuardianDecision::sentence)
                .containsExactly(
                        "web-1 cpu: usage 160.0 (throttled 62 %, some waiting 10 %, all waiting 3 %, OOM kills: 1, "
                                + "limit hits: 7) is between lower 150 and upper 175, nothing to do",
                        "web-2 cpu: usage 160.0 is between lower 150 and upper 175, nothing to do");
    }

    @Test
    void signals_without_a_usage_decide_nothing() {
        add("web-1");
        signals.put("web-1", Signals.NONE.withThrottledRatio(1));

        window(guardian());

        assertThat(decision().outcome()).isEqualTo(Outcome.NO_USAGE);
    }

    // ---- repair

    @Test
    void a_repair_is_written_back_with_unknown_fields_kept() {
        put(DocumentKind.STRUCTURES, structure("web-1"));
        read(
                DocumentKind.LIMITS,
                "{'name':'web-1','type':'limit','owner':'ops','resources':{'cpu':{'upper':399,'lower':7,'boundary':25,"
                        + "'note':'by hand'},'gpu':{'upper':1}}}");
        uses("web-1", 160);

        window(guardian());

        JsonNode written = plain(limits("web-1").toJson());
        assertThat(written.at("/resources/cpu"))
                .isEqualTo(json("{'upper':175,'lower':150,'boundary':25,'note':'by hand'}"));
        assertThat(written.at("/resources/gpu")).isEqualTo(json("{'upper':1}"));
        assertThat(written.path("owner").asText()).isEqualTo("ops");
        assertThat(decision().repaired()).isTrue();
    }

    @Test
    void a_valid_chain_is_not_written() {
        add("web-1");
        uses("web-1", 160);
        Guardian guardian = guardian();
        window(guardian);
        String revision = store.find(DocumentKind.LIMITS, "web-1").orElseThrow().revision();

        window(guardian);

        assertThat(store.find(DocumentKind.LIMITS, "web-1").orElseThrow().revision())
                .isEqualTo(revision);
        assertThat(decision().repaired()).isFalse();
    }

    // ---- bad documents

    @ParameterizedTest(name = "{2}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            nullValues = "-",
            value = {
                "'max':400,'min':50,'current':200|-|limits 'bad': there is no such document",
                "'max':400,'min':50,'current':200|'mem':{'boundary':1}|limits 'bad': /resources/cpu is missing",
                "'max':400,'min':50,'current':200|'cpu':7|"
                        + "limits 'bad': /resources/cpu is 7, a JSON object is needed",
                "'max':400,'min':50,'current':200|'cpu':{'upper':1}|"
                        + "limits 'bad': /resources/cpu/boundary is missing, a whole number from 0 on is needed",
                "'max':400,'min':50,'current':200|'cpu':{'boundary':-1}|"
                        + "limits 'bad': /resources/cpu/boundary is -1, an amount of 0 or more is needed",
                "'max':400,'min':50,'current':200|'cpu':{'boundary':101,'boundary_type':'percentage_of_max'}|"
                        + "limits 'bad': /resources/cpu/boundary is 101, a percentage from 0 to 100 is needed",
                "'max':400,'min':50,'current':200|'cpu':{'boundary':10,'boundary_type':'percent'}|limits 'bad': "
                        + "/resources/cpu/boundary_type is 'percent', percentage_of_max or percentage_of_current is needed",
                "'max':400,'min':50,'current':200|'cpu':{'boundary':'wide'}|"
                        + "limits 'bad': /resources/cpu/boundary is 'wide', a whole number is needed",
                "'min':50,'current':200|'cpu':{'boundary':25}|"
                        + "structure 'bad': /resources/cpu/max is missing, a whole number from 0 on is needed",
                "'max':'lots','min':50,'current':200|'cpu':{'boundary':25}|"
                        + "structure 'bad': /resources/cpu/max is 'lots', a whole number is needed",
                "'max':400,'min':50,'current':[1]|'cpu':{'boundary':25}|"
                        + "structure 'bad': /resources/cpu/current is [1], a whole number is needed",
                "'max':400,'min':401,'current':200|'cpu':{'boundary':25}|"
                        + "structure 'bad': /resources/cpu/min is 401, more than max, which is 400"
            })
    void a_bad_document_is_one_problem_and_the_others_go_on(String cpu, String limits, String problem) {
        read(
                DocumentKind.STRUCTURES,
                "{'name':'bad','subtype':'container','guard':true,'resources':{'cpu':{'guard':true," + cpu
                        + "},'mem':{'guard':true,'max':4096,'min':256,'current':1024}}}");
        if (limits != null) {
            String memory = limits.contains("mem") ? "" : ",'mem':{'upper':924,'lower':824,'boundary':100}";
            read(DocumentKind.LIMITS, "{'name':'bad','resources':{" + limits + memory + "}}");
        }
        add("good");
        usage.put("bad", Map.of(Resource.CPU, 180.0, Resource.MEMORY, 900.0));
        uses("good", 180);
        JsonNode structureBefore = stored(DocumentKind.STRUCTURES, "bad").toJson();
        JsonNode cpuBefore = limits == null ? null : limits("bad").toJson().at("/resources/cpu");

        GuardianWindow window = window(guardian());

        assertThat(window.problems())
                .extracting(it -> it.toString().replace('"', '\''))
                .containsExactly(problem);
        assertThat(decisions)
                .filteredOn(it -> it.outcome() == Outcome.SKIPPED)
                .extracting(it -> it.sentence().replace('"', '\''))
                .contains("bad cpu: " + problem.substring(problem.indexOf(": ") + 2));
        assertThat(window.states())
                .extracting(state -> state.structure() + " " + state.resource())
                .containsExactlyElementsOf(limits == null ? List.of("good cpu") : List.of("bad mem", "good cpu"));
        assertThat((JsonNode) stored(DocumentKind.STRUCTURES, "bad").toJson()).isEqualTo(structureBefore);
        if (limits != null) {
            assertThat(limits("bad").toJson().at("/resources/cpu")).isEqualTo(cpuBefore);
        }
    }

    @Test
    void an_unknown_resource_is_one_problem() {
        read(
                DocumentKind.STRUCTURES,
                "{'name':'web-1','subtype':'container','guard':true,'resources':{'gpu':{'guard':true,'max':1}}}");

        assertThat(window(guardian()).problems())
                .extracting(Problem::toString)
                .containsExactly(
                        "structure 'web-1': /resources/gpu is no resource; known are cpu, mem, disk_read, disk_write, net, energy");
    }

    @Test
    void a_guard_that_is_neither_true_nor_false_is_a_problem() {
        read(DocumentKind.STRUCTURES, "{'name':'web-1','subtype':'container','guard':'yes','resources':{}}");

        assertThat(window(guardian()).problems())
                .extracting(Problem::toString)
                .containsExactly("structure 'web-1': /guard is \"yes\", true or false is needed");
    }

    @Test
    void a_rule_that_fails_for_one_fact_is_a_problem_and_the_others_go_on() {
        add("bad");
        add("good");
        uses("bad", 180);
        uses("good", 180);
        var stock = new ThresholdPolicy();
        ScalingPolicy failing = new ScalingPolicy() {
            @Override
            public Set<Resource> resources() {
                return stock.resources();
            }

            @Override
            public void detectEvents(List<ResourceState> states, Firings<ResourceState, EventRule> firings) {
                for (ResourceState state : states) {
                    if (state.structure().equals("bad")) {
                        firings.failed(state, "rule 'cpu_exceeded_upper' divides by zero");
                    } else {
                        stock.detectEvents(List.of(state), firings);
                    }
                }
            }

            @Override
            public void decideRequests(List<EventTally> tallies, Firings<EventTally, RequestRule> firings) {
                stock.decideRequests(tallies, firings);
            }
        };
        Guardian guardian = guardian(failing, settings());
        window(guardian);

        GuardianWindow second = window(guardian);

        assertThat(second.problems())
                .containsExactly(new Problem("container 'bad'", "rule 'cpu_exceeded_upper' divides by zero"));
        assertThat(second.requests()).extracting(ScalingRequest::structure).containsExactly("good");
    }

    @Test
    void rules_that_go_in_the_middle_of_a_window_are_missed_by_all_structures_or_none() {
        add("web-1");
        add("web-2");
        uses("web-1", 180);
        uses("web-2", 180);
        ScalingPolicy losingItsRules = new ScalingPolicy() {
            private Set<Resource> left = Set.of(Resource.CPU);

            @Override
            public Set<Resource> resources() {
                Set<Resource> now = left;
                left = Set.of();
                return now;
            }

            @Override
            public void detectEvents(List<ResourceState> states, Firings<ResourceState, EventRule> firings) {}

            @Override
            public void decideRequests(List<EventTally> tallies, Firings<EventTally, RequestRule> firings) {}
        };
        Guardian guardian = guardian(losingItsRules, settings());

        assertThat(window(guardian).states()).hasSize(2);
        assertThat(window(guardian).states()).isEmpty();
    }

    // ---- modes

    @Test
    void a_dry_run_decides_the_same_and_writes_nothing() {
        add("web-1");
        String structure = revision(DocumentKind.STRUCTURES);
        String limits = revision(DocumentKind.LIMITS);
        uses("web-1", 180);
        Guardian dry = guardian(new ThresholdPolicy(), settings().withMode(Mode.DRY_RUN));
        window(dry);
        GuardianWindow second = window(dry);

        assertThat(store.events()).isEmpty();
        assertThat(store.requests()).isEmpty();
        assertThat(revision(DocumentKind.STRUCTURES)).isEqualTo(structure);
        assertThat(revision(DocumentKind.LIMITS)).isEqualTo(limits);
        assertThat(decision().outcome()).isEqualTo(Outcome.WOULD_REQUEST);
        assertThat(decision().isScaling()).isFalse();
        assertThat(decision().sentence()).contains("would request +75 shares");

        clock = VirtualClock.startingAt(Instant.ofEpochSecond(1_700_000_000));
        Guardian enforcing = guardian();
        window(enforcing);
        assertThat(window(enforcing).requests()).isEqualTo(second.requests());
    }

    @Test
    void an_observer_only_tells_what_it_sees() {
        add("web-1");
        uses("web-1", 180);
        event("web-1", ScaleEvents.UP, 10);

        GuardianWindow window =
                window(guardian(new ThresholdPolicy(), settings().withMode(Mode.OBSERVE)));

        assertThat(window.states()).hasSize(1);
        assertThat(window.events()).isZero();
        assertThat(store.events()).hasSize(1);
        assertThat(store.requests()).isEmpty();
        assertThat(decision().sentence()).isEqualTo("web-1 cpu: usage 180.0 is above upper 175");
    }

    @Property(tries = 100)
    void the_order_of_documents_and_firings_does_not_matter(@ForAll long seed) {
        var random = new Random(seed);
        var structures = new ArrayList<String>();
        for (int number = 0; number < 12; number++) {
            structures.add("web-" + number);
        }
        var usages = new LinkedHashMap<String, Integer>();
        structures.forEach(name -> usages.put(name, List.of(100, 160, 180).get(random.nextInt(3))));
        List<ScalingRequest> requests = null;
        for (int run = 0; run < 2; run++) {
            startAfresh();
            Collections.shuffle(structures, random);
            structures.forEach(this::add);
            structures.forEach(name -> event(name, ScaleEvents.UP, 10));
            usages.forEach(this::uses);
            List<ScalingRequest> made = window(guardian()).requests();
            assertThat(requests == null ? made : requests).isEqualTo(made);
            requests = made;
        }
    }

    @Test
    void a_window_costs_as_many_queries_for_a_thousand_structures_as_for_one() {
        for (int number = 0; number < 1_000; number++) {
            add("web-" + number);
            uses("web-" + number, 180);
        }

        assertThat(window(guardian()).states()).hasSize(1_000);
        assertThat(queries).hasSize(1);
    }

    // ---- the stage

    private Guardian guardian() {
        return guardian(new ThresholdPolicy(), settings());
    }

    private static GuardianSettings settings() {
        return GuardianSettings.stock().withWindow(WINDOW, Duration.ZERO);
    }

    private Guardian guardian(ScalingPolicy policy, GuardianSettings settings) {
        return new Guardian(store, this::measure, policy, settings, clock, decisions::add);
    }

    private Usages measure(UsageQuery query) {
        queries.add(query);
        Usages.Builder measured = Usages.builder();
        for (String structure : query.structures()) {
            usage.getOrDefault(structure, Map.of())
                    .forEach((resource, amount) -> measured.add(structure, resource, amount));
        }
        signals.forEach((structure, told) -> measured.signals(structure, Resource.CPU, told));
        return measured.build();
    }

    /** Runs a window and moves the clock on to the next one. */
    private GuardianWindow window(Guardian guardian) {
        decisions.clear();
        GuardianWindow window = guardian.runOnce();
        clock.advance(WINDOW);
        return window;
    }

    private GuardianDecision decision() {
        assertThat(decisions).hasSize(1);
        return decisions.get(0);
    }

    private void add(String name) {
        add(name, structure -> structure);
    }

    private void add(String name, UnaryOperator<Structure> change) {
        put(DocumentKind.STRUCTURES, change.apply(structure(name)));
        put(DocumentKind.LIMITS, Limits.of(name).withResource(Resource.CPU, ResourceLimits.of(Boundary.absolute(25))));
    }

    private static Structure structure(String name) {
        return DocumentKind.STRUCTURES.read(json("{'name':'" + name + "','subtype':'container','guard':true,"
                + "'host':'host-1','host_rescaler_ip':'10.0.0.1','host_rescaler_port':'8000',"
                + "'resources':{'cpu':{'guard':true,'max':400,'min':50,'current':200}}}"));
    }

    private static Structure neverDown(Structure structure) {
        return structure.withResource(
                Resource.CPU, structure.resources().get(Resource.CPU).withNeverDown(true));
    }

    private void remove(String name) {
        for (DocumentKind<?> kind : List.of(DocumentKind.STRUCTURES, DocumentKind.LIMITS)) {
            store.delete(kind, name, store.find(kind, name).orElseThrow().revision());
        }
    }

    private static Structure withCurrent(Structure structure, long limit) {
        return structure.withResource(
                Resource.CPU, structure.resources().get(Resource.CPU).withCurrent(limit));
    }

    private <D extends Document> void put(DocumentKind<D> kind, D document) {
        store.create(kind, document);
    }

    private <D extends Document> void read(DocumentKind<D> kind, String text) {
        store.create(kind, kind.read(json(text)));
    }

    private void uses(String structure, double cpuShares) {
        usage.put(structure, Map.of(Resource.CPU, cpuShares));
    }

    private void event(String structure, ScaleEvents scale, int secondsAgo) {
        store.addEvents(List.of(
                ScalingEvent.of(structure, Resource.CPU, scale, clock.instant().minusSeconds(secondsAgo))));
    }

    private List<JsonNode> events() {
        return store.events().stream()
                .map(Stored::entry)
                .map(event -> plain(event.toJson()))
                .toList();
    }

    private Limits limits(String name) {
        return stored(DocumentKind.LIMITS, name);
    }

    private <D extends Document> D stored(DocumentKind<D> kind, String name) {
        return store.find(kind, name).orElseThrow().document();
    }

    private String revision(DocumentKind<?> kind) {
        return store.find(kind, "web-1").orElseThrow().revision();
    }

    /** As it comes over the wire, where a number is a number. */
    private static JsonNode plain(ObjectNode json) {
        return json(json.toString());
    }

    private static ObjectNode json(String text) {
        try {
            return (ObjectNode) JSON.readTree(text.replace('\'', '"'));
        } catch (JsonProcessingException noJson) {
            throw new IllegalArgumentException(text, noJson);
        }
    }
}

package io.serverlesscontainers.core.guardian;

import static org.assertj.core.api.Assertions.assertThat;

import io.serverlesscontainers.core.Mode;
import io.serverlesscontainers.core.decision.GuardianDecision;
import io.serverlesscontainers.core.decision.GuardianDecision.Outcome;
import io.serverlesscontainers.core.simulation.VirtualClock;
import io.serverlesscontainers.core.spi.ResourceState;
import io.serverlesscontainers.core.spi.Signals;
import io.serverlesscontainers.core.tck.ThresholdPolicy;
import io.serverlesscontainers.store.document.Boundary;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.document.Limits;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.ResourceLimits;
import io.serverlesscontainers.store.document.ScaleEvents;
import io.serverlesscontainers.store.document.ScalingRequest;
import io.serverlesscontainers.store.document.Structure;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a Guardian looks at, and the events and requests that come of it. */
class GuardianTest extends GuardianStage {
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
                        + "'host_rescaler_port':'8000','made_for':200}"));
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
}

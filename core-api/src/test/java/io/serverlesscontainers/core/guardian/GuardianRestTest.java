package io.serverlesscontainers.core.guardian;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serverlesscontainers.core.Mode;
import io.serverlesscontainers.core.decision.GuardianDecision.Outcome;
import io.serverlesscontainers.core.spi.ScalingPolicy;
import io.serverlesscontainers.core.tck.ThresholdPolicy;
import io.serverlesscontainers.store.StateStore;
import io.serverlesscontainers.store.StateStoreException;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.document.Problem;
import io.serverlesscontainers.store.document.ScaleEvents;
import io.serverlesscontainers.store.document.ScalingRequest;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Limits that rest for a while, and limits that never go down. */
class GuardianRestTest extends GuardianStage {
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
}

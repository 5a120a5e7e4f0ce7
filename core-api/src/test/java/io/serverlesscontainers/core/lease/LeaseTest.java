package io.serverlesscontainers.core.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serverlesscontainers.core.simulation.VirtualClock;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.document.ServiceDocument;
import io.serverlesscontainers.store.memory.InMemoryStateStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** One rule of leases after the other. The window is 10 seconds. */
class LeaseTest {
    private static final Duration WINDOW = Duration.ofSeconds(10);
    private static final Instant START = Instant.ofEpochSecond(1_700_000_000);

    private final VirtualClock clock = VirtualClock.startingAt(START);
    private final InMemoryStateStore store = new InMemoryStateStore();

    @Test
    void nothing_is_owned_before_the_first_renewal() {
        assertThat(Slots.ownedBy(lease("a"))).isZero();
    }

    @Test
    void whoever_is_alone_owns_all_from_the_first_window_on() {
        Lease a = lease("a");

        Renewal renewal = a.renew(WINDOW);

        assertThat(renewal.problems()).isEmpty();
        assertThat(renewal).hasToString("64 of 64 slots, 1 member");
        assertThat(Slots.ownedBy(a)).isEqualTo(64);
    }

    @Test
    void one_write_renews_it() {
        var counted = new FailingStore(store);
        var a = new Lease(counted.asStore(), "guardian", "a", clock);
        renew(a);
        counted.calls().clear();
        forward(10_000);

        renew(a);

        assertThat(counted.calls()).containsExactly("change");
    }

    @Test
    void whoever_was_stopped_until_the_last_quarter_of_the_next_window_owns_nothing() {
        Lease a = lease("a");
        renew(a);

        forward(17_499);
        assertThat(Slots.ownedBy(a)).isEqualTo(64);
        forward(1);
        assertThat(Slots.ownedBy(a)).isZero();
        renew(a);
        assertThat(Slots.ownedBy(a)).isEqualTo(64);
    }

    @Test
    void a_window_is_begun_once() {
        Lease a = lease("a");
        renew(a);
        assertThat(Slots.toBegin(a)).isEqualTo(64);

        forward(9_999);
        assertThat(a.renew(WINDOW)).hasToString("0 of 64 slots, 1 member");
        assertThat(Slots.toBegin(a)).isZero();
        assertThat(Slots.ownedBy(a)).as("what was begun is ended").isEqualTo(64);
        forward(1);
        renew(a);
        assertThat(Slots.toBegin(a)).isEqualTo(64);
        forward(10_000);
        assertThat(Slots.toBegin(a)).as("the window is over").isZero();
    }

    @Test
    void a_window_that_is_over_before_the_store_has_answered_is_followed_by_the_next() {
        var slow = new FailingStore(store);
        var a = new Lease(slow.asStore(), "guardian", "a", clock);
        renew(a);
        forward(19_999);
        slow.whenAnswering("change", () -> forward(1));

        renew(a);

        assertThat(slow.calls()).containsExactly("change", "create", "change", "change");
        assertThat(Slots.toBegin(a)).isEqualTo(64);
    }

    @Test
    void a_clock_that_is_set_back_far_begins_afresh() {
        var earlier = new Lease(store, "guardian", "a", Clock.offset(clock, Duration.ofHours(1)));
        renew(earlier);
        Lease a = lease("a");

        renew(a);

        assertThat(Slots.toBegin(a)).isEqualTo(64);
    }

    @Test
    void what_was_lost_in_between_is_not_held_without_a_break() {
        Lease a = lease("a");
        renew(a);
        BooleanSupplier first = a.unbroken("cont0");
        forward(10_000);
        renew(a);
        assertThat(first.getAsBoolean()).isTrue();

        forward(30_000);
        assertThat(first.getAsBoolean()).isFalse();
        renew(a);

        assertThat(a.owns("cont0")).isTrue();
        assertThat(first.getAsBoolean()).isFalse();
        assertThat(a.unbroken("cont0").getAsBoolean()).isTrue();
    }

    @Test
    void the_next_window_is_begun_between_a_quarter_and_three_eighths_of_it() {
        assertThat(IntStream.range(0, 100)
                        .mapToObj(i -> lease("m" + i)
                                        .nextWindow(START.plusMillis(9_999), WINDOW)
                                        .toEpochMilli()
                                - START.toEpochMilli()))
                .allSatisfy(begin -> assertThat(begin).isBetween(12_500L, 13_750L));
    }

    @Test
    void the_second_gets_its_half_in_the_next_window_and_not_earlier() {
        Lease a = lease("a");
        Lease b = lease("b");
        renew(a, b);
        assertThat(Slots.ownedBy(b)).isZero();
        forward(10_000);
        renew(a);
        assertThat(Slots.ownedBy(a)).as("still works on what it gives away").isEqualTo(64);

        forward(7_499);
        assertThat(Slots.ownedBy(a)).isEqualTo(64);
        forward(1);
        assertThat(Slots.ownedBy(a)).isEqualTo(32);
        forward(2_499);
        renew(b);
        assertThat(Slots.ownedBy(b)).isZero();
        forward(1);
        renew(b);
        assertThat(Slots.ownedBy(b)).isEqualTo(32);
    }

    @Test
    void what_a_dead_one_owned_is_taken_in_the_window_after_next() {
        Lease a = lease("a");
        Lease b = lease("b");
        twoHalves(a, b);

        forward(10_000);
        renew(b);
        forward(9_999);
        renew(b);
        assertThat(Slots.ownedBy(b)).isEqualTo(32);
        forward(1);
        renew(b);

        assertThat(Slots.toBegin(b)).isEqualTo(64);
        assertThat(Slots.ownedBy(a)).isZero();
    }

    @Test
    void whoever_finds_a_dead_one_takes_all_and_shares_it_out_afterwards() {
        Lease a = lease("a");
        Lease b = lease("b");
        twoHalves(a, b);
        forward(10_000);
        renew(b);
        forward(10_000);
        Lease c = lease("c");

        renew(c, b);
        assertThat(Slots.toBegin(b))
                .as("C has come too late to see that A is dead")
                .isEqualTo(64);
        forward(10_000);
        renew(b, c);

        assertThat(Slots.toBegin(b)).isEqualTo(32);
        assertThat(Slots.toBegin(c)).isEqualTo(32);
    }

    @Test
    void whoever_gives_away_in_the_second_half_of_a_window_works_to_the_end_of_the_next() {
        Lease a = lease("a");
        Lease b = lease("b");
        renew(a, b);
        forward(15_001);
        renew(a);

        forward(4_999);
        renew(b);
        assertThat(Slots.ownedBy(b)).isZero();
        assertThat(Slots.ownedBy(a)).isEqualTo(64);
        forward(5_001);
        renew(a);
        forward(4_999);
        renew(b);
        assertThat(Slots.toBegin(b)).isEqualTo(32);
    }

    @Test
    void whoever_comes_new_takes_nobody_for_dead_at_first_sight() {
        renew(lease("a"));
        forward(60_000);
        Lease b = lease("b");

        renew(b);
        assertThat(Slots.ownedBy(b)).isZero();
        forward(10_000);
        renew(b);
        assertThat(Slots.ownedBy(b)).isEqualTo(64);
    }

    @Test
    void a_clock_that_is_an_hour_ahead_takes_nothing_from_the_living_and_is_told() {
        Lease a = lease("a");
        var b = new Lease(store, "guardian", "b", Clock.offset(clock, Duration.ofHours(1)));
        for (int i = 0; i < 10; i++) {
            a.renew(WINDOW);
            forward(5_000);
            renew(b);
            forward(5_000);
            assertThat(Slots.NAMES).noneMatch(name -> a.owns(name) && b.owns(name));
        }

        assertThat(a.renew(WINDOW).problems())
                .singleElement()
                .hasToString(
                        "member 'b': its clock is at least 3595000 ms ahead of that of 'a', 2500 ms, a quarter of a "
                                + "window, are allowed");
    }

    @Test
    void whoever_starts_again_under_its_name_has_all_that_it_had_from_the_next_window_on() {
        Lease a = lease("a");
        Lease b = lease("b");
        twoHalves(a, b);
        forward(100);

        Lease again = lease("a");
        renew(again);
        assertThat(Slots.ownedBy(again)).isZero();
        forward(9_900);
        renew(again);

        assertThat(Slots.toBegin(again)).isEqualTo(32);
    }

    @Test
    void of_two_of_one_name_the_later_one_works() {
        Lease earlier = lease("a");
        renew(earlier);
        forward(10_000);
        Lease later = lease("a");
        renew(later);

        assertThat(earlier.renew(WINDOW).problems())
                .singleElement()
                .hasToString("member 'a': another one runs under this name, this one does nothing any more; "
                        + "each needs a name of its own");
        assertThat(Slots.ownedBy(earlier)).isZero();
        renew(later);
        assertThat(Slots.ownedBy(later)).isEqualTo(64);
    }

    @Test
    void whoever_closes_leaves_all_to_the_others_in_their_next_window() {
        Lease a = lease("a");
        Lease b = lease("b");
        twoHalves(a, b);

        a.close();
        a.close();
        assertThat(Slots.ownedBy(a)).isZero();
        forward(10_000);
        renew(b);

        assertThat(Slots.ownedBy(b)).isEqualTo(64);
        assertThatIllegalStateException().isThrownBy(() -> a.renew(WINDOW)).withMessage("the lease of 'a' is closed");
    }

    @Test
    void whoever_cannot_reach_the_store_ends_its_work_until_its_lease_runs_out_and_begins_nothing() {
        var failing = new FailingStore(store);
        var a = new Lease(failing.asStore(), "guardian", "a", clock);
        renew(a);
        failing.set(FailingStore.Way.FAILS);
        forward(10_000);

        Renewal renewal = a.renew(WINDOW);

        assertThat(renewal).hasToString("0 of 64 slots, not renewed");
        assertThat(Slots.toBegin(a)).isZero();
        assertThat(Slots.ownedBy(a)).isEqualTo(64);
        assertThat(renewal.problems())
                .singleElement()
                .hasToString("member 'a': the lease is not renewed: the store is out of reach");
        forward(7_500);
        assertThat(Slots.ownedBy(a)).isZero();
        failing.set(FailingStore.Way.ANSWERS);
        renew(a);
        assertThat(Slots.ownedBy(a)).isEqualTo(64);
        failing.set(FailingStore.Way.FAILS);
        a.close();
    }

    @Test
    void what_may_have_been_given_away_is_given_up_in_time() {
        var failing = new FailingStore(store);
        var a = new Lease(failing.asStore(), "guardian", "a", clock);
        Lease b = lease("b");
        renew(a, b);
        forward(10_000);
        failing.set(FailingStore.Way.LOSES_THE_ANSWER);
        a.renew(WINDOW);
        failing.set(FailingStore.Way.ANSWERS);

        forward(10_000);
        renew(b, a);

        assertThat(Slots.ownedBy(b)).isEqualTo(32);
        assertThat(Slots.ownedBy(a)).isEqualTo(32);
        assertThat(Slots.NAMES).noneMatch(name -> a.owns(name) && b.owns(name));
    }

    @Test
    void whoever_is_stopped_between_reading_and_writing_takes_nothing_that_was_renewed_since() {
        Lease a = lease("a");
        var meanwhile = new AtomicReference<Runnable>(() -> {});
        var b = new Lease(store, "guardian", "b", new Clock() {
            @Override
            public Instant instant() {
                Instant now = clock.instant();
                meanwhile.getAndSet(() -> {}).run();
                return now;
            }

            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                throw new UnsupportedOperationException("one zone is enough for a test");
            }
        });
        twoHalves(a, b);
        forward(10_000);
        renew(b);
        forward(10_000);
        // B has read that A's lease has run out, and asks what time it is.
        meanwhile.set(() -> renew(a));

        renew(b);

        assertThat(Slots.ownedBy(a)).isEqualTo(32);
        assertThat(Slots.ownedBy(b)).isEqualTo(32);
    }

    @Test
    void the_document_looks_like_that_of_a_service_that_lives() {
        renew(lease("a"));

        ServiceDocument document = document();
        JsonNode json = document.toJson();
        assertThat(document.problems()).isEmpty();
        assertThat(json.path("type").textValue()).isEqualTo("service");
        assertThat(json.path("name").textValue()).isEqualTo("guardian_leases");
        assertThat(json.path("heartbeat").longValue()).isEqualTo(1_700_000_000);
        assertThat(json.at("/lease/members/a/renewed_at").longValue()).isEqualTo(1_700_000_000_000L);
        assertThat(json.at("/lease/members/a/worked_until").longValue()).isEqualTo(1_700_000_010_000L);
        assertThat(json.at("/lease/members/a/valid_until").longValue()).isEqualTo(1_700_000_020_000L);
        assertThat(json.at("/lease/slots"))
                .hasSize(64)
                .allMatch(slot -> slot.asText().equals("a"));
        assertThat(json.toString().length()).isLessThan(1024);
    }

    @Test
    void fields_that_nobody_knows_survive() {
        Lease a = lease("a");
        renew(a);
        store.change(DocumentKind.SERVICES, "guardian_leases", service -> {
            ObjectNode lease = service.otherFields().get("lease").deepCopy();
            lease.put("version", 2);
            ((ObjectNode) lease.at("/members/a")).put("rack", "r7");
            var fields = new HashMap<>(service.otherFields());
            fields.put("lease", lease);
            fields.put("note", JsonNodeFactory.instance.textNode("keep"));
            return new ServiceDocument(
                    service.name(),
                    Map.of("DEBUG", JsonNodeFactory.instance.booleanNode(true)),
                    fields,
                    service.problems());
        });

        forward(10_000);
        renew(a);

        JsonNode json = document().toJson();
        assertThat(json.at("/lease/version").intValue()).isEqualTo(2);
        assertThat(json.at("/lease/members/a/rack").textValue()).isEqualTo("r7");
        assertThat(json.at("/lease/members/a/valid_until").longValue()).isEqualTo(1_700_000_030_000L);
        assertThat(json.at("/note").textValue()).isEqualTo("keep");
        assertThat(json.at("/config/DEBUG").booleanValue()).isTrue();
    }

    @Test
    void a_document_that_cannot_be_read_gives_nobody_anything() {
        Lease a = lease("a");
        renew(a);
        store.change(
                DocumentKind.SERVICES,
                "guardian_leases",
                service -> new ServiceDocument(
                        service.name(),
                        Map.of(),
                        Map.of("lease", JsonNodeFactory.instance.objectNode().put("slots", "all")),
                        service.problems()));
        forward(10_000);

        Renewal renewal = a.renew(WINDOW);

        assertThat(renewal.slots()).isZero();
        assertThat(renewal.problems())
                .singleElement()
                .hasToString(
                        "member 'a': the lease is not renewed: service 'guardian_leases': the leases cannot be read "
                                + "at \"all\": members, each with incarnation, renewed_at, worked_until and "
                                + "valid_until, and 64 slots are needed; remove the document and it is made anew");
        assertThat(Slots.ownedBy(a)).as("until its lease runs out").isEqualTo(64);
        forward(7_500);
        a.renew(WINDOW);
        assertThat(Slots.ownedBy(a)).isZero();
    }

    @Test
    void a_document_that_somebody_removed_is_made_anew_when_no_lease_can_be_left() {
        Lease a = lease("a");
        Lease b = lease("b");
        twoHalves(a, b);
        store.delete(
                DocumentKind.SERVICES,
                "guardian_leases",
                store.find(DocumentKind.SERVICES, "guardian_leases")
                        .orElseThrow()
                        .revision());

        forward(1_000);
        renew(a);
        assertThat(Slots.ownedBy(a)).isZero();
        forward(30_000);
        renew(a, b);
        assertThat(Slots.ownedBy(a) + Slots.ownedBy(b)).isEqualTo(64);
    }

    @Test
    void roles_have_nothing_to_do_with_each_other() {
        var scaler = new Lease(store, "scaler", "a", clock);
        renew(lease("a"));
        renew(scaler);

        assertThat(Slots.ownedBy(scaler)).isEqualTo(64);
        assertThat(store.findAll(DocumentKind.SERVICES))
                .extracting(each -> each.document().name())
                .containsExactlyInAnyOrder("guardian_leases", "scaler_leases");
    }

    @Test
    void sixty_six_members_leave_two_without_work() {
        var leases = IntStream.range(100, 166).mapToObj(i -> lease("m" + i)).toArray(Lease[]::new);
        for (int i = 0; i < 6; i++) {
            renew(leases);
            forward(10_000);
        }
        renew(leases);

        assertThat(leases).extracting(Slots::ownedBy).containsOnly(0L, 1L);
        assertThat(leases).filteredOn(lease -> Slots.ownedBy(lease) == 0).hasSize(2);
    }

    @Test
    void names_that_count_up_are_spread_over_the_slots() {
        int[] counts = new int[Lease.SLOTS];
        IntStream.range(0, 6_400).forEach(i -> counts[Slot.of("cont" + i, Lease.SLOTS)]++);

        assertThat(Arrays.stream(counts).boxed()).allMatch(count -> count > 50 && count < 160);
    }

    @Test
    void a_blank_name_and_a_window_too_short_are_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> lease(" "))
                .withMessage("the name of the member is blank");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> lease("a").renew(Duration.ofMillis(99)))
                .withMessage("the window is 99 ms, at least 100 ms are needed to tell who is late");
    }

    private Lease lease(String member) {
        return new Lease(store, "guardian", member, clock);
    }

    private void twoHalves(Lease a, Lease b) {
        renew(a, b);
        forward(10_000);
        renew(a, b);
        forward(10_000);
        renew(a, b);
        assertThat(Slots.ownedBy(a)).isEqualTo(32);
        assertThat(Slots.ownedBy(b)).isEqualTo(32);
    }

    private void renew(Lease... leases) {
        for (Lease lease : leases) {
            assertThat(lease.renew(WINDOW).problems()).isEmpty();
        }
    }

    private void forward(long millis) {
        clock.advance(Duration.ofMillis(millis));
    }

    private ServiceDocument document() {
        return store.find(DocumentKind.SERVICES, "guardian_leases")
                .orElseThrow()
                .document();
    }
}

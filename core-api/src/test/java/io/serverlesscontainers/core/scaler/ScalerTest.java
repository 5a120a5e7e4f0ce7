package io.serverlesscontainers.core.scaler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serverlesscontainers.core.decision.ScalerDecision;
import io.serverlesscontainers.core.decision.ScalerDecision.Outcome;
import io.serverlesscontainers.core.scaler.HostOnPaper.Crash;
import io.serverlesscontainers.core.scaler.HostOnPaper.CrashPoint;
import io.serverlesscontainers.core.snapshot.StructureSnapshoter;
import io.serverlesscontainers.core.spi.CpuSet;
import io.serverlesscontainers.store.Stored;
import io.serverlesscontainers.store.document.CoreUsage;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.ScalingRequest;
import io.serverlesscontainers.store.document.Structure;
import io.serverlesscontainers.store.document.StructureResource;
import io.serverlesscontainers.store.memory.InMemoryStateStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.BeforeTry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Polls of a Scaler on a host of 4 CPUs and 8,192 MiB; containers may have 50 to 400 shares and 256 to 4,096 MiB. */
class ScalerTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Instant START = Instant.ofEpochSecond(1_000);

    private Instant now;
    private HostOnPaper host;
    private InMemoryStateStore store;
    private List<ScalerDecision> decisions;

    @BeforeEach
    @BeforeTry
    void startAfresh() {
        now = START;
        host = new HostOnPaper(4, 8_192);
        store = new InMemoryStateStore();
        decisions = new ArrayList<>();
        store.create(
                DocumentKind.STRUCTURES,
                Structure.of("host-1", Structure.Subtype.HOST)
                        .withResource(Resource.CPU, StructureResource.stock(400, 400))
                        .withResource(Resource.MEMORY, StructureResource.stock(8_192, 8_192)));
    }

    @Test
    void a_request_moves_limit_state_and_account_and_is_gone() {
        add("web-1", 200, 1_024);
        request("web-1", Resource.CPU, 75);

        assertThat(poll()).isEqualTo(1);

        assertThat(host.writes()).containsExactly("web-1 cpu 275 on 0-2");
        assertThat(current("web-1", Resource.CPU)).isEqualTo(275);
        assertThat(free(Resource.CPU)).isEqualTo(125);
        assertThat(free(Resource.MEMORY)).isEqualTo(7_168);
        assertThat(store.requests()).isEmpty();
        CoreUsage cores = cores();
        assertThat(cores.cores().get(0).shares()).isEqualTo(Map.of("web-1", 100L));
        assertThat(cores.cores().get(2)).isEqualTo(new CoreUsage.Core(25, new TreeMap<>(Map.of("web-1", 75L))));
        assertThat(cores.cores().get(3).free()).isEqualTo(100);
        assertThat(decision().outcome()).isEqualTo(Outcome.APPLIED);
        assertThat(decision().sentence()).isEqualTo("web-1 cpu: limit 200 to 275 shares on cpus 0-2");
    }

    @Test
    void memory_needs_no_cpus() {
        add("web-1", 200, 1_024);
        request("web-1", Resource.MEMORY, -512);

        poll();

        assertThat(host.writes()).containsExactly("web-1 mem 512");
        assertThat(free(Resource.MEMORY)).isEqualTo(7_680);
        assertThat(decision().sentence()).isEqualTo("web-1 mem: limit 1024 to 512 MiB");
    }

    @Test
    void nothing_to_do_writes_nothing() {
        add("web-1", 200, 1_024);

        assertThat(poll()).isZero();

        assertThat(host.writes()).isEmpty();
        assertThat(decisions).isEmpty();
    }

    @Test
    void an_old_request_is_dropped() {
        add("web-1", 200, 1_024);
        request("web-1", Resource.CPU, 75);
        now = now.plusSeconds(31);

        assertThat(poll()).isZero();

        assertThat(store.requests()).isEmpty();
        assertThat(decision().sentence()).isEqualTo("web-1 cpu: request is older than 30 s and dropped");
    }

    @Test
    void of_two_requests_the_more_important_one_is_carried_out_once() {
        add("web-1", 200, 1_024);
        store.addRequests(List.of(
                ScalingRequest.of(structure("web-1"), Resource.CPU, 50, 1, now),
                ScalingRequest.of(structure("web-1"), Resource.CPU, 75, 0, now)));

        poll();

        assertThat(host.writes()).containsExactly("web-1 cpu 250 on 0-2");
        assertThat(decisions).extracting(ScalerDecision::outcome).containsExactly(Outcome.SUPERSEDED, Outcome.APPLIED);
    }

    @Test
    void two_containers_swap_shares_on_a_full_host() {
        add("grows", 100, 1_024);
        add("shrinks", 300, 1_024);
        request("grows", Resource.CPU, 200);
        request("shrinks", Resource.CPU, -200);

        assertThat(poll()).isEqualTo(2);

        assertThat(current("grows", Resource.CPU)).isEqualTo(300);
        assertThat(current("shrinks", Resource.CPU)).isEqualTo(100);
        assertThat(free(Resource.CPU)).isZero();
        assertThat(host.cpus("grows").size() + host.cpus("shrinks").size()).isEqualTo(4);
    }

    @Test
    void what_the_host_does_not_have_is_trimmed_and_said() {
        add("web-1", 200, 1_024);
        add("web-2", 150, 1_024);
        request("web-1", Resource.CPU, 75);

        poll();

        assertThat(host.limit("web-1", Resource.CPU)).isEqualTo(250);
        assertThat(decision().outcome()).isEqualTo(Outcome.PARTIAL);
        assertThat(decision().sentence())
                .isEqualTo("web-1 cpu: limit 200 to 250 shares on cpus 1-3; asked for 275, the host has no more free");
    }

    @Test
    void a_full_host_refuses() {
        add("web-1", 200, 1_024);
        add("web-2", 200, 1_024);
        request("web-1", Resource.CPU, 75);

        assertThat(poll()).isZero();

        assertThat(host.writes()).isEmpty();
        assertThat(store.requests()).isEmpty();
        assertThat(decision().sentence()).isEqualTo("web-1 cpu: the host has no cpu free");
    }

    @Test
    void bounds_that_leave_nothing_of_an_amount_refuse_it() {
        add("web-1", 400, 1_024);
        request("web-1", Resource.CPU, 75);

        assertThat(poll()).isZero();

        assertThat(host.writes()).isEmpty();
        assertThat(decision().outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(decision().sentence()).isEqualTo("web-1 cpu: limit is 400 shares, its bounds leave nothing of +75");
    }

    @Test
    void memory_in_use_is_kept_and_said() {
        add("web-1", 200, 1_024);
        host.uses("web-1", 800);
        request("web-1", Resource.MEMORY, -512);

        assertThat(poll()).isEqualTo(1);

        assertThat(current("web-1", Resource.MEMORY)).isEqualTo(800);
        assertThat(free(Resource.MEMORY)).isEqualTo(8_192 - 800);
        assertThat(decision().outcome()).isEqualTo(Outcome.PARTIAL);
        assertThat(decision().sentence()).isEqualTo("web-1 mem: limit 1024 to 800 MiB; 800 MiB are in use");
    }

    @Test
    void a_refused_write_leaves_all_as_it_was_and_is_tried_again_until_it_is_too_old() {
        add("web-1", 200, 1_024);
        add("web-2", 50, 1_024);
        poll();
        request("web-2", Resource.CPU, 10);
        poll();
        Structure hostBefore = structure("host-1");
        request("web-1", Resource.CPU, -150);
        List<ScalingRequest> wanted = requests();
        host.refuse("web-1", true);
        decisions.clear();

        assertThat(poll()).isZero();

        assertThat(current("web-1", Resource.CPU)).isEqualTo(200);
        assertThat(structure("host-1")).isEqualTo(hostBefore);
        assertThat(requests()).isEqualTo(wanted);
        assertThat(decision().outcome()).isEqualTo(Outcome.FAILED);
        assertThat(decision().sentence()).isEqualTo("web-1 cpu: writing '50' to cpu of 'web-1' failed: EBUSY");

        host.refuse("web-1", false);
        now = now.plusSeconds(29);
        assertThat(poll()).isEqualTo(1);
        assertThat(requests()).isEmpty();
    }

    @Test
    void a_request_that_keeps_failing_expires() {
        add("web-1", 200, 1_024);
        host.refuse("web-1", true);
        request("web-1", Resource.CPU, 75);
        poll();
        now = now.plusSeconds(31);

        poll();

        assertThat(requests()).isEmpty();
        assertThat(decisions).extracting(ScalerDecision::outcome).containsExactly(Outcome.FAILED, Outcome.EXPIRED);
    }

    @Test
    void one_failing_container_stops_no_other() {
        add("bad", 100, 1_024);
        add("gone", 100, 1_024);
        add("good", 100, 1_024);
        host.refuse("bad", true);
        host.lose("gone");
        List.of("bad", "gone", "good", "unknown").forEach(name -> request(name, Resource.CPU, 50));

        assertThat(poll()).isEqualTo(1);

        assertThat(current("good", Resource.CPU)).isEqualTo(150);
        assertThat(requests()).extracting(ScalingRequest::structure).containsExactly("bad", "gone");
        assertThat(decisions)
                .extracting(ScalerDecision::sentence)
                .contains(
                        "unknown cpu: there is no container of this name",
                        "gone cpu: there is no container 'gone': not on this paper");
    }

    @Test
    void a_request_made_for_another_limit_is_not_applied() {
        add("web-1", 100, 1_024);
        add("web-2", 100, 1_024);
        host.set("web-1", Resource.CPU, 250);
        request("web-1", Resource.CPU, 75);
        request("web-2", Resource.CPU, 300);

        poll();

        assertThat(host.limit("web-1", Resource.CPU)).isEqualTo(250);
        assertThat(current("web-1", Resource.CPU)).isEqualTo(250);
        assertThat(decisions.get(0).outcome()).isEqualTo(Outcome.OUTDATED);
        assertThat(decisions.get(0).sentence())
                .isEqualTo("web-1 cpu: the kernel's limit is 250, not 100 as the request assumed; "
                        + "the state is put right");
        // The account knows too: 400 − 250 is all there is for the other one.
        assertThat(current("web-2", Resource.CPU)).isEqualTo(150);
        assertThat(free(Resource.CPU)).isZero();
    }

    @Test
    void a_request_that_comes_late_is_not_put_on_top_of_the_one_before() {
        add("web-1", 100, 1_024);
        Structure seen = structure("web-1");
        ScalingRequest request =
                ScalingRequest.of(seen, Resource.CPU, 75, 0, now).madeFor(100);
        store.addRequests(List.of(request));
        poll();
        store.addRequests(List.of(request)); // from a Guardian that did not know yet
        poll();

        assertThat(host.limit("web-1", Resource.CPU)).isEqualTo(175);
        assertThat(requests()).isEmpty();
        assertThat(decisions).extracting(ScalerDecision::outcome).containsExactly(Outcome.APPLIED, Outcome.OUTDATED);
        assertThat(decisions.get(1).sentence())
                .isEqualTo("web-1 cpu: the limit is 175 by now, not 100 as the request was made for");
    }

    @Test
    void a_container_without_a_limit_gets_one() {
        add("web-1", 200, 1_024);
        host.set("web-1", Resource.CPU, -1);
        request("web-1", Resource.CPU, 75);

        poll();

        assertThat(host.limit("web-1", Resource.CPU)).isEqualTo(275);
    }

    @Test
    void a_limit_above_a_lowered_max_comes_down_to_it() {
        add("web-1", 200, 1_024);
        bounds("web-1", 50, 120);

        assertThat(poll()).isEqualTo(1);

        assertThat(host.writes()).containsExactly("web-1 cpu 120 on 0-1");
        assertThat(current("web-1", Resource.CPU)).isEqualTo(120);
        assertThat(decision().requested()).isEqualTo(-80);
        assertThat(poll()).isZero();
    }

    @Test
    void a_limit_that_could_not_come_down_to_max_leaves_no_request_behind() {
        add("web-1", 200, 1_024);
        bounds("web-1", 50, 120);
        host.refuse("web-1", true);
        poll();

        assertThat(requests()).isEmpty();
        host.refuse("web-1", false);
        poll();
        assertThat(host.limit("web-1", Resource.CPU)).isEqualTo(120);
    }

    @Test
    void an_amount_counts_from_max_where_the_limit_lies_above() {
        add("web-1", 200, 1_024);
        bounds("web-1", 50, 120);
        request("web-1", Resource.CPU, -30);

        poll();

        assertThat(current("web-1", Resource.CPU)).isEqualTo(90);
    }

    @Test
    void an_unguarded_container_stays_above_its_max() {
        add("web-1", 200, 1_024);
        bounds("web-1", 50, 120);
        store.change(DocumentKind.STRUCTURES, "web-1", structure -> structure.withGuard(false));

        assertThat(poll()).isZero();
    }

    @Test
    void a_host_without_a_document_is_not_overcommitted_either() {
        store.delete(
                DocumentKind.STRUCTURES,
                "host-1",
                store.find(DocumentKind.STRUCTURES, "host-1").orElseThrow().revision());
        add("web-1", 200, 1_024);
        add("web-2", 150, 1_024);
        request("web-1", Resource.CPU, 200);

        poll();

        assertThat(current("web-1", Resource.CPU)).isEqualTo(250);
        assertThat(store.find(DocumentKind.STRUCTURES, "host-1")).isEmpty();
    }

    @Test
    void a_listener_that_fails_costs_no_request() {
        add("web-1", 100, 1_024);
        add("web-2", 100, 1_024);
        request("web-1", Resource.CPU, 50);
        request("web-2", Resource.CPU, 50);

        assertThatThrownBy(() -> scaler(decision -> {
                            throw new IllegalStateException("no ear");
                        })
                        .runOnce())
                .hasMessage("no ear");

        assertThat(requests()).hasSize(1);
        poll();
        assertThat(current("web-1", Resource.CPU)).isEqualTo(150);
        assertThat(current("web-2", Resource.CPU)).isEqualTo(150);
        assertThat(host.writes()).hasSize(2);
    }

    // ---- at most once

    @ParameterizedTest
    @EnumSource(names = {"BEFORE_READ", "BEFORE_WRITE", "AFTER_WRITE"})
    void a_request_is_applied_at_most_once_across_a_crash_of_the_driver(CrashPoint point) {
        add("web-1", 200, 1_024);
        request("web-1", Resource.CPU, 75);
        host.crash(point);
        assertThatThrownBy(this::poll).isInstanceOf(Crash.class);
        host.crash(CrashPoint.NEVER);

        poll();
        poll();

        assertThat(host.limit("web-1", Resource.CPU)).isEqualTo(point == CrashPoint.AFTER_WRITE ? 275 : 200);
        assertThat(host.writes()).hasSizeLessThanOrEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(StoreThatDies.Step.class)
    void a_request_is_applied_at_most_once_across_a_crash_of_the_store(StoreThatDies.Step step) {
        add("web-1", 200, 1_024);
        add("bad", 50, 1_024);
        host.refuse("bad", true);
        request("web-1", Resource.CPU, 75);
        request("bad", Resource.CPU, 10);
        var dying = new Scaler(StoreThatDies.at(step, store), host, TIMEOUT, clock(), decisions::add);
        assertThatThrownBy(dying::runOnce).isInstanceOf(Crash.class);

        poll();
        poll();

        assertThat(host.limit("web-1", Resource.CPU)).isIn(200L, 275L);
        assertThat(host.writes()).hasSizeLessThanOrEqualTo(1);

        // A wish for the limit that the state still had is turned down, and the state follows the kernel.
        request("web-1", Resource.CPU, 75);
        poll();
        poll();
        assertThat(host.limit("web-1", Resource.CPU)).isIn(275L, 350L);
        assertThat(current("web-1", Resource.CPU)).isEqualTo(host.limit("web-1", Resource.CPU));
    }

    @Test
    void the_account_that_a_crash_leaves_behind_is_right_again_without_a_request() {
        add("web-1", 200, 1_024);
        request("web-1", Resource.CPU, 75);
        host.crash(CrashPoint.AFTER_WRITE);
        assertThatThrownBy(this::poll).isInstanceOf(Crash.class);
        host.crash(CrashPoint.NEVER);

        new StructureSnapshoter(store, host).runOnce();
        poll();

        assertThat(free(Resource.CPU)).isEqualTo(125);
        assertThat(cores().cores().get(2)).isEqualTo(new CoreUsage.Core(25, new TreeMap<>(Map.of("web-1", 75L))));
        Structure settled = structure("host-1");
        poll();
        assertThat(structure("host-1")).isEqualTo(settled);
    }

    // ---- never more than there is

    private record Wish(String container, Resource resource, long amount) {}

    @Provide
    Arbitrary<List<List<Wish>>> polls() {
        Arbitrary<Long> amounts = Arbitraries.oneOf(
                Arbitraries.longs().between(-300, 300),
                Arbitraries.longs().between(-4_000, 4_000),
                Arbitraries.longs());
        return Combinators.combine(
                        Arbitraries.of("a", "b", "c", "d"), Arbitraries.of(Resource.CPU, Resource.MEMORY), amounts)
                .as(Wish::new)
                .list()
                .ofMaxSize(8)
                .list()
                .ofMinSize(1)
                .ofMaxSize(6);
    }

    @Property(tries = 1_500)
    void the_host_never_hands_out_more_than_it_has(
            @ForAll("polls") List<List<Wish>> polls, @ForAll boolean refusesOne) {
        List.of("a", "b", "c", "d").forEach(name -> add(name, 90, 2_000));
        host.refuse("d", refusesOne);
        host.uses("c", 1_500);
        for (List<Wish> wishes : polls) {
            wishes.forEach(wish -> request(wish.container(), wish.resource(), wish.amount()));

            poll();

            long cpu = 0;
            long memory = 0;
            for (String name : List.of("a", "b", "c", "d")) {
                assertThat(current(name, Resource.CPU))
                        .isEqualTo(host.limit(name, Resource.CPU))
                        .isBetween(50L, 400L);
                assertThat(current(name, Resource.MEMORY))
                        .isEqualTo(host.limit(name, Resource.MEMORY))
                        .isBetween(256L, 4_096L);
                cpu += current(name, Resource.CPU);
                memory += current(name, Resource.MEMORY);
            }
            assertThat(cpu).isLessThanOrEqualTo(400);
            assertThat(memory).isLessThanOrEqualTo(8_192);
            assertTheHostDocumentAgrees(cpu, memory);
            now = now.plusSeconds(10);
        }
    }

    private void assertTheHostDocumentAgrees(long cpu, long memory) {
        if (host.writes().isEmpty()) {
            return;
        }
        assertThat(free(Resource.CPU)).isEqualTo(400 - cpu);
        assertThat(free(Resource.MEMORY)).isEqualTo(8_192 - memory);
        var held = new CoreMap(cores(), CpuSet.first(4));
        assertThat(held.free()).isEqualTo(400 - cpu);
        for (String write : host.writes()) {
            String name = write.substring(0, 1);
            if (write.contains(" cpu ")) {
                assertThat(host.cpus(name)).isEqualTo(held.cores(name));
            }
        }
    }

    // ---- the stage

    private Clock clock() {
        return Clock.fixed(now, ZoneOffset.UTC);
    }

    private Scaler scaler(Consumer<ScalerDecision> listener) {
        return new Scaler(store, host, TIMEOUT, clock(), listener);
    }

    private int poll() {
        return scaler(decisions::add).runOnce();
    }

    private ScalerDecision decision() {
        assertThat(decisions).hasSize(1);
        return decisions.get(0);
    }

    private void add(String name, long cpuShares, long memoryMiB) {
        host.container(name, cpuShares, memoryMiB);
        store.create(
                DocumentKind.STRUCTURES,
                Structure.of(name, Structure.Subtype.CONTAINER)
                        .withGuard(true)
                        .withHost("host-1", "10.0.0.1", "8000")
                        .withResource(
                                Resource.CPU,
                                StructureResource.bounds(50, 400, true).withCurrent(cpuShares))
                        .withResource(
                                Resource.MEMORY,
                                StructureResource.bounds(256, 4_096, true).withCurrent(memoryMiB)));
    }

    private void bounds(String name, long min, long max) {
        store.change(
                DocumentKind.STRUCTURES,
                name,
                structure -> structure.withResource(
                        Resource.CPU,
                        StructureResource.bounds(min, max, true).withCurrent(current(name, Resource.CPU))));
    }

    private void request(String container, Resource resource, long amount) {
        Structure structure = Structure.of(container, Structure.Subtype.CONTAINER);
        store.addRequests(List.of(ScalingRequest.of(structure, resource, amount, 0, now)));
    }

    private List<ScalingRequest> requests() {
        return store.requests().stream().map(Stored::entry).toList();
    }

    private Structure structure(String name) {
        return store.find(DocumentKind.STRUCTURES, name).orElseThrow().document();
    }

    private long current(String container, Resource resource) {
        return structure(container).resources().get(resource).current().orElseThrow();
    }

    private long free(Resource resource) {
        return structure("host-1").resources().get(resource).free().orElseThrow();
    }

    private CoreUsage cores() {
        return structure("host-1").resources().get(Resource.CPU).coreUsage().orElseThrow();
    }
}

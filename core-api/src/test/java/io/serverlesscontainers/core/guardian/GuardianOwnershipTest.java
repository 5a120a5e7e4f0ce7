package io.serverlesscontainers.core.guardian;

import static org.assertj.core.api.Assertions.assertThat;

import io.serverlesscontainers.core.decision.GuardianDecision;
import io.serverlesscontainers.core.lease.Lease;
import io.serverlesscontainers.core.simulation.VirtualClock;
import io.serverlesscontainers.core.spi.Ownership;
import io.serverlesscontainers.core.spi.UsageQuery;
import io.serverlesscontainers.core.spi.Usages;
import io.serverlesscontainers.core.tck.ThresholdPolicy;
import io.serverlesscontainers.store.StateStore;
import io.serverlesscontainers.store.Stored;
import io.serverlesscontainers.store.document.Boundary;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.document.Limits;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.ResourceLimits;
import io.serverlesscontainers.store.document.ScaleEvents;
import io.serverlesscontainers.store.document.ScalingEvent;
import io.serverlesscontainers.store.document.Structure;
import io.serverlesscontainers.store.document.StructureResource;
import io.serverlesscontainers.store.memory.InMemoryStateStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A Guardian among others, and one that is alone with a lease. */
class GuardianOwnershipTest {
    private static final Duration WINDOW = Duration.ofSeconds(10);

    private final VirtualClock clock = VirtualClock.startingAt(Instant.ofEpochSecond(1_700_000_000));

    @Test
    void structures_of_others_and_their_events_are_left_alone() {
        StateStore store = filled(2);
        store.addEvents(List.of(event("cont0", 1_000), event("cont1", 1_000), event("cont0", 10), event("cont1", 10)));
        var asked = new ArrayList<String>();
        var decisions = new ArrayList<GuardianDecision>();
        var guardian = guardian(
                store,
                query -> {
                    asked.addAll(query.structures());
                    return usage(query, name -> 190);
                },
                decisions,
                "cont0"::equals);

        GuardianWindow window = guardian.runOnce();

        assertThat(asked).containsExactly("cont0");
        assertThat(decisions).extracting(GuardianDecision::structure).containsExactly("cont0");
        assertThat(window.requests()).hasSize(1);
        assertThat(store.events())
                .extracting(event -> event.entry().structure())
                .containsExactly("cont1", "cont1");
        assertThat(thresholdsOf(store, "cont0")).isPresent();
        assertThat(thresholdsOf(store, "cont1")).isEmpty();
    }

    @Test
    void what_is_lost_while_the_usage_is_asked_for_is_not_written() {
        StateStore store = filled(2);
        store.addEvents(List.of(event("cont0", 10), event("cont1", 10)));
        Set<String> own = new HashSet<>(Set.of("cont0", "cont1"));
        var guardian = guardian(
                store,
                query -> {
                    own.remove("cont1");
                    return usage(query, name -> 190);
                },
                new ArrayList<>(),
                own::contains);

        GuardianWindow window = guardian.runOnce();

        assertThat(window.requests()).extracting(request -> request.structure()).containsExactly("cont0");
        assertThat(store.requests()).hasSize(1);
        assertThat(store.events())
                .extracting(event -> event.entry().structure())
                .containsExactly("cont1");
        assertThat(thresholdsOf(store, "cont1")).isEmpty();
        assertThat(window.problems())
                .singleElement()
                .hasToString(
                        "guardian: what it decided for 1 structures came too late and was not, or not all, written: "
                                + "they are no longer its own");
    }

    @Test
    void what_is_lost_while_events_are_written_is_not_requested() {
        StateStore store = filled(1);
        store.addEvents(List.of(event("cont0", 10)));
        Set<String> own = new HashSet<>(Set.of("cont0"));
        StateStore slow = telling(store, method -> {
            if (method.equals("removeEvents")) {
                own.clear();
            }
        });

        GuardianWindow window = guardian(slow, query -> usage(query, name -> 190), new ArrayList<>(), own::contains)
                .runOnce();

        assertThat(window.requests()).isEmpty();
        assertThat(store.requests()).isEmpty();
    }

    @Test
    void one_with_a_lease_that_is_alone_decides_as_one_without() {
        StateStore plainStore = filled(50);
        StateStore leasedStore = filled(50);
        var plainCalls = new ArrayList<String>();
        var leasedCalls = new ArrayList<String>();
        var plainDecisions = new ArrayList<GuardianDecision>();
        var leasedDecisions = new ArrayList<GuardianDecision>();
        StateStore leased = telling(leasedStore, leasedCalls::add);
        var lease = new Lease(leased, "guardian", "a", clock);
        long[] seed = {0};
        Guardian without = guardian(
                telling(plainStore, plainCalls::add),
                query -> usage(query, random(seed[0])),
                plainDecisions,
                Ownership.everything());
        Guardian with = guardian(leased, query -> usage(query, random(seed[0])), leasedDecisions, lease);
        lease.renew(WINDOW);
        leasedCalls.clear();
        clock.advance(WINDOW);

        for (int window = 0; window < 60; window++) {
            without.runOnce();
            lease.renew(WINDOW);
            with.runOnce();
            seed[0]++;
            clock.advance(WINDOW);
        }

        assertThat(leasedDecisions).hasSize(60 * 50).isEqualTo(plainDecisions);
        assertThat(plainStore.requests()).hasSizeGreaterThan(50);
        assertThat(entries(leasedStore.requests())).isEqualTo(entries(plainStore.requests()));
        assertThat(entries(leasedStore.events())).isEqualTo(entries(plainStore.events()));
        assertThat(leasedCalls).filteredOn("change"::equals).hasSize(60);
        assertThat(leasedCalls).filteredOn(call -> !call.equals("change")).isEqualTo(plainCalls);
    }

    private interface Usage {
        double of(String structure);
    }

    private interface Source {
        Usages usage(UsageQuery query);
    }

    private static Usage random(long seed) {
        return name -> new SplittableRandom(seed * 31 + name.hashCode()).nextInt(120, 200);
    }

    private static Usages usage(UsageQuery query, Usage usage) {
        Usages.Builder usages = Usages.builder();
        query.structures().forEach(name -> usages.add(name, Resource.CPU, usage.of(name)));
        return usages.build();
    }

    private Guardian guardian(StateStore store, Source source, List<GuardianDecision> decisions, Ownership ownership) {
        return new Guardian(
                store,
                source::usage,
                new ThresholdPolicy(),
                GuardianSettings.stock().withWindow(WINDOW, Duration.ZERO),
                clock,
                decisions::add,
                ownership);
    }

    private static StateStore filled(int structures) {
        var store = new InMemoryStateStore();
        for (int i = 0; i < structures; i++) {
            store.create(
                    DocumentKind.STRUCTURES,
                    Structure.of("cont" + i, Structure.Subtype.CONTAINER)
                            .withGuard(true)
                            .withResource(
                                    Resource.CPU,
                                    StructureResource.bounds(50, 400, true).withCurrent(200)));
            store.create(
                    DocumentKind.LIMITS,
                    Limits.of("cont" + i).withResource(Resource.CPU, ResourceLimits.of(Boundary.absolute(25))));
        }
        return store;
    }

    private static OptionalLong thresholdsOf(StateStore store, String name) {
        return store.find(DocumentKind.LIMITS, name)
                .orElseThrow()
                .document()
                .resources()
                .get(Resource.CPU)
                .upper();
    }

    private ScalingEvent event(String structure, int secondsAgo) {
        return ScalingEvent.of(
                structure, Resource.CPU, ScaleEvents.UP, clock.instant().minusSeconds(secondsAgo));
    }

    private static <T> List<T> entries(Collection<Stored<T>> stored) {
        return stored.stream().map(Stored::entry).collect(Collectors.toList());
    }

    /** A store that says what it is asked for before it answers. */
    private static StateStore telling(StateStore store, Consumer<String> listener) {
        return (StateStore) Proxy.newProxyInstance(
                StateStore.class.getClassLoader(), new Class<?>[] {StateStore.class}, (proxy, method, arguments) -> {
                    listener.accept(method.getName());
                    try {
                        return method.invoke(store, arguments);
                    } catch (InvocationTargetException failed) {
                        throw failed.getCause();
                    }
                });
    }
}

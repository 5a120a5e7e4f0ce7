package io.serverlesscontainers.core.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.serverlesscontainers.core.guardian.Guardian;
import io.serverlesscontainers.core.guardian.GuardianSettings;
import io.serverlesscontainers.core.simulation.VirtualClock;
import io.serverlesscontainers.core.spi.UsageQuery;
import io.serverlesscontainers.core.spi.Usages;
import io.serverlesscontainers.core.tck.ThresholdPolicy;
import io.serverlesscontainers.store.StateStore;
import io.serverlesscontainers.store.StateStoreException;
import io.serverlesscontainers.store.Stored;
import io.serverlesscontainers.store.document.Boundary;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.document.Limits;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.ResourceLimits;
import io.serverlesscontainers.store.document.ScalingRequest;
import io.serverlesscontainers.store.document.Structure;
import io.serverlesscontainers.store.document.StructureResource;
import io.serverlesscontainers.store.memory.InMemoryStateStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two Guardians and two Scalers on 500 structures of 50 hosts for five minutes; one of each is killed every 30 seconds, at
 * any point of its window, and a new one started.
 */
class TwoOfEachTest {
    private static final Duration STEP = Duration.ofMillis(500);
    private static final int WINDOW_STEPS = 10;
    private static final Duration WINDOW = STEP.multipliedBy(WINDOW_STEPS);
    private static final int KILL_STEPS = 60;
    private static final int END = 600;
    private static final int STRUCTURES = 500;
    private static final int HOSTS = 50;
    private static final long LIMIT = 200;

    private final VirtualClock clock = VirtualClock.startingAt(Instant.ofEpochSecond(1_700_000_000));
    private final StateStore store = new InMemoryStateStore();
    private final Map<String, Long> limits = new HashMap<>();
    private final Set<String> carriedOut = new HashSet<>();
    private final List<ScalingRequest> requests = new ArrayList<>();
    private int step;

    /** What has been worked on, and when. */
    private final class Diary {
        private final Map<String, List<Integer>> steps = new HashMap<>();

        void add(Set<String> names) {
            names.forEach(name ->
                    steps.computeIfAbsent(name, key -> new ArrayList<>()).add(step));
        }
    }

    /** One member: renews, works, and writes down what it did if it lived to the end of its window. */
    private static final class Member {
        private final FailingStore store;
        private final Lease lease;
        private final Work work;
        private final int phase;
        private final List<String> whereItMayDie;

        Member(FailingStore store, Lease lease, Work work, int phase, List<String> whereItMayDie) {
            this.store = store;
            this.lease = lease;
            this.work = work;
            this.phase = phase;
            this.whereItMayDie = whereItMayDie;
        }
    }

    private interface Work {
        Set<String> run();
    }

    private interface Start {
        Member member(String name, int phase);
    }

    /** Those who do the same. */
    private final class Team {
        private final Start start;
        private final Random random;
        private final List<Member> members = new ArrayList<>();
        private final Diary diary = new Diary();
        private final List<Integer> kills = new ArrayList<>();
        private Member doomed;
        private int started;

        Team(Random random, Start start) {
            this.random = random;
            this.start = start;
            join();
            join();
        }

        private void join() {
            members.add(start.member("m" + started++, random.nextInt(WINDOW_STEPS)));
        }

        /** Dies in the middle of its next window, in one of the calls to its store or before the first. */
        void doom() {
            doomed = members.get(random.nextInt(members.size()));
            List<String> where = doomed.whereItMayDie;
            doomed.store.failFrom(where.get(random.nextInt(where.size())));
        }

        void run() {
            for (Member member : List.copyOf(members)) {
                if (step % WINDOW_STEPS != member.phase) {
                    continue;
                }
                boolean dies = member == doomed;
                Renewal renewal = member.lease.renew(WINDOW);
                if (!dies) {
                    assertThat(renewal.problems()).isEmpty();
                }
                try {
                    diary.add(member.work.run());
                } catch (StateStoreException dead) {
                    assertThat(dies).isTrue();
                }
                if (dies) {
                    kills.add(step);
                    members.remove(member);
                    doomed = null;
                    join();
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void all_is_decided_once_in_each_window_but_two_at_a_kill(long seed) {
        fill();
        var guardians = new Team(new Random(seed), this::guardian);
        var scalers = new Team(new Random(-seed), this::scaler);
        while (step < END) {
            step++;
            clock.advance(STEP);
            if (step % KILL_STEPS == 0) {
                guardians.doom();
                scalers.doom();
            }
            guardians.run();
            scalers.run();
        }

        assertThat(guardians.kills).hasSizeGreaterThanOrEqualTo(9);
        assertOnceInEachWindow(guardians, STRUCTURES);
        assertOnceInEachWindow(scalers, HOSTS);
        assertNoDuplicates();
        assertThat(store.findAll(DocumentKind.STRUCTURES))
                .allSatisfy(each -> assertThat(current(each.document()))
                        .isEqualTo(limits.getOrDefault(each.document().name(), LIMIT)));
    }

    private void assertOnceInEachWindow(Team team, int names) {
        assertThat(team.diary.steps).hasSize(names);
        team.diary.steps.forEach((name, steps) -> {
            int last = 0;
            for (int each : steps) {
                // The first window of all begins at some step of the first ten.
                assertGap(name, last, each, team.kills, last == 0 ? 0 : WINDOW_STEPS * 3 / 4);
                last = each;
            }
            assertGap(name, last, END, team.kills, 0);
        });
    }

    private void assertGap(String name, int last, int next, List<Integer> kills, int least) {
        int missed = kills.stream()
                .filter(kill -> kill >= last && kill <= last + WINDOW_STEPS)
                // Killed at the end of a window that counts, or in the next one.
                .mapToInt(kill -> kill == last ? 1 : 2)
                .max()
                .orElse(0);
        assertThat(next - last)
                .as("steps from %d to the next time that '%s' was worked on, killed at %s", last, name, kills)
                .isBetween(least, (2 + missed) * WINDOW_STEPS - 1);
    }

    /** A request needs a bottleneck in two windows. */
    private void assertNoDuplicates() {
        assertThat(requests).hasSizeGreaterThan(STRUCTURES);
        Map<String, Instant> before = new HashMap<>();
        for (ScalingRequest request : requests) {
            Instant last = before.put(request.structure(), request.timestamp());
            if (last != null) {
                assertThat(Duration.between(last, request.timestamp()))
                        .as(request.structure())
                        .isGreaterThan(WINDOW);
            }
        }
    }

    private void fill() {
        for (int i = 0; i < STRUCTURES; i++) {
            String name = "cont" + i;
            StructureResource cpu =
                    StructureResource.bounds(50, 1_000_000, true).withCurrent(LIMIT);
            store.create(
                    DocumentKind.STRUCTURES,
                    Structure.of(name, Structure.Subtype.CONTAINER)
                            .withGuard(true)
                            .withHost("host" + i % HOSTS, "127.0.0.1", "8000")
                            .withResource(Resource.CPU, cpu));
            store.create(
                    DocumentKind.LIMITS,
                    Limits.of(name).withResource(Resource.CPU, ResourceLimits.of(Boundary.absolute(25))));
        }
    }

    private static long current(Structure structure) {
        return structure.resources().get(Resource.CPU).current().orElseThrow();
    }

    private Member guardian(String name, int phase) {
        var own = new FailingStore(store);
        var lease = new Lease(own.asStore(), "guardian", name, clock);
        var decided = new LinkedHashSet<String>();
        var guardian = new Guardian(
                own.asStore(),
                this::measure,
                new ThresholdPolicy(),
                GuardianSettings.stock().withWindow(WINDOW, Duration.ZERO),
                clock,
                decision -> assertThat(decided.add(decision.structure())).isTrue(),
                lease);
        Work work = () -> {
            decided.clear();
            requests.addAll(guardian.runOnce().requests());
            return decided;
        };
        return new Member(
                own, lease, work, phase, List.of("findAll", "events", "removeEvents", "addEvents", "addRequests"));
    }

    /** Most want more in every window; every seventh hardly does anything. */
    private Usages measure(UsageQuery query) {
        Usages.Builder usages = Usages.builder();
        for (String name : query.structures()) {
            long now = current(
                    store.find(DocumentKind.STRUCTURES, name).orElseThrow().document());
            usages.add(name, Resource.CPU, name.hashCode() % 7 == 0 ? 60 : now - 1);
        }
        return usages.build();
    }

    private Member scaler(String name, int phase) {
        var own = new FailingStore(store);
        StateStore its = own.asStore();
        var lease = new Lease(its, "scaler", name, clock);
        Work work = () -> {
            var hosts = new LinkedHashSet<String>();
            for (int i = 0; i < HOSTS; i++) {
                if (lease.owns("host" + i)) {
                    hosts.add("host" + i);
                }
            }
            for (Stored<ScalingRequest> request : its.requests()) {
                if (lease.owns(request.entry().host().orElseThrow())) {
                    carryOut(its, request);
                }
            }
            return hosts;
        };
        return new Member(own, lease, work, phase, List.of("requests", "removeRequests", "changeAll"));
    }

    private void carryOut(StateStore its, Stored<ScalingRequest> request) {
        ScalingRequest wish = request.entry();
        assertThat(its.removeRequests(List.of(request.id()))).isEqualTo(1);
        assertThat(carriedOut.add(request.id())).isTrue();
        its.changeAll(DocumentKind.STRUCTURES, Map.of(wish.structure(), structure -> {
            StructureResource has = structure.resources().get(Resource.CPU);
            return structure.withResource(
                    Resource.CPU, has.withCurrent(has.current().orElseThrow() + wish.amount()));
        }));
        limits.merge(wish.structure(), LIMIT + wish.amount(), (before, first) -> before + wish.amount());
    }
}

package io.serverlesscontainers.core.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.serverlesscontainers.core.guardian.Guardian;
import io.serverlesscontainers.core.guardian.GuardianSettings;
import io.serverlesscontainers.core.scaler.HostOnPaper;
import io.serverlesscontainers.core.scaler.Scaler;
import io.serverlesscontainers.core.scaler.ScalerSettings;
import io.serverlesscontainers.core.simulation.VirtualClock;
import io.serverlesscontainers.core.spi.UsageQuery;
import io.serverlesscontainers.core.spi.Usages;
import io.serverlesscontainers.core.tck.ThresholdPolicy;
import io.serverlesscontainers.store.StateStore;
import io.serverlesscontainers.store.StateStoreException;
import io.serverlesscontainers.store.document.Boundary;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.document.Limits;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.ResourceLimits;
import io.serverlesscontainers.store.document.ScalingRequest;
import io.serverlesscontainers.store.document.Structure;
import io.serverlesscontainers.store.document.StructureResource;
import io.serverlesscontainers.store.memory.InMemoryStateStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two Guardians and two Scalers on 500 structures of 50 hosts for five minutes, on clocks that differ by up to 600 ms; one
 * of each is killed every 30 seconds, at any point of its window, and a new one started at once.
 *
 * <p>The five minutes are divided into windows of 5 seconds by the true clock. A window is <em>missed</em> by a structure if
 * no Guardian decided for it in that window and wrote all that came of it; by a host, if no Scaler that may serve it came to
 * the end of its poll. None may be missed but where one was killed, then two at most; and none may be worked on twice.
 */
class TwoOfEachTest {
    private static final Instant START = Instant.ofEpochSecond(1_700_000_000);
    private static final Duration STEP = Duration.ofMillis(100);
    private static final Duration WINDOW = Duration.ofSeconds(5);
    private static final int WINDOW_STEPS = 50;
    private static final int KILL_STEPS = 300;
    private static final int END = 3_000;
    private static final int MOST_AHEAD_MILLIS = 300;
    private static final int STRUCTURES = 500;
    private static final int HOSTS = 50;
    private static final long LIMIT = 4_096;

    private final VirtualClock clock = VirtualClock.startingAt(START.plus(WINDOW.dividedBy(4)));
    private final StateStore store = new InMemoryStateStore();
    private final Map<String, HostOnPaper> hosts = new HashMap<>();
    private final List<ScalingRequest> requests = new ArrayList<>();
    private int step = WINDOW_STEPS / 4;

    /** One member: renews, works, and writes down what it did if it lived to the end of its window. */
    private final class Member {
        private final FailingStore store;
        private final Clock clock;
        private final Lease lease;
        private final Work work;
        private final List<String> whereItMayDie;
        private Instant next;

        Member(FailingStore store, Clock clock, Lease lease, Work work, List<String> whereItMayDie) {
            this.store = store;
            this.clock = clock;
            this.lease = lease;
            this.work = work;
            this.whereItMayDie = whereItMayDie;
            this.next = clock.instant();
        }
    }

    private interface Work {
        Set<String> run();
    }

    private interface Start {
        Member member(String name, Clock clock);
    }

    /** Those who do the same. */
    private final class Team {
        private final Start start;
        private final Random random;
        private final List<Member> members = new ArrayList<>();
        /** The windows in which each name was worked on, in order. */
        private final Map<String, List<Integer>> windows = new HashMap<>();

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
            Duration ahead = Duration.ofMillis(random.nextInt(-MOST_AHEAD_MILLIS, MOST_AHEAD_MILLIS + 1));
            members.add(start.member("m" + started++, Clock.offset(clock, ahead)));
        }

        /** Dies in its next window, in one of the calls to its store. */
        void doom() {
            doomed = members.get(random.nextInt(members.size()));
            List<String> where = doomed.whereItMayDie;
            doomed.store.failFrom(where.get(random.nextInt(where.size())));
        }

        void run() {
            for (Member member : List.copyOf(members)) {
                if (!member.clock.instant().isBefore(member.next)) {
                    member.next = member.lease.nextWindow(member.clock.instant(), WINDOW);
                    run(member);
                }
            }
        }

        private void run(Member member) {
            boolean dies = member == doomed;
            Renewal renewal = member.lease.renew(WINDOW);
            assertThat(renewal.problems().isEmpty() || dies).isTrue();
            try {
                Set<String> done = member.work.run();
                done.forEach(name ->
                        windows.computeIfAbsent(name, key -> new ArrayList<>()).add(step / WINDOW_STEPS));
            } catch (StateStoreException dead) {
                assertThat(dies).isTrue();
            }
            if (dies) {
                kills.add(step / WINDOW_STEPS);
                members.remove(member);
                doomed = null;
                join();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void all_is_decided_once_in_each_window_but_two_at_a_kill(long seed) {
        fill();
        var guardians = new Team(new Random(seed), this::guardian);
        var scalers = new Team(new Random(-seed), this::scaler);
        while (step < END) {
            if (step % KILL_STEPS == KILL_STEPS / 2) {
                guardians.doom();
                scalers.doom();
            }
            guardians.run();
            scalers.run();
            step++;
            clock.advance(STEP);
        }

        assertOnceInEachWindow(guardians, STRUCTURES);
        assertOnceInEachWindow(scalers, HOSTS);
        assertNoDuplicates();
    }

    private static void assertOnceInEachWindow(Team team, int names) {
        assertThat(team.kills).hasSize(END / KILL_STEPS);
        assertThat(team.windows).hasSize(names);
        team.windows.forEach((name, windows) -> {
            int last = -1;
            for (int each : windows) {
                assertMissed(name, last, each, team.kills);
                last = each;
            }
            assertMissed(name, last, END / WINDOW_STEPS, team.kills);
        });
    }

    private static void assertMissed(String name, int last, int next, List<Integer> kills) {
        boolean isAtKill = kills.stream().anyMatch(kill -> kill >= last && kill <= next);
        assertThat(next - last - 1)
                .as("windows missed by '%s' from %d to %d, killed in %s", name, last, next, kills)
                .isBetween(0, isAtKill ? 2 : 0);
    }

    /** A request needs a bottleneck in two windows, and is carried out once at most. */
    private void assertNoDuplicates() {
        assertThat(requests).hasSizeGreaterThan(STRUCTURES * 10);
        Map<String, Instant> before = new HashMap<>();
        Map<String, Long> counts = new HashMap<>();
        for (ScalingRequest request : requests) {
            Instant last = before.put(request.structure(), request.timestamp());
            if (last != null) {
                assertThat(Duration.between(last, request.timestamp()))
                        .as(request.structure())
                        .isGreaterThan(WINDOW);
            }
            counts.merge(request.structure(), 1L, Long::sum);
        }
        Map<String, Long> writes = hosts.values().stream()
                .flatMap(host -> host.writes().stream())
                .collect(Collectors.groupingBy(write -> write.split(" ")[0], Collectors.counting()));
        assertThat(writes).hasSize(counts.size());
        writes.forEach((name, count) -> assertThat(count).as(name).isBetween(counts.get(name) / 2, counts.get(name)));
    }

    private void fill() {
        for (int i = 0; i < HOSTS; i++) {
            hosts.put("host" + i, new HostOnPaper(4, 1_000_000_000));
        }
        for (int i = 0; i < STRUCTURES; i++) {
            String name = "cont" + i;
            StructureResource memory =
                    StructureResource.bounds(50, 1_000_000, true).withCurrent(LIMIT);
            hosts.get("host" + i % HOSTS).container(name, 100, LIMIT);
            store.create(
                    DocumentKind.STRUCTURES,
                    Structure.of(name, Structure.Subtype.CONTAINER)
                            .withGuard(true)
                            .withHost("host" + i % HOSTS, "127.0.0.1", "8000")
                            .withResource(Resource.MEMORY, memory));
            store.create(
                    DocumentKind.LIMITS,
                    Limits.of(name).withResource(Resource.MEMORY, ResourceLimits.of(Boundary.absolute(25))));
        }
    }

    private static long current(Structure structure) {
        return structure.resources().get(Resource.MEMORY).current().orElseThrow();
    }

    private Member guardian(String name, Clock own) {
        var itsStore = new FailingStore(store);
        var lease = new Lease(itsStore.asStore(), "guardian", name, own);
        var decided = new LinkedHashSet<String>();
        var guardian = new Guardian(
                itsStore.asStore(),
                this::measure,
                new ThresholdPolicy(),
                GuardianSettings.stock().withWindow(WINDOW, Duration.ZERO),
                own,
                decision -> assertThat(decided.add(decision.structure())).isTrue(),
                lease);
        Work work = () -> {
            decided.clear();
            requests.addAll(guardian.runOnce().requests());
            return decided;
        };
        return new Member(
                itsStore,
                own,
                lease,
                work,
                List.of("change", "findAll", "events", "removeEvents", "addEvents", "addRequests"));
    }

    /** Most want more in every window; every seventh hardly does anything. */
    private Usages measure(UsageQuery query) {
        Usages.Builder usages = Usages.builder();
        for (String name : query.structures()) {
            long now = current(
                    store.find(DocumentKind.STRUCTURES, name).orElseThrow().document());
            usages.add(name, Resource.MEMORY, name.hashCode() % 7 == 0 ? 60 : now - 1);
        }
        return usages.build();
    }

    private Member scaler(String name, Clock own) {
        var itsStore = new FailingStore(store);
        var lease = new Lease(itsStore.asStore(), "scaler", name, own);
        var scaler = new Scaler(
                itsStore.asStore(),
                structure -> hosts.get(structure.host().orElseThrow()),
                query -> Usages.none(),
                ScalerSettings.stock(),
                own,
                decision -> {});
        Work work = () -> {
            Set<String> served = hosts.keySet().stream().filter(lease::mayBegin).collect(Collectors.toSet());
            scaler.runOnce(lease);
            return served;
        };
        return new Member(
                itsStore, own, lease, work, List.of("change", "findAll", "requests", "removeRequests", "changeAll"));
    }
}

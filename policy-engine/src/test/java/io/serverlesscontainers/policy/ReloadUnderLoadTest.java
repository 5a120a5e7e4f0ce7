package io.serverlesscontainers.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.serverlesscontainers.core.spi.EventRule;
import io.serverlesscontainers.core.spi.EventTally;
import io.serverlesscontainers.core.spi.RequestRule;
import io.serverlesscontainers.core.spi.ResourceState;
import io.serverlesscontainers.core.spi.ScalingPolicy;
import io.serverlesscontainers.core.spi.ScalingPolicy.Firings;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Rule;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Thousands of replacements: no window sees two versions, and nothing stays behind. */
class ReloadUnderLoadTest {
    private static final int STRUCTURES = 40;
    private static final List<Resource> RESOURCES = List.of(Resource.CPU, Resource.MEMORY, Resource.NET);
    private static final List<ResourceState> STATES = RESOURCES.stream()
            .flatMap(resource -> IntStream.range(0, STRUCTURES).mapToObj(i -> state(i, resource)))
            .toList();
    private static final List<EventTally> TALLIES = STATES.stream()
            .map(state -> new EventTally(state, (int) state.usage(), 0))
            .toList();

    /**
     * Documents with the version's number for an amount. The next version has another number in its conditions, and every
     * fourth one other conditions too.
     */
    private record Version(int number) {
        private int threshold() {
            return number % STRUCTURES;
        }

        private int form() {
            return number / 4 % 3;
        }

        boolean holds(double value) {
            return form() == 2 ? value <= threshold() : value >= threshold();
        }

        private String condition(String variable) {
            String condition = switch (form()) {
                case 0 -> "{'>=':[%s,%d]}";
                case 1 -> "{'<=':[%2$d,%1$s]}";
                default -> "{'<=':[%s,%d]}";
            };
            return String.format(condition, variable, threshold());
        }

        List<Rule> documents() {
            var rules = new ArrayList<Rule>();
            for (Resource resource : RESOURCES) {
                rules.add(Documents.eventRule("event " + resource, resource, condition("usage"), number));
                rules.add(Documents.requestRule("request " + resource, resource, condition("up"), number));
            }
            return rules;
        }
    }

    @Test
    void every_window_is_decided_by_one_version() throws Exception {
        int versions = 1_000;
        ReloadablePolicy policy = ReloadablePolicy.ofDocuments(new Version(1).documents(), none -> {});
        var replacing = Executors.newSingleThreadExecutor();
        try {
            Future<?> done = replacing.submit(() -> {
                for (int number = 2; number <= versions; number++) {
                    assertThat(policy.replace(new Version(number).documents()).refused())
                            .isEmpty();
                }
            });
            int latest = 1;
            while (!done.isDone()) {
                int version = decideWindow(policy);
                assertThat(version).isGreaterThanOrEqualTo(latest);
                latest = version;
            }
            done.get();
            assertThat(decideWindow(policy)).isEqualTo(versions);
        } finally {
            replacing.shutdownNow();
        }
    }

    /** Decides a window, proves that one version did all of it, and says which. */
    private static int decideWindow(ScalingPolicy policy) {
        var versions = new HashSet<Long>();
        var events = new HashSet<ResourceState>();
        policy.detectEvents(STATES, new Firings<>() {
            @Override
            public void fired(ResourceState state, EventRule rule) {
                versions.add((long) rule.scale().up());
                events.add(state);
            }

            @Override
            public void failed(ResourceState state, String sentence) {
                throw new AssertionError(sentence);
            }
        });
        var requests = new HashSet<EventTally>();
        policy.decideRequests(TALLIES, new Firings<>() {
            @Override
            public void fired(EventTally tally, RequestRule rule) {
                versions.add(rule.rescale().amount());
                requests.add(tally);
            }

            @Override
            public void failed(EventTally tally, String sentence) {
                throw new AssertionError(sentence);
            }
        });
        assertThat(versions).hasSize(1);
        var version = new Version(versions.iterator().next().intValue());
        assertThat(events).isEqualTo(those(STATES, state -> version.holds(state.usage())));
        assertThat(requests).isEqualTo(those(TALLIES, tally -> version.holds(tally.up())));
        return version.number();
    }

    private static <F> Set<F> those(List<F> facts, Predicate<F> condition) {
        return facts.stream().filter(condition).collect(Collectors.toSet());
    }

    @Test
    void ten_thousand_replacements_leave_nothing_behind() {
        int replacements = 10_000;
        int warmUp = 2_000;
        ReloadablePolicy policy = ReloadablePolicy.ofDocuments(List.of(), none -> {});
        List<ResourceState> window = STATES.subList(0, STRUCTURES);
        List<EventTally> tallies = TALLIES.subList(0, STRUCTURES);
        long bytesBefore = 0;
        int classesBefore = 0;
        int rebuilt = 0;
        for (int i = 1; i <= replacements; i++) {
            // One changed condition, then one changed number.
            Rule event = Documents.eventRule(
                    "event", Resource.CPU, i / 2 % 2 == 0 ? "{'>':[usage," + i + "]}" : "{'<':[usage," + i + "]}", 1);
            Rule request = Documents.requestRule("request", Resource.CPU, "{'>':[up,1]}", i);
            rebuilt += policy.replace(List.of(event, request)).groupsRebuilt();
            Firing.events(policy, window);
            assertThat(Firing.requests(policy, tallies)).hasSize(STRUCTURES - 2);
            if (i == warmUp) {
                bytesBefore = bytesInUse();
                classesBefore = ManagementFactory.getClassLoadingMXBean().getLoadedClassCount();
            }
        }
        assertThat(rebuilt).isBetween(replacements / 2, replacements / 2 + 2);
        // Half a KiB for each replacement since the warm-up: less than anything that could be left of one.
        assertThat(bytesInUse() - bytesBefore).isLessThan(4L << 20);
        assertThat(ManagementFactory.getClassLoadingMXBean().getLoadedClassCount() - classesBefore)
                .isLessThan(200);
    }

    private static long bytesInUse() {
        long least = Long.MAX_VALUE;
        // What a collection frees may hold other things until the next one.
        for (int i = 0; i < 4; i++) {
            ManagementFactory.getMemoryMXBean().gc();
            least = Math.min(
                    least,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return least;
    }

    private static ResourceState state(int number, Resource resource) {
        return new ResourceState("c" + number, resource, number, 400, 20, 100, 90, 80, 10, 10);
    }
}

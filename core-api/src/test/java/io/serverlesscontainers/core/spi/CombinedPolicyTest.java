package io.serverlesscontainers.core.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serverlesscontainers.core.tck.ScalingPolicyTck;
import io.serverlesscontainers.core.tck.ThresholdPolicy;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.ScaleEvents;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Two policies, one on top of the other. */
class CombinedPolicyTest extends ScalingPolicyTck {
    private static final EventRule DISK_RULE = new EventRule("disk", Resource.DISK_READ, ScaleEvents.UP);
    private static final EventRule CPU_RULE = new EventRule("more cpu", Resource.CPU, ScaleEvents.UP);
    private static final ResourceState CPU = bottleneck(Resource.CPU);
    private static final ResourceState DISK = bottleneck(Resource.DISK_READ);

    @Override
    protected ScalingPolicy createPolicy() {
        return new ThresholdPolicy().and(new OneRule(DISK_RULE)).and(new OneRule(CPU_RULE));
    }

    @Test
    void it_has_the_resources_of_both() {
        assertThat(new ThresholdPolicy().and(new OneRule(DISK_RULE)).resources())
                .containsExactlyInAnyOrder(Resource.CPU, Resource.MEMORY, Resource.DISK_READ);
    }

    @Test
    void the_rules_of_both_fire_for_one_fact() {
        var names = new ArrayList<String>();
        new ThresholdPolicy()
                .and(new OneRule(CPU_RULE))
                .detectEvents(List.of(CPU), (fact, rule) -> names.add(rule.name()));
        assertThat(names).containsExactly("cpu_exceeded_upper", "more cpu");
    }

    @Test
    void a_rule_of_one_that_fails_does_not_stop_the_other() {
        var names = new ArrayList<String>();
        var failures = new ArrayList<String>();
        new Failing().and(new OneRule(DISK_RULE)).detectEvents(List.of(CPU, DISK), new ScalingPolicy.Firings<>() {
            @Override
            public void fired(ResourceState fact, EventRule rule) {
                names.add(rule.name());
            }

            @Override
            public void failed(ResourceState fact, String sentence) {
                failures.add(fact.resource() + ": " + sentence);
            }
        });
        assertThat(names).containsExactly("disk");
        assertThat(failures).containsExactly("cpu: rule 'x' failed", "disk_read: rule 'x' failed");
    }

    @Test
    void closing_it_closes_both_even_if_one_cannot_be() {
        var closed = new ArrayList<String>();
        var boom = new IllegalStateException("it is stuck");
        ScalingPolicy stuck = new OneRule(CPU_RULE) {
            @Override
            public void close() {
                throw boom;
            }
        };
        ScalingPolicy sound = new OneRule(DISK_RULE) {
            @Override
            public void close() {
                closed.add("sound");
            }
        };
        assertThatThrownBy(() -> stuck.and(sound).close()).isSameAs(boom);
        assertThat(closed).containsExactly("sound");
        assertThatThrownBy(() -> sound.and(stuck).close()).isSameAs(boom);
        assertThat(closed).containsExactly("sound", "sound");
    }

    private static ResourceState bottleneck(Resource resource) {
        return new ResourceState("c", resource, 95, 400, 20, 100, 90, 80, 10, 10);
    }

    /** One event for each fact of one resource. */
    private static class OneRule implements ScalingPolicy {
        private final EventRule rule;

        OneRule(EventRule rule) {
            this.rule = rule;
        }

        @Override
        public Set<Resource> resources() {
            return Set.of(rule.resource());
        }

        @Override
        public void detectEvents(List<ResourceState> states, Firings<ResourceState, EventRule> firings) {
            states.stream()
                    .filter(state -> state.resource() == rule.resource())
                    .forEach(state -> firings.fired(state, rule));
        }

        @Override
        public void decideRequests(List<EventTally> tallies, Firings<EventTally, RequestRule> firings) {}
    }

    /** A rule that fails on every fact. */
    private static final class Failing extends OneRule {
        Failing() {
            super(CPU_RULE);
        }

        @Override
        public void detectEvents(List<ResourceState> states, Firings<ResourceState, EventRule> firings) {
            states.forEach(state -> firings.failed(state, "rule 'x' failed"));
        }
    }
}

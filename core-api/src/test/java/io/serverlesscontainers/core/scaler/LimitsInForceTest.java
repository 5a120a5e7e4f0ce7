package io.serverlesscontainers.core.scaler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serverlesscontainers.core.simulation.SimulatedHost;
import io.serverlesscontainers.core.spi.CgroupDriver;
import io.serverlesscontainers.core.spi.ContainerLimits;
import io.serverlesscontainers.core.spi.HostCapacity;
import io.serverlesscontainers.core.spi.LimitChange;
import io.serverlesscontainers.core.spi.LimitOutcome;
import io.serverlesscontainers.core.spi.ManyLimits;
import io.serverlesscontainers.core.spi.MissingContainerException;
import io.serverlesscontainers.store.document.Resource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class LimitsInForceTest {
    private final SimulatedHost host = SimulatedHost.builder().build();
    private final List<String> questions = new ArrayList<>();
    private final CgroupDriver driver = new Questioned();

    private LimitsInForce of(int onHost, String... needed) {
        for (String each : needed) {
            host.addContainer(each, Map.of());
            host.apply(each, LimitChange.to(Resource.CPU, 100));
        }
        return new LimitsInForce(driver, Set.of(needed), onHost);
    }

    @Test
    void all_are_asked_for_together_where_most_are_needed() {
        LimitsInForce limits = of(4, "web-1", "web-2");
        assertThat(limits.limit("web-1", Resource.CPU)).hasValue(100);
        assertThat(limits.limit("web-2", Resource.CPU)).hasValue(100);
        assertThat(limits.limit("web-2", Resource.MEMORY)).isEmpty();
        assertThat(questions).containsExactly("[web-1, web-2]");
    }

    @Test
    void few_are_asked_for_one_by_one_and_once() {
        LimitsInForce limits = of(5, "web-1", "web-2");
        assertThat(limits.limit("web-1", Resource.CPU)).hasValue(100);
        assertThat(limits.limit("web-1", Resource.MEMORY)).isEmpty();
        assertThat(limits.limit("web-2", Resource.CPU)).hasValue(100);
        assertThat(questions).containsExactly("web-1", "web-2");
    }

    @Test
    void what_was_moved_is_asked_for_again() {
        LimitsInForce limits = of(2, "web-1", "web-2");
        assertThat(limits.limit("web-1", Resource.CPU)).hasValue(100);
        limits.moved("web-1", Resource.CPU);
        host.apply("web-1", LimitChange.to(Resource.CPU, 150));
        assertThat(limits.limit("web-1", Resource.MEMORY)).isEmpty();
        assertThat(questions).hasSize(1);
        assertThat(limits.limit("web-1", Resource.CPU)).hasValue(150);
        assertThat(limits.limit("web-1", Resource.CPU)).hasValue(150);
        assertThat(questions).containsExactly("[web-1, web-2]", "web-1");
    }

    @Test
    void one_that_is_missing_does_not_cost_the_others_theirs() {
        LimitsInForce limits = of(2, "web-1", "web-2");
        host.removeContainer("web-1");
        assertThatThrownBy(() -> limits.limit("web-1", Resource.CPU)).isInstanceOf(MissingContainerException.class);
        assertThat(limits.limit("web-2", Resource.CPU)).hasValue(100);
        assertThatThrownBy(() -> limits.limit("web-1", Resource.CPU)).isInstanceOf(MissingContainerException.class);
    }

    /** A driver that notes what it is asked. */
    private final class Questioned implements CgroupDriver {
        @Override
        public ContainerLimits limits(String container) {
            questions.add(container);
            return host.limits(container);
        }

        @Override
        public ManyLimits limitsOf(Collection<String> containers) {
            questions.add(new TreeSet<>(containers).toString());
            return host.limitsOf(containers);
        }

        @Override
        public LimitOutcome apply(String container, LimitChange change) {
            return host.apply(container, change);
        }

        @Override
        public HostCapacity host() {
            return host.host();
        }

        @Override
        public Set<Resource> resources() {
            return host.resources();
        }
    }
}

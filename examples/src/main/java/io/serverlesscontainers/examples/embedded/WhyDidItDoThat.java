package io.serverlesscontainers.examples.embedded;

import io.serverlesscontainers.core.Container;
import io.serverlesscontainers.core.ScalingController;
import io.serverlesscontainers.core.decision.Decision;
import io.serverlesscontainers.core.decision.ExplainedDecision;
import io.serverlesscontainers.core.decision.GuardianDecision;
import io.serverlesscontainers.core.simulation.Demand;
import io.serverlesscontainers.core.simulation.SimulatedHost;
import io.serverlesscontainers.core.simulation.VirtualClock;
import io.serverlesscontainers.policy.DroolsScalingPolicy;
import io.serverlesscontainers.store.document.Boundary;
import io.serverlesscontainers.store.document.Resource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Asks about a decision afterwards, on a simulated host. The README shows what comes out. */
public final class WhyDidItDoThat {
    private static final Duration WINDOW = Duration.ofSeconds(5);

    private WhyDidItDoThat() {}

    /** Scales a container that needs more than it has, and explains what the Guardian decided in the second window. */
    public static List<ExplainedDecision> secondWindow() {
        VirtualClock clock = VirtualClock.startingAt(Instant.parse("2026-01-01T00:00:00Z"));
        SimulatedHost host =
                SimulatedHost.builder().clock(clock).cpus(4).memoryMiB(4096).build();
        host.addContainer("web-1", Map.of(Resource.CPU, Demand.constant(98.5)));
        try (var policy = DroolsScalingPolicy.serverless();
                var controller = ScalingController.builder()
                        .cgroups(host)
                        .metrics(host)
                        .policy(policy)
                        .clock(clock)
                        .window(WINDOW)
                        .build()) {
            controller.guard(Container.named("web-1").cpuShares(20, 400).boundary(Boundary.absolute(10)));
            controller.setLimit("web-1", Resource.CPU, 100);
            clock.advance(WINDOW);
            controller.runOnce();
            clock.advance(WINDOW);
            return explained(controller.runOnce().decisions(), policy);
        }
    }

    private static List<ExplainedDecision> explained(List<Decision> decisions, DroolsScalingPolicy policy) {
        return decisions.stream()
                .filter(GuardianDecision.class::isInstance)
                .map(decision -> ((GuardianDecision) decision).explainedBy(policy))
                .toList();
    }
}

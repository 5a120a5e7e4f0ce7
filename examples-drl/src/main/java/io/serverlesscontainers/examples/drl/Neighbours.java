package io.serverlesscontainers.examples.drl;

import io.serverlesscontainers.core.Container;
import io.serverlesscontainers.core.Sample;
import io.serverlesscontainers.core.ScalingController;
import io.serverlesscontainers.core.simulation.Demand;
import io.serverlesscontainers.core.simulation.SimulatedHost;
import io.serverlesscontainers.core.simulation.VirtualClock;
import io.serverlesscontainers.core.spi.ScalingPolicy;
import io.serverlesscontainers.policy.DrlPolicy;
import io.serverlesscontainers.policy.DroolsScalingPolicy;
import io.serverlesscontainers.store.document.Boundary;
import io.serverlesscontainers.store.document.Resource;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A minute of two containers on a simulated host, under the stock rules and those of {@code neighbours.drl} on top of
 * them. One idles; the other is given work after half of the time.
 */
public final class Neighbours {
    private static final Duration WINDOW = Duration.ofSeconds(2);
    private static final int WINDOWS = 30;
    private static final long CROWDED_SHARES = 500;

    private Neighbours() {}

    /** Prints how the CPU limits move, window by window. */
    public static void main(String[] arguments) {
        try (ScalingPolicy policy = DroolsScalingPolicy.serverless().and(neighbours(CROWDED_SHARES))) {
            for (Sample sample : minuteUnder(policy)) {
                System.out.printf(
                        "%-4s uses %3.0f of %3d shares%n",
                        sample.container(), sample.usage().orElse(0), sample.limit());
            }
        }
    }

    /**
     * The rules of {@code neighbours.drl}.
     *
     * @param crowded how much CPU containers may be allowed together, in shares, before the host counts as crowded
     */
    static ScalingPolicy neighbours(long crowded) {
        return DrlPolicy.of(text("neighbours.drl"), Map.of("crowded", crowded), Set.of(Resource.CPU, Resource.MEMORY));
    }

    private static String text(String name) {
        try (InputStream file = Neighbours.class.getResourceAsStream(name)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(name + " cannot be read", e);
        }
    }

    /** What the CPU of both containers does under a policy. */
    static List<Sample> minuteUnder(ScalingPolicy policy) {
        var clock = VirtualClock.startingAt(Instant.EPOCH);
        SimulatedHost host =
                SimulatedHost.builder().clock(clock).cpus(8).memoryMiB(8192).build();
        var samples = new ArrayList<Sample>();
        try (var controller = ScalingController.builder()
                .cgroups(host)
                .metrics(host)
                .policy(policy)
                .clock(clock)
                .window(WINDOW)
                .build()) {
            Duration half = WINDOW.multipliedBy(WINDOWS / 2);
            start(host, controller, "idle", Demand.constant(40), Demand.constant(200));
            start(
                    host,
                    controller,
                    "web",
                    Demand.phase(half, 40).then(half, 350),
                    Demand.phase(half, 200).then(half, 3000));
            for (int window = 0; window < WINDOWS; window++) {
                clock.advance(WINDOW);
                controller.runOnce().samples().stream()
                        .filter(sample -> sample.resource() == Resource.CPU)
                        .forEach(samples::add);
            }
        }
        return samples;
    }

    private static void start(
            SimulatedHost host, ScalingController controller, String name, Demand cpu, Demand memory) {
        host.addContainer(name, Map.of(Resource.CPU, cpu, Resource.MEMORY, memory));
        controller.guard(
                Container.named(name).cpuShares(20, 400).memoryMiB(128, 4096).boundary(Boundary.percentOfMax(5)));
    }
}

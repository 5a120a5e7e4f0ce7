package io.serverlesscontainers.examples.quickstart;

import io.serverlesscontainers.core.simulation.Demand;
import io.serverlesscontainers.core.simulation.SimulatedHost;
import io.serverlesscontainers.core.spi.CgroupDriver;
import io.serverlesscontainers.core.spi.MetricSource;
import io.serverlesscontainers.core.spi.Throttling;
import io.serverlesscontainers.examples.quickstart.workload.WorkloadPlan;
import io.serverlesscontainers.store.document.Resource;
import java.time.Duration;
import java.util.Map;

/** A host in memory: the same plans, with no process and no kernel. */
final class SimulatedDemoHost implements DemoHost {
    /** What a real workload's own process takes. */
    private static final int FOOTPRINT_MIB = 30;

    private static final int CPUS = 2;
    private static final long MEMORY_MIB = 2048;
    private static final double NOISE = 0.05;

    private final SimulatedHost host =
            SimulatedHost.builder().cpus(CPUS).memoryMiB(MEMORY_MIB).build();

    /** A host with one container for each plan. */
    SimulatedDemoHost(Map<String, WorkloadPlan> plans) {
        plans.forEach((name, plan) -> {
            Demand cpu = elapsed -> plan.demandAt(elapsed).cpuShares();
            Demand memory = elapsed -> plan.demandAt(elapsed).memoryMiB() + FOOTPRINT_MIB;
            host.addContainer(name, Map.of(Resource.CPU, cpu.noisy(name.hashCode(), NOISE), Resource.MEMORY, memory));
        });
    }

    @Override
    public String name() {
        return "simulated";
    }

    @Override
    public CgroupDriver driver() {
        return host;
    }

    @Override
    public MetricSource metrics() {
        return host;
    }

    @Override
    public Throttling.Source throttling() {
        return host;
    }

    @Override
    public void work(Duration elapsed) {
        // Simulated containers know their plans themselves.
    }

    @Override
    public void close() {
        host.close();
    }
}

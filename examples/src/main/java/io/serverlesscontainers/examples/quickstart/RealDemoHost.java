package io.serverlesscontainers.examples.quickstart;

import io.serverlesscontainers.cgroups.CgroupMetricSource;
import io.serverlesscontainers.cgroups.Cgroups;
import io.serverlesscontainers.cgroups.KernelCgroupDriver;
import io.serverlesscontainers.core.spi.CgroupDriver;
import io.serverlesscontainers.core.spi.MetricSource;
import io.serverlesscontainers.core.spi.Throttling;
import io.serverlesscontainers.examples.quickstart.container.ClosedAtExit;
import io.serverlesscontainers.examples.quickstart.container.DemoContainers;
import io.serverlesscontainers.examples.quickstart.workload.Workload;
import io.serverlesscontainers.examples.quickstart.workload.WorkloadPlan;
import io.serverlesscontainers.examples.quickstart.workload.WorkloadProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** This machine: real containers with a real process in each. */
final class RealDemoHost implements DemoHost {
    private final String name;
    private final DemoContainers containers;
    private final Map<String, WorkloadPlan> plans;
    private final Map<String, WorkloadProcess> workloads = new LinkedHashMap<>();
    private final KernelCgroupDriver driver;
    private final CgroupMetricSource metrics;

    /**
     * Makes a container for each plan and starts its workload.
     *
     * @param interruption is waited for if the JVM ends early, before the containers are taken away
     * @throws IOException if that fails; what was made is removed again
     */
    RealDemoHost(String name, DemoContainers made, Map<String, WorkloadPlan> plans, Interruption interruption)
            throws IOException {
        this.name = name;
        this.containers = new ClosedAtExit(made, interruption::awaitTidy);
        this.plans = Map.copyOf(plans);
        this.driver = Cgroups.detect();
        this.metrics = new CgroupMetricSource(driver);
        try {
            for (String container : plans.keySet()) {
                containers.create(container);
                Process process = containers.run(container, Workload.command());
                workloads.put(container, new WorkloadProcess(container, process));
            }
        } catch (IOException | RuntimeException failed) {
            try {
                close();
            } catch (IOException left) {
                failed.addSuppressed(left);
            }
            throw failed;
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public CgroupDriver driver() {
        return driver;
    }

    @Override
    public MetricSource metrics() {
        return metrics;
    }

    @Override
    public Throttling.Source throttling() {
        return metrics;
    }

    @Override
    public void work(Duration elapsed) throws IOException {
        for (Map.Entry<String, WorkloadProcess> workload : workloads.entrySet()) {
            workload.getValue().follow(plans.get(workload.getKey()).demandAt(elapsed));
        }
    }

    @Override
    public void close() throws IOException {
        try {
            containers.close();
        } finally {
            metrics.close();
            driver.close();
        }
    }
}

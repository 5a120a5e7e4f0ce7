package io.serverlesscontainers.examples.quickstart.container;

import io.serverlesscontainers.examples.quickstart.workload.Demand;
import io.serverlesscontainers.examples.quickstart.workload.Workload;
import io.serverlesscontainers.examples.quickstart.workload.WorkloadProcess;

/** A process that holds a container with a workload until its input ends, or fails half way if told so. */
final class HoldsContainers {
    private HoldsContainers() {}

    /** Arguments: the kind of container, its name, and whether to fail. */
    public static void main(String[] arguments) throws Exception {
        String name = arguments[1];
        DemoContainers made =
                arguments[0].equals("lxc") ? new LxcContainers(Workload.files()) : new PlainCgroupContainers();
        try (DemoContainers containers = new ClosedAtExit(made)) {
            containers.create(name);
            var workload = new WorkloadProcess(name, containers.run(name, Workload.command()));
            workload.follow(new Demand(20, 10));
            System.out.println("running");
            if (Boolean.parseBoolean(arguments[2])) {
                throw new IllegalStateException("half way");
            }
            while (System.in.read() >= 0) {
                workload.follow(new Demand(20, 10));
            }
        }
    }
}

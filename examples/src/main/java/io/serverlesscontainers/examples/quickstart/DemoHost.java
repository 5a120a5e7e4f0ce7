package io.serverlesscontainers.examples.quickstart;

import io.serverlesscontainers.core.spi.CgroupDriver;
import io.serverlesscontainers.core.spi.MetricSource;
import io.serverlesscontainers.core.spi.Throttling;
import java.io.IOException;
import java.time.Duration;

/** Where a quickstart takes place: containers with work in them, and all that a controller needs to scale them. */
interface DemoHost extends AutoCloseable {
    /** What made the containers: cgroup, lxc or simulated. */
    String name();

    /** Reads and writes the limits. */
    CgroupDriver driver();

    /** Tells the usage. */
    MetricSource metrics();

    /** Tells how often a container was held back. */
    Throttling.Source throttling();

    /**
     * Lets every container do what its plan has for this moment.
     *
     * @param elapsed since the start of the run
     * @throws IOException if a workload has ended before its time
     */
    void work(Duration elapsed) throws IOException;

    /** Removes the containers, and whatever runs in them. */
    @Override
    void close() throws IOException;
}

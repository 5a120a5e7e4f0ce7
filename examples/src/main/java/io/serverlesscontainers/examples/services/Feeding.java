package io.serverlesscontainers.examples.services;

import io.serverlesscontainers.cgroups.KernelCgroupDriver;
import io.serverlesscontainers.cgroups.MetricsFeeder;
import io.serverlesscontainers.core.spi.TimeSeriesWriter;
import io.serverlesscontainers.examples.service.ServiceLoop;
import io.serverlesscontainers.examples.service.ServiceMetrics;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A metrics feeder at work: what the containers of this host use, into the time series. */
final class Feeding implements AutoCloseable {
    static final String NAME = "metrics-feeder";

    private static final Logger LOG = LoggerFactory.getLogger(Feeding.class);

    private final MetricsFeeder feeder;
    private final Told told = new Told(LOG);
    private final ServiceLoop loop;

    /** Starts. Driver, writer and metrics stay open. */
    Feeding(KernelCgroupDriver driver, TimeSeriesWriter history, Duration interval, ServiceMetrics metrics) {
        this.feeder = new MetricsFeeder(driver, history);
        this.loop = new ServiceLoop(NAME, this::runOnce, () -> interval, at -> {}, Clock.systemUTC(), metrics);
        loop.start();
    }

    private String runOnce() {
        MetricsFeeder.Feeding fed = feeder.runOnce();
        told.tell(fed.problems());
        return NAME + ": " + fed.points() + " values of " + fed.containers() + " containers";
    }

    /** When the last values were written; empty before the first. */
    Optional<Instant> lastWindow() {
        return loop.lastWindow();
    }

    @Override
    public void close() {
        loop.close();
        feeder.close();
    }
}

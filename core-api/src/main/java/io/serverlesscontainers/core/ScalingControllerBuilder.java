package io.serverlesscontainers.core;

import io.serverlesscontainers.core.decision.Decision;
import io.serverlesscontainers.core.spi.CgroupDriver;
import io.serverlesscontainers.core.spi.MetricSource;
import io.serverlesscontainers.core.spi.ScalingPolicy;
import io.serverlesscontainers.store.StateStore;
import io.serverlesscontainers.store.document.Problem;
import io.serverlesscontainers.store.memory.InMemoryStateStore;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Builds a {@link ScalingController}. Driver, metric source and policy must be given; all else has a usual value. For one
 * thread, and one controller.
 */
public final class ScalingControllerBuilder {
    private static final Logger LOG = LoggerFactory.getLogger(ScalingController.class);

    CgroupDriver driver;
    MetricSource metrics;
    ScalingPolicy policy;
    StateStore store;
    Clock clock = Clock.systemUTC();
    String hostName = "localhost";
    Mode mode = Mode.ENFORCE;
    Duration window = Duration.ofSeconds(1);
    Duration delay = Duration.ZERO;
    Duration eventTimeout = Duration.ofSeconds(100);
    Duration cooldownUp = Duration.ZERO;
    Duration cooldownDown = Duration.ZERO;
    Duration requestTimeout = Duration.ofSeconds(30);
    Duration snapshotPeriod = Duration.ofSeconds(10);
    boolean restoreLimits;
    boolean restoreDrift;
    Consumer<? super Decision> decisionListener = decision -> {};
    Consumer<? super ControllerWindow> windowListener = ran -> {};
    Consumer<? super Problem> problemListener = problem -> LOG.warn("{}", problem);

    ScalingControllerBuilder() {}

    /** Reads and writes the limits. */
    public ScalingControllerBuilder cgroups(CgroupDriver cgroups) {
        driver = cgroups;
        return this;
    }

    /** Tells the usage. */
    public ScalingControllerBuilder metrics(MetricSource source) {
        metrics = source;
        return this;
    }

    /** Decides. */
    public ScalingControllerBuilder policy(ScalingPolicy decides) {
        policy = decides;
        return this;
    }

    /** Keeps the state; usually one in memory that ends with the controller. */
    public ScalingControllerBuilder store(StateStore keeps) {
        store = keeps;
        return this;
    }

    /** Tells the time of day; usually the system's. */
    public ScalingControllerBuilder clock(Clock tells) {
        clock = tells;
        return this;
    }

    /** The name of this host in the state; usually {@code localhost}. */
    public ScalingControllerBuilder hostName(String name) {
        hostName = name;
        return this;
    }

    /** How far the controller goes; usually {@link Mode#ENFORCE}. */
    public ScalingControllerBuilder mode(Mode how) {
        mode = how;
        return this;
    }

    /** The period, and the span over which usage is averaged: 1 s. */
    public ScalingControllerBuilder window(Duration span) {
        window = span;
        return this;
    }

    /** How long ago the window ends, for sources whose samples take time to arrive: 0. */
    public ScalingControllerBuilder delay(Duration span) {
        delay = span;
        return this;
    }

    /** How long an event counts: 100 s. Must be long enough for as many windows as a rule needs events. */
    public ScalingControllerBuilder eventTimeout(Duration span) {
        eventTimeout = span;
        return this;
    }

    /**
     * How long a limit that was moved, up or down, rests before it may go up again, and before it may go down again: 0
     * both. Only whole {@linkplain #window windows} matter.
     *
     * @param up 0 or more
     * @param down 0 or more
     */
    public ScalingControllerBuilder cooldown(Duration up, Duration down) {
        cooldownUp = up;
        cooldownDown = down;
        return this;
    }

    /** How long a request is good for: 30 s. */
    public ScalingControllerBuilder requestTimeout(Duration span) {
        requestTimeout = span;
        return this;
    }

    /**
     * How often the limits in the kernel are compared with the state: 10 s. A limit that somebody else has changed is told
     * to {@link #onProblem}, with both values, once while it stays so.
     */
    public ScalingControllerBuilder snapshotPeriod(Duration span) {
        snapshotPeriod = span;
        return this;
    }

    /** Whether containers get back the limits they were found with, when they are removed or the controller is closed. */
    public ScalingControllerBuilder restoreLimits(boolean restore) {
        restoreLimits = restore;
        return this;
    }

    /**
     * Whether a limit of a guarded resource that somebody else has changed is put back, instead of being taken as the
     * limit from now on: usually not. Somebody else may be a person, another program, or systemd, which writes its own
     * limits of a unit at each {@code systemctl daemon-reload}. Only in {@link Mode#ENFORCE}.
     */
    public ScalingControllerBuilder restoreDrift(boolean restore) {
        restoreDrift = restore;
        return this;
    }

    /** Is told every decision, also those to do nothing, on the thread that runs the window; must return soon. */
    public ScalingControllerBuilder onDecision(Consumer<? super Decision> listener) {
        decisionListener = Objects.requireNonNull(listener, "listener");
        return this;
    }

    /** Is told the result of every window, on the thread that ran it; must return soon. */
    public ScalingControllerBuilder onWindow(Consumer<? super ControllerWindow> listener) {
        windowListener = Objects.requireNonNull(listener, "listener");
        return this;
    }

    /** Is told each problem when it appears, and not again while it lasts; usually the log is, as a warning. */
    public ScalingControllerBuilder onProblem(Consumer<? super Problem> listener) {
        problemListener = Objects.requireNonNull(listener, "listener");
        return this;
    }

    /**
     * The controller; it has not started yet.
     *
     * @throws IllegalStateException if driver, metric source or policy is missing
     * @throws IllegalArgumentException if a span is not more than 0, or the delay or a cooldown is negative
     */
    public ScalingController build() {
        if (driver == null || metrics == null || policy == null) {
            throw new IllegalStateException("a driver (cgroups), a metric source (metrics) and a policy are needed");
        }
        return new ScalingController(this, store == null ? new InMemoryStateStore() : store);
    }
}

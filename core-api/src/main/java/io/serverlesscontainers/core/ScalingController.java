package io.serverlesscontainers.core;

import io.serverlesscontainers.core.accounting.Utilization;
import io.serverlesscontainers.core.accounting.UtilizationMeter;
import io.serverlesscontainers.core.decision.Decision;
import io.serverlesscontainers.core.decision.ScalerDecision;
import io.serverlesscontainers.core.guardian.Guardian;
import io.serverlesscontainers.core.guardian.GuardianSettings;
import io.serverlesscontainers.core.guardian.GuardianWindow;
import io.serverlesscontainers.core.scaler.Admission;
import io.serverlesscontainers.core.scaler.Scaler;
import io.serverlesscontainers.core.scaler.ScalerSettings;
import io.serverlesscontainers.core.snapshot.Drift;
import io.serverlesscontainers.core.snapshot.StructureSnapshoter;
import io.serverlesscontainers.core.spi.ContainerLimits;
import io.serverlesscontainers.core.spi.HostDrivers;
import io.serverlesscontainers.core.spi.UsageQuery;
import io.serverlesscontainers.core.spi.Usages;
import io.serverlesscontainers.store.Revisioned;
import io.serverlesscontainers.store.StateStore;
import io.serverlesscontainers.store.document.Boundary;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.document.Limits;
import io.serverlesscontainers.store.document.Problem;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.ResourceLimits;
import io.serverlesscontainers.store.document.ScalingRequest;
import io.serverlesscontainers.store.document.Structure;
import io.serverlesscontainers.store.document.StructureResource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Scales the containers of one host in one JVM: a {@link Guardian}, a {@link Scaler} and a {@link StructureSnapshoter}
 * on one clock, over one driver, one source of usage, one policy and one store.
 *
 * <p>Windows run on a thread of the controller between {@link #start()} and {@link #stop()}, or whenever
 * {@link #runOnce()} is called. All methods may be called by any thread; a window and a change of what is scaled wait for
 * each other. A window costs time in proportion to the number of containers, and a constant number of calls to the
 * source, the policy and the store.
 */
public final class ScalingController implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ScalingController.class);

    private final ScalingControllerBuilder settings;
    private final StateStore store;
    private final Guardian guardian;
    private final Scaler scaler;
    private final StructureSnapshoter snapshoter;
    private final Admission admission;
    private final UtilizationMeter meter = new UtilizationMeter();
    private final Map<String, ContainerLimits> foundLimits = new LinkedHashMap<>();
    private final ProblemLog problems;
    private final boolean restoresDrift;
    private final List<Decision> decisions = new ArrayList<>();

    // Everything below is guarded by "this".
    private Usages usages = Usages.none();
    private Instant lastWindow;
    private Instant lastSnapshot;
    private List<Problem> snapshotProblems = List.of();
    private ScheduledExecutorService thread;
    private boolean closed;

    ScalingController(ScalingControllerBuilder settings, StateStore store) {
        this.settings = settings;
        this.store = store;
        var guardianSettings = new GuardianSettings(
                settings.window,
                settings.delay,
                settings.eventTimeout,
                Structure.Subtype.CONTAINER,
                settings.driver.resources(),
                settings.mode,
                settings.cooldownUp,
                settings.cooldownDown);
        // One query per window serves the Guardian and the accounts: a source of counters can be asked only once.
        guardian =
                new Guardian(store, query -> usages, settings.policy, guardianSettings, settings.clock, this::decided);
        restoresDrift = settings.restoreDrift && settings.mode == Mode.ENFORCE;
        scaler = new Scaler(
                store,
                HostDrivers.only(settings.driver),
                query -> usages,
                ScalerSettings.stock()
                        .withRequestTimeout(settings.requestTimeout)
                        .withDriftLeft(restoresDrift),
                settings.clock,
                this::decided);
        snapshoter = new StructureSnapshoter(store, settings.driver, restoresDrift);
        admission = new Admission(store, settings.driver, settings.hostName);
        problems = new ProblemLog(settings.problemListener);
    }

    /** A builder; driver, metric source and policy must be given. */
    public static ScalingControllerBuilder builder() {
        return new ScalingControllerBuilder();
    }

    /**
     * Takes a container into the account without scaling it: its limits are moved into its bounds and stay there.
     *
     * @throws io.serverlesscontainers.core.scaler.AdmissionException if the host has not even its {@code min} free
     * @throws io.serverlesscontainers.core.spi.CgroupException if it is missing, or the kernel refuses
     */
    public synchronized void add(Container container) {
        refuseIfClosed();
        foundLimits.putIfAbsent(container.name(), settings.driver.limits(container.name()));
        try {
            if (settings.mode == Mode.ENFORCE) {
                admission.admit(container.structure(), container.limits());
            } else {
                admission.register(container.structure(), container.limits());
            }
        } catch (RuntimeException refused) {
            if (store.find(DocumentKind.STRUCTURES, container.name()).isEmpty()) {
                foundLimits.remove(container.name());
            }
            throw refused;
        }
    }

    /** {@linkplain #add Takes} a container into the account and scales it from the next window on. */
    public synchronized void guard(Container container) {
        add(container);
        guard(container.name());
    }

    /**
     * Scales a container from the next window on.
     *
     * @throws io.serverlesscontainers.store.MissingDocumentException if it was never added
     */
    public synchronized void guard(String container) {
        setGuard(container, true);
    }

    /** Leaves a container alone: its limits stay where they are. */
    public synchronized void unguard(String container) {
        setGuard(container, false);
    }

    private void setGuard(String container, boolean guarded) {
        refuseIfClosed();
        store.change(DocumentKind.STRUCTURES, container, structure -> structure.withGuard(guarded));
    }

    /**
     * Moves a limit by hand, as far as the container's bounds and the host allow; does nothing unless the mode is
     * {@link Mode#ENFORCE}.
     *
     * @throws io.serverlesscontainers.store.MissingDocumentException if the container was never added
     */
    public synchronized void setLimit(String container, Resource resource, long limit) {
        refuseIfClosed();
        Structure structure = structure(container);
        long current = structure
                .resource(resource)
                .map(StructureResource::current)
                .orElse(OptionalLong.empty())
                .orElseThrow(() ->
                        new IllegalArgumentException("container '" + container + "' has no limit of " + resource));
        if (settings.mode == Mode.ENFORCE && limit != current) {
            store.addRequests(List.of(
                    ScalingRequest.of(structure, resource, limit - current, Long.MAX_VALUE, settings.clock.instant())));
            scaler.runOnce();
        }
    }

    /** Lets a container go; its limits are restored as found if so configured, and stay where they are otherwise. */
    public synchronized void remove(String container) {
        refuseIfClosed();
        restore(container);
        foundLimits.remove(container);
        admission.dismiss(container);
        meter.forget(container);
    }

    /**
     * One window: measure, decide, apply, keep account. A window that fails as a whole, for instance because the store is
     * out of reach, is reported as a problem and yields an empty result; the next one starts afresh.
     */
    public synchronized ControllerWindow runOnce() {
        refuseIfClosed();
        Instant now = settings.clock.instant();
        decisions.clear();
        problems.begin();
        List<Sample> samples = List.of();
        try {
            samples = window(now);
        } catch (RuntimeException failed) {
            LOG.debug("window failed", failed);
            problems.add(new Problem("window", "failed: " + failed.getMessage()));
        }
        problems.end();
        var window = new ControllerWindow(now, samples, decisions);
        settings.windowListener.accept(window);
        return window;
    }

    private List<Sample> window(Instant now) {
        List<Structure> containers = containers();
        usages = measure(containers, now);
        keepAccount(containers, now);
        GuardianWindow decided = guardian.runOnce();
        usages.problems().forEach(problems::add);
        decided.problems().forEach(problems::add);
        if (settings.mode == Mode.ENFORCE) {
            scaler.runOnce();
        }
        boolean due = lastSnapshot == null || !now.isBefore(lastSnapshot.plus(settings.snapshotPeriod));
        if (due || restoresDrift && decisions.stream().anyMatch(ScalingController::isOutdated)) {
            lastSnapshot = now;
            snapshot();
        }
        // What a snapshot found lasts until the next one.
        snapshotProblems.forEach(problems::add);
        return samples();
    }

    private Usages measure(List<Structure> containers, Instant now) {
        if (containers.isEmpty()) {
            return Usages.none();
        }
        Instant end = now.minus(settings.delay);
        return settings.metrics.usage(new UsageQuery(
                Structure.Subtype.CONTAINER,
                containers.stream().map(Structure::name).toList(),
                settings.driver.resources(),
                end.minus(settings.window),
                end));
    }

    private void keepAccount(List<Structure> containers, Instant now) {
        Duration span = lastWindow == null ? settings.window : Duration.between(lastWindow, now);
        lastWindow = now;
        for (Structure container : containers) {
            container.resources().forEach((resource, has) -> {
                double usage = usages.orNaN(container.name(), resource);
                if (!Double.isNaN(usage)) {
                    long max = has.max().orElse(0);
                    meter.add(container.name(), resource, usage, has.current().orElse(max), max, span);
                }
            });
        }
    }

    private void snapshot() {
        StructureSnapshoter.Snapshot snapshot = snapshoter.runOnce();
        List<Problem> found = new ArrayList<>(snapshot.problems());
        for (Drift drift : snapshot.drifts()) {
            found.add(new Problem("drift", drift.sentence()));
        }
        snapshotProblems = found;
    }

    private static boolean isOutdated(Decision decision) {
        return decision instanceof ScalerDecision scaling && scaling.outcome() == ScalerDecision.Outcome.OUTDATED;
    }

    private List<Sample> samples() {
        var limits = new LinkedHashMap<String, Limits>();
        store.findAll(DocumentKind.LIMITS)
                .forEach(each -> limits.put(each.document().name(), each.document()));
        var samples = new ArrayList<Sample>();
        for (Structure container : containers()) {
            container.resources().forEach((resource, has) -> {
                long max = has.max().orElse(0);
                long current = has.current().orElse(max);
                OptionalLong margin = Optional.ofNullable(limits.get(container.name()))
                        .flatMap(it -> it.resource(resource))
                        .flatMap(ResourceLimits::boundary)
                        .filter(Boundary::isUsable)
                        .map(boundary -> OptionalLong.of(boundary.margin(max, current)))
                        .orElse(OptionalLong.empty());
                double usage = usages.orNaN(container.name(), resource);
                samples.add(new Sample(
                        container.name(),
                        resource,
                        container.isGuarded(resource),
                        Double.isNaN(usage) ? OptionalDouble.empty() : OptionalDouble.of(usage),
                        current,
                        has.min().orElse(0),
                        max,
                        margin));
            });
        }
        return samples;
    }

    /** The containers of this host, by name. */
    private List<Structure> containers() {
        return store.findAll(DocumentKind.STRUCTURES).stream()
                .map(Revisioned::document)
                .filter(each -> each.subtype() == Structure.Subtype.CONTAINER
                        && each.host().orElse("").equals(settings.hostName))
                .sorted(Comparator.comparing(Structure::name))
                .toList();
    }

    private Structure structure(String container) {
        return store.change(DocumentKind.STRUCTURES, container, it -> it).document();
    }

    private void decided(Decision decision) {
        decisions.add(decision);
        settings.decisionListener.accept(decision);
    }

    /**
     * Runs a window now and then one per period, on a thread of the controller's. Does nothing if it runs already. A
     * window that takes longer than a period delays the next one and skips none.
     */
    public synchronized void start() {
        refuseIfClosed();
        if (thread == null) {
            thread = Executors.newSingleThreadScheduledExecutor(task -> {
                var named = new Thread(task, "scaling-controller");
                named.setDaemon(true);
                return named;
            });
            thread.scheduleAtFixedRate(this::runSafely, 0, settings.window.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void runSafely() {
        try {
            runOnce();
        } catch (RuntimeException fromListener) {
            // An exception would end the schedule without a word.
            LOG.error("a listener of the controller failed", fromListener);
        }
    }

    /** Runs no further windows, and waits for the one that is running. Limits stay where they are. */
    public void stop() {
        ScheduledExecutorService running;
        synchronized (this) {
            running = thread;
            thread = null;
        }
        if (running == null) {
            return;
        }
        running.shutdown();
        try {
            running.awaitTermination(1, TimeUnit.MINUTES);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** What a container used, was allowed to use, and would have held without scaling, by resource. */
    public Map<Resource, Utilization> utilization(String container) {
        return meter.of(container);
    }

    /** The state that the controller works on: documents may be read and changed there at any time. */
    public StateStore store() {
        return store;
    }

    /**
     * Stops, and restores limits as found if so configured. Closes the store if the controller made it; driver, metric
     * source and policy stay open. Closing twice does nothing.
     */
    @Override
    public void close() {
        stop();
        synchronized (this) {
            if (closed) {
                return;
            }
            foundLimits.keySet().forEach(this::restore);
            closed = true;
            guardian.close();
            if (store != settings.store) {
                store.close();
            }
        }
    }

    private void restore(String container) {
        ContainerLimits found = foundLimits.get(container);
        if (!settings.restoreLimits || settings.mode != Mode.ENFORCE || found == null) {
            return;
        }
        for (Resource resource : structure(container).resources().keySet()) {
            try {
                settings.driver.apply(container, Admission.asFound(found, resource));
            } catch (RuntimeException failed) {
                // A container that is gone needs no limits; the others still do.
                settings.problemListener.accept(new Problem(
                        "container '" + container + "'",
                        resource + " limit could not be restored: " + failed.getMessage()));
            }
        }
    }

    private void refuseIfClosed() {
        if (closed) {
            throw new IllegalStateException("the controller is closed");
        }
    }
}

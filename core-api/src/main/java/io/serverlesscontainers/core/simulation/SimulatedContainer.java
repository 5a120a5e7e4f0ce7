package io.serverlesscontainers.core.simulation;

import io.serverlesscontainers.core.spi.ContainerLimits;
import io.serverlesscontainers.core.spi.CpuSet;
import io.serverlesscontainers.core.spi.LimitChange;
import io.serverlesscontainers.core.spi.LimitOutcome;
import io.serverlesscontainers.core.spi.Throttling;
import io.serverlesscontainers.store.document.Resource;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** One container of a {@link SimulatedHost}: its demands, its limits, and what both come to. Thread-safe. */
final class SimulatedContainer {
    private static final long PERIOD = SimulatedHost.PERIOD.toNanos();

    private final String name;
    private final Instant start;
    private final Map<Resource, Demand> demands;
    private final double memoryOfHost;
    private final Map<Resource, OptionalLong> limits = new EnumMap<>(Resource.class);
    private final Map<Resource, CapHistory> caps = new EnumMap<>(Resource.class);
    private final CapHistory quotas;

    private CpuSet cpus;
    private long periodsCounted;
    private long periodsBusy;
    private long periodsThrottled;

    /** A container without limits. */
    SimulatedContainer(
            String name,
            Instant start,
            Map<Resource, Demand> demands,
            Set<Resource> limitable,
            CpuSet cpus,
            long memoryMiB,
            Duration remembered) {
        this.name = name;
        this.start = start;
        this.demands = new EnumMap<>(Resource.class);
        this.demands.putAll(demands);
        this.cpus = cpus;
        this.memoryOfHost = memoryMiB;
        this.quotas = new CapHistory(Double.MAX_VALUE, remembered.toNanos());
        limitable.forEach(resource -> limits.put(resource, OptionalLong.empty()));
        for (Resource resource : demands.keySet()) {
            caps.put(resource, new CapHistory(capOf(resource, OptionalLong.empty()), remembered.toNanos()));
        }
    }

    private double capOf(Resource resource, OptionalLong limit) {
        double available = switch (resource) {
            case CPU -> cpuShares();
            case MEMORY -> memoryOfHost;
            default -> Double.MAX_VALUE;
        };
        return limit.isPresent() ? Math.min(limit.getAsLong(), available) : available;
    }

    private double cpuShares() {
        return 100.0 * cpus.size();
    }

    synchronized ContainerLimits limits() {
        return new ContainerLimits(
                name, limits, limits.containsKey(Resource.CPU) ? Optional.of(cpus) : Optional.empty());
    }

    synchronized LimitOutcome apply(LimitChange change, Instant now) {
        Resource resource = change.resource();
        if (resource == Resource.MEMORY && change.limit().isPresent()) {
            return applyMemory(change.limit().getAsLong(), now);
        }
        if (resource == Resource.CPU) {
            countPeriods(now);
            cpus = change.cpus().orElse(cpus);
        }
        enforce(resource, change.limit(), now);
        return LimitOutcome.applied(change.limit());
    }

    private LimitOutcome applyMemory(long wanted, Instant now) {
        OptionalLong before = limits.get(Resource.MEMORY);
        long held = (long) Math.ceil(held(now));
        long reached = Math.max(wanted, held);
        if (wanted < held && before.isPresent() && before.getAsLong() <= reached) {
            return new LimitOutcome(LimitOutcome.Status.REFUSED, before, stays(wanted, held));
        }
        enforce(Resource.MEMORY, OptionalLong.of(reached), now);
        return wanted == reached
                ? LimitOutcome.applied(OptionalLong.of(reached))
                : new LimitOutcome(LimitOutcome.Status.PARTIAL, OptionalLong.of(reached), stays(wanted, held));
    }

    private String stays(long wanted, long held) {
        return "container '" + name + "' holds " + held + " MiB of memory, which a limit of " + wanted
                + " MiB would take from it";
    }

    private void enforce(Resource resource, OptionalLong limit, Instant now) {
        limits.put(resource, limit);
        CapHistory history = caps.get(resource);
        if (history != null) {
            history.change(nanosSinceStart(now), capOf(resource, limit));
        }
        if (resource == Resource.CPU) {
            quotas.change(nanosSinceStart(now), quotaThatThrottles());
        }
    }

    private double held(Instant now) {
        return caps.containsKey(Resource.MEMORY) ? usageAt(Resource.MEMORY, nanosSinceStart(now)) : 0;
    }

    /** The mean usage between two times, {@link Double#NaN} if it has no such demand or was not there yet. */
    synchronized double usage(Resource resource, Instant from, Instant to) {
        if (!demands.containsKey(resource) || to.isBefore(start)) {
            return Double.NaN;
        }
        long first = from.isBefore(start) ? 0 : nanosSinceStart(from);
        long last = nanosSinceStart(to);
        return first == last ? usageAt(resource, first) : meanUsage(resource, first, last);
    }

    private double usageAt(Resource resource, long time) {
        CapHistory history = caps.get(resource);
        return Math.min(demand(resource, startOf(time / PERIOD)), history.cap(history.stepAt(time)));
    }

    private double meanUsage(Resource resource, long from, long to) {
        CapHistory history = caps.get(resource);
        int step = history.stepAt(from);
        double used = 0;
        double highest = 0;
        Duration end = Duration.ofNanos(to);
        long time = from;
        while (time < to) {
            long period = time / PERIOD;
            Duration sinceStart = startOf(period);
            double demand = demand(resource, sinceStart);
            long steadyUntil = Math.min(to, steadyUntil(resource, period, sinceStart, end) * PERIOD);
            while (time < steadyUntil) {
                double usage = Math.min(demand, history.cap(step));
                long until = Math.min(steadyUntil, history.end(step));
                used += usage * (until - time);
                highest = Math.max(highest, usage);
                time = until;
                if (time == history.end(step)) {
                    step++;
                }
            }
        }
        // A mean of equal values may come out a rounding error above them, but nobody uses more than the limit.
        return Math.min(used / (to - from), highest);
    }

    synchronized Throttling throttling(Instant now) {
        countPeriods(now);
        return new Throttling(periodsBusy, periodsThrottled);
    }

    /** A demand above it is throttled; where the CPUs are what holds it back, none is. */
    private double quotaThatThrottles() {
        OptionalLong quota = limits.getOrDefault(Resource.CPU, OptionalLong.empty());
        return quota.isPresent() && quota.getAsLong() < cpuShares() ? quota.getAsLong() : Double.MAX_VALUE;
    }

    /** The throttled share of the busy periods that ended between two times, 0 if none did. */
    synchronized double throttledRatio(Instant from, Instant to) {
        long period = nanosSinceStart(from) / PERIOD;
        long endPeriod = nanosSinceStart(to) / PERIOD;
        Duration end = startOf(endPeriod);
        long busy = 0;
        long throttled = 0;
        while (period < endPeriod) {
            Duration sinceStart = startOf(period);
            double demand = demand(Resource.CPU, sinceStart);
            int step = quotas.stepAt(sinceStart.toNanos());
            long sameQuotaUntil = (quotas.end(step) - 1) / PERIOD + 1;
            long until = Math.min(steadyUntil(Resource.CPU, period, sinceStart, end), sameQuotaUntil);
            busy += demand > 0 ? until - period : 0;
            throttled += demand > quotas.cap(step) ? until - period : 0;
            period = until;
        }
        return busy == 0 ? 0 : (double) throttled / busy;
    }

    /** Counts the whole periods that have passed since it was last called; the same limits were in force all the time. */
    private void countPeriods(Instant now) {
        long passed = nanosSinceStart(now) / PERIOD;
        if (!demands.containsKey(Resource.CPU)) {
            periodsCounted = passed;
        }
        OptionalLong quota = limits.getOrDefault(Resource.CPU, OptionalLong.empty());
        Duration end = startOf(passed);
        while (periodsCounted < passed) {
            Duration sinceStart = startOf(periodsCounted);
            double runnable = Math.min(demand(Resource.CPU, sinceStart), cpuShares());
            long steadyUntil = steadyUntil(Resource.CPU, periodsCounted, sinceStart, end);
            long periods = steadyUntil - periodsCounted;
            periodsBusy += runnable > 0 ? periods : 0;
            periodsThrottled += quota.isPresent() && runnable > quota.getAsLong() ? periods : 0;
            periodsCounted = steadyUntil;
        }
    }

    private static Duration startOf(long period) {
        return Duration.ofNanos(period * PERIOD);
    }

    private double demand(Resource resource, Duration sinceStart) {
        double demand = demands.get(resource).at(sinceStart);
        if (!(demand >= 0) || Double.isInfinite(demand)) {
            throw new IllegalStateException(resource + " demand of '" + name + "' after " + sinceStart + " is " + demand
                    + ", a finite number from 0 on is needed");
        }
        return demand;
    }

    /** The first period after this one whose demand may differ; at most the first one that does not start before the end. */
    private long steadyUntil(Resource resource, long period, Duration sinceStart, Duration end) {
        Duration steadyUntil = Beats.earlier(demands.get(resource).steadyUntil(sinceStart), end);
        long roundedUp = (steadyUntil.toNanos() + PERIOD - 1) / PERIOD;
        return Math.max(period + 1, roundedUp);
    }

    private long nanosSinceStart(Instant time) {
        return Math.max(0, Duration.between(start, time).toNanos());
    }
}

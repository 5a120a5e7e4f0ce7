package io.serverlesscontainers.core.spi;

/**
 * Where usage comes from: cgroup counters, a time-series database, a simulation.
 *
 * <p>{@link #usage} is called once per window, by one thread at a time, for all structures at once. One structure's
 * trouble must not cost the others their data: it is left out and named in {@link Usages#problems()}. A source that
 * cannot be reached at all answers with no usage and one problem, rather than throw.
 *
 * <p>Implementations prove themselves with {@code MetricSourceTck}.
 */
public interface MetricSource extends AutoCloseable {
    /**
     * The mean usage of each structure and resource over the query's window.
     *
     * <p>A source without a memory of its own, such as one that reads counters, may answer with the mean since the
     * previous call instead; it then has nothing to say about a structure at the first call.
     */
    Usages usage(UsageQuery query);

    /** Frees what the source holds. */
    @Override
    default void close() {}
}

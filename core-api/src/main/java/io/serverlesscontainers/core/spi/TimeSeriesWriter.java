package io.serverlesscontainers.core.spi;

import java.util.Collection;

/**
 * Where history goes: limits, thresholds and usage as time series, for people who look back and for who reads usage
 * from there.
 *
 * <p>Threads may share a writer. Implementations prove themselves with {@code TimeSeriesWriterTck}.
 */
public interface TimeSeriesWriter extends AutoCloseable {
    /**
     * Takes points to write; they may be written after the return. Trouble with the database is no reason to throw: the
     * writer tries again, and says what it had to give up.
     */
    void write(Collection<DataPoint> points);

    /** Writes what is still waiting, as far as the database takes it in reasonable time, and frees what is held. */
    @Override
    default void close() {}
}

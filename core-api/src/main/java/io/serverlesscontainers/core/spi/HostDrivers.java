package io.serverlesscontainers.core.spi;

import io.serverlesscontainers.store.document.Structure;
import java.util.Objects;

/** The drivers of all hosts of an installation. May be used by any number of threads. */
@FunctionalInterface
public interface HostDrivers extends AutoCloseable {
    /**
     * The driver of the host that a structure is on; the same one for all structures of a host, so that it can keep its
     * connections.
     *
     * @throws CgroupException if the structure does not tell which host that is, or how to reach it
     */
    CgroupDriver of(Structure structure);

    /**
     * Asks a host, now, whether it is there: for one that the state does not know yet.
     *
     * @param host the host itself, or one of its structures
     * @throws CgroupException if it does not answer, or not to us
     */
    default void requireAnswer(Structure host) {
        of(host).host();
    }

    /** One driver for all structures, whatever host they name. Closing it does not close the driver. */
    static HostDrivers only(CgroupDriver driver) {
        Objects.requireNonNull(driver, "driver");
        return structure -> driver;
    }

    /** Closes the drivers that it has made. */
    @Override
    default void close() {}
}

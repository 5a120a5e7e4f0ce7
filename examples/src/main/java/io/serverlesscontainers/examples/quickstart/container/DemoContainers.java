package io.serverlesscontainers.examples.quickstart.container;

import java.io.IOException;
import java.util.List;

/**
 * Real containers for a demonstration: made here, and gone without a trace once this is closed. Nothing that was there
 * before is ever touched.
 *
 * <p>May be used by several threads; {@link #close()} usually comes from a shutdown hook, see {@link ClosedAtExit}.
 */
public interface DemoContainers extends AutoCloseable {
    /**
     * Makes an empty container, without limits.
     *
     * @param name lower-case letters, digits and dashes, at most 32
     * @throws IllegalArgumentException if the name is anything else
     * @throws IllegalStateException if something of this name exists already, or this is closed
     * @throws IOException if the container cannot be made; what was made of it is removed by {@link #close()}
     */
    void create(String name) throws IOException;

    /**
     * Starts a process inside a container: it is inside before its first instruction. Its standard input and output are
     * pipes to this JVM, what it writes to standard error is discarded.
     *
     * @param name a container made by {@link #create}
     * @param command program and arguments
     * @throws IllegalStateException if there is no such container, or this is closed
     * @throws IOException if the process cannot be started
     */
    Process run(String name, List<String> command) throws IOException;

    /**
     * Kills whatever runs inside and removes all that was made. May be called again, and after a half-made
     * {@link #create}.
     *
     * @throws IOException if something could not be removed; the sentence says what is left
     */
    @Override
    void close() throws IOException;
}

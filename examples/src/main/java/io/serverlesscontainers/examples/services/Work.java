package io.serverlesscontainers.examples.services;

import java.time.Duration;
import java.time.Instant;

/** What a service does in a window. For one thread. */
interface Work extends AutoCloseable {
    /**
     * One window.
     *
     * @param configuration as it is now
     * @return one line: what was seen, decided and applied
     * @throws Exception if it failed; its message is the line then
     */
    String runOnce(Configuration configuration) throws Exception;

    /** When the next window should begin, after the one that began at a moment. */
    default Instant nextWindow(Instant began, Duration period) {
        return began.plus(period);
    }

    /** Whether it writes anything at all; what does not leaves no sign of life in the document either. */
    default boolean writes() {
        return true;
    }

    @Override
    default void close() {}
}

package io.serverlesscontainers.examples.services;

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

    @Override
    default void close() {}
}

package io.serverlesscontainers.store;

/** A running subscription; closing it ends it. Closing twice does nothing. */
public interface Subscription extends AutoCloseable {
    @Override
    void close();
}

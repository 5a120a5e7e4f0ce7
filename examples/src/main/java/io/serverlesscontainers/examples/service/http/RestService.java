package io.serverlesscontainers.examples.service.http;

import io.serverlesscontainers.examples.service.ServiceMetrics;
import java.net.URI;
import java.util.function.Function;

/** A service that is nothing but its routes, with figures of its own. */
public abstract class RestService implements AutoCloseable {
    private final ServiceMetrics metrics;
    private final RestServer server;

    /**
     * Serves from now on.
     *
     * @param name what its figures are tagged with
     * @param settings what it serves, and counts there
     * @throws java.io.UncheckedIOException if the address cannot be listened at
     */
    protected RestService(String name, Function<ServiceMetrics, RestServer.Builder> settings) {
        metrics = new ServiceMetrics(name);
        try {
            server = settings.apply(metrics).start();
        } catch (RuntimeException failed) {
            metrics.close();
            throw failed;
        }
    }

    /** Where it is reached. */
    public final URI url() {
        return server.url();
    }

    @Override
    public final void close() {
        server.close();
        metrics.close();
    }
}

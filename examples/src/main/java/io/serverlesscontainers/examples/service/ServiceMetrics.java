package io.serverlesscontainers.examples.service;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;

/**
 * What a service counts, for Prometheus to fetch: its requests and their errors, its windows and their failures, how long
 * each took, and what the process needs of CPU and memory. Thread-safe.
 */
public final class ServiceMetrics implements AutoCloseable {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Timer windows;
    private final Counter failedWindows;

    /** Counts for one service, which every figure is tagged with. */
    public ServiceMetrics(String service) {
        registry.config().commonTags("service", service);
        windows = registry.timer("service.windows");
        failedWindows = registry.counter("service.windows.failed");
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
    }

    /** For figures of the service's own. */
    public MeterRegistry registry() {
        return registry;
    }

    /** A window has ended. */
    void window(Duration took, boolean failed) {
        windows.record(took);
        if (failed) {
            failedWindows.increment();
        }
    }

    /**
     * A request was answered.
     *
     * @param route the path as it was declared, not as it was asked for: there must not be a figure for each name
     */
    public void request(String method, String route, int status, Duration took) {
        registry.timer("http.requests", "method", method, "route", route, "status", Integer.toString(status))
                .record(took);
        if (status >= 400) {
            registry.counter("http.errors", "status", Integer.toString(status)).increment();
        }
    }

    /** All figures in the text format of Prometheus. */
    public String scrape() {
        return registry.scrape();
    }

    @Override
    public void close() {
        registry.close();
    }
}

package io.serverlesscontainers.examples.services;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serverlesscontainers.examples.service.ServiceLoop;
import io.serverlesscontainers.examples.service.ServiceMetrics;
import io.serverlesscontainers.store.MissingDocumentException;
import io.serverlesscontainers.store.StateStore;
import io.serverlesscontainers.store.document.DocumentKind;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A service at work: in each window it reads its document, works if it is active, and leaves a sign of life in the
 * document.
 */
final class RunningService implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RunningService.class);

    private final ServiceKind kind;
    private final StateStore store;
    private final Work work;
    private final Configuration configuration;
    private final ServiceLoop loop;
    private volatile Duration period;
    private Boolean wasActive;

    /** Starts. The work is closed with it. */
    RunningService(ServiceKind kind, StateStore store, Work work, Clock clock, ServiceMetrics metrics) {
        this.kind = kind;
        this.store = store;
        this.work = work;
        this.configuration = new Configuration(store, kind.document(), LOG::warn);
        this.period = kind.period(configuration);
        this.loop = new ServiceLoop(
                kind.command(), this::runOnce, () -> period, work::nextWindow, this::beat, clock, metrics);
        loop.start();
    }

    private String runOnce() throws Exception {
        configuration.refresh();
        period = kind.period(configuration);
        boolean isActive = configuration.isActive();
        boolean isNews = wasActive != null && wasActive != isActive || wasActive == null && !isActive;
        wasActive = isActive;
        if (!isActive) {
            return isNews ? kind.command() + " is not active: nothing is done until ACTIVE is true" : "";
        }
        if (isNews) {
            LOG.info("{} is active again", kind.command());
        }
        return kind.command() + ": " + work.runOnce(configuration);
    }

    private void beat(Instant at) {
        if (!work.writes()) {
            return;
        }
        try {
            store.change(DocumentKind.SERVICES, kind.document(), document -> document.withHeartbeat(at));
        } catch (MissingDocumentException nobodyAsks) {
            // The configuration has told that there is no document.
        }
    }

    /** When the last window was, for whoever asks over HTTP. */
    ObjectNode heartbeat() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("service", kind.command());
        json.put("status", "alive");
        loop.lastWindow().ifPresent(at -> json.put("last_window", at.getEpochSecond()));
        return json;
    }

    @Override
    public void close() {
        loop.close();
        work.close();
    }
}

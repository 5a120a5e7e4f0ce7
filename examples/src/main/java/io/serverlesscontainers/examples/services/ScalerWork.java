package io.serverlesscontainers.examples.services;

import io.serverlesscontainers.core.decision.ScalerDecision;
import io.serverlesscontainers.core.lease.Lease;
import io.serverlesscontainers.core.lease.Renewal;
import io.serverlesscontainers.core.scaler.Scaler;
import io.serverlesscontainers.core.scaler.ScalerSettings;
import io.serverlesscontainers.core.spi.HostDrivers;
import io.serverlesscontainers.core.spi.MetricSource;
import io.serverlesscontainers.examples.table.Table;
import io.serverlesscontainers.store.StateStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Polls of a Scaler, whose settings follow its document. */
final class ScalerWork implements Work {
    static final String SERVICE = "scaler";
    static final String PERIOD = "POLLING_FREQUENCY";
    static final Duration USUAL_PERIOD = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(ScalerWork.class);
    private static final int HOSTS_AT_ONCE = 8;

    private final StateStore store;
    private final HostDrivers hosts;
    private final MetricSource usage;
    private final Clock clock;
    private final Lease lease;
    private final Told told = new Told(LOG);
    // Hosts that are late tell their decisions in a later poll.
    private final ConcurrentLinkedQueue<ScalerDecision> decisions = new ConcurrentLinkedQueue<>();
    private ScalerSettings settings;
    private Scaler scaler;

    /** With a lease of its own, which it closes: where several Scalers run, each serves its part of the hosts. */
    ScalerWork(StateStore store, HostDrivers hosts, MetricSource usage, Clock clock, Lease lease) {
        this.store = store;
        this.hosts = hosts;
        this.usage = usage;
        this.clock = clock;
        this.lease = lease;
    }

    @Override
    public String runOnce(Configuration configuration) {
        ScalerSettings stock = ScalerSettings.stock();
        Duration period = configuration.span(PERIOD, USUAL_PERIOD);
        follow(stock.withRequestTimeout(configuration.span("REQUEST_TIMEOUT", stock.requestTimeout()))
                .withHostsAtOnce(HOSTS_AT_ONCE, period)
                .withAccountsChecked(configuration.flag("CHECK_CORE_MAP", true)));
        Renewal renewal = lease.renew(period);
        told.tell(renewal.problems());
        int applied = scaler.runOnce(lease);
        Map<String, Long> outcomes = new TreeMap<>();
        var table = new Table("structure", "resource", "asked", "what came of it");
        for (ScalerDecision decision = decisions.poll(); decision != null; decision = decisions.poll()) {
            outcomes.merge(decision.outcome().name().toLowerCase(), 1L, Long::sum);
            table.add(decision.structure(), decision.resource(), decision.requested(), decision.explanation());
        }
        if (configuration.isDebug() && !table.isEmpty()) {
            LOG.info("{}", table);
        }
        return applied + " limits moved"
                + outcomes.entrySet().stream()
                        .map(each -> each.getValue() + " " + each.getKey())
                        .collect(Collectors.joining(", ", outcomes.isEmpty() ? "" : ": ", ""))
                + GuardianWork.others(renewal);
    }

    @Override
    public Instant nextWindow(Instant began, Duration period) {
        return lease.nextWindow(began, period);
    }

    private void follow(ScalerSettings wanted) {
        if (!wanted.equals(settings)) {
            closeScaler();
            settings = wanted;
            scaler = new Scaler(store, hosts, usage, wanted, clock, decisions::add);
        }
    }

    @Override
    public void close() {
        closeScaler();
        lease.close();
    }

    private void closeScaler() {
        if (scaler != null) {
            scaler.close();
        }
    }
}

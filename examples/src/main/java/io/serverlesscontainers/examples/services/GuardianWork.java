package io.serverlesscontainers.examples.services;

import io.serverlesscontainers.core.Mode;
import io.serverlesscontainers.core.decision.GuardianDecision;
import io.serverlesscontainers.core.guardian.Guardian;
import io.serverlesscontainers.core.guardian.GuardianSettings;
import io.serverlesscontainers.core.guardian.GuardianWindow;
import io.serverlesscontainers.core.lease.Lease;
import io.serverlesscontainers.core.lease.Renewal;
import io.serverlesscontainers.core.spi.MetricSource;
import io.serverlesscontainers.core.spi.Ownership;
import io.serverlesscontainers.core.spi.ResourceState;
import io.serverlesscontainers.core.spi.ScalingPolicy;
import io.serverlesscontainers.examples.table.Table;
import io.serverlesscontainers.store.StateStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Windows of a Guardian, whose settings follow its document. */
final class GuardianWork implements Work {
    static final String SERVICE = "guardian";
    static final String PERIOD = "WINDOW_TIMELAPSE";

    private static final Logger LOG = LoggerFactory.getLogger(GuardianWork.class);

    private final StateStore store;
    private final MetricSource usage;
    private final ScalingPolicy policy;
    private final Mode mode;
    private final Clock clock;
    private final Lease lease;
    private final Told told = new Told(LOG);
    private Guardian guardian;

    /**
     * With a lease of its own, which it closes: where several Guardians run, each decides for its part. One that writes
     * nothing takes no part, and looks at all.
     */
    GuardianWork(StateStore store, MetricSource usage, ScalingPolicy policy, Mode mode, Clock clock, Lease lease) {
        this.store = store;
        this.usage = usage;
        this.policy = policy;
        this.mode = mode;
        this.clock = clock;
        this.lease = lease;
    }

    @Override
    public String runOnce(Configuration configuration) {
        GuardianSettings stock = GuardianSettings.stock();
        follow(stock.withWindow(
                        configuration.span(PERIOD, stock.window()), configuration.delay("WINDOW_DELAY", stock.delay()))
                .withEventTimeout(configuration.span("EVENT_TIMEOUT", stock.eventTimeout()))
                .withSubtype(configuration.subtype("STRUCTURE_GUARDED", stock.subtype()))
                .withResources(configuration.resources("GUARDABLE_RESOURCES", stock.resources()))
                .withMode(mode));
        Optional<Renewal> renewal =
                writes() ? Optional.of(lease.renew(guardian.settings().window())) : Optional.empty();
        GuardianWindow window = guardian.runOnce();
        told.tell(Stream.concat(renewal.stream().flatMap(its -> its.problems().stream()), window.problems().stream())
                .toList());
        if (configuration.isDebug()) {
            LOG.info("{}", table(window));
        }
        return window.states().size() + " resources seen, " + window.events() + " events, "
                + window.requests().size() + (writes() ? " requests" : " requests that would be made")
                + renewal.map(GuardianWork::others).orElse("");
    }

    @Override
    public boolean writes() {
        return mode == Mode.ENFORCE;
    }

    @Override
    public Instant nextWindow(Instant began, Duration period) {
        return lease.nextWindow(began, period);
    }

    private void follow(GuardianSettings wanted) {
        if (guardian == null || !guardian.settings().equals(wanted)) {
            closeGuardian();
            guardian = new Guardian(
                    store, usage, policy, wanted, clock, GuardianWork::log, writes() ? lease : Ownership.everything());
        }
    }

    private static void log(GuardianDecision decision) {
        if (decision.isScaling() || decision.outcome() == GuardianDecision.Outcome.WOULD_REQUEST) {
            LOG.info("{}", decision.sentence());
        }
    }

    /** Said only where there are others. */
    static String others(Renewal renewal) {
        return renewal.members() > 1 ? "; " + renewal : "";
    }

    private static Table table(GuardianWindow window) {
        var table = new Table("structure", "resource", "usage", "lower", "upper", "current", "max");
        for (ResourceState state : window.states()) {
            table.add(
                    state.structure(),
                    state.resource(),
                    state.usage(),
                    state.lower(),
                    state.upper(),
                    state.current(),
                    state.max());
        }
        return table;
    }

    @Override
    public void close() {
        closeGuardian();
        if (writes()) {
            lease.close();
        }
    }

    private void closeGuardian() {
        if (guardian != null) {
            guardian.close();
        }
    }
}

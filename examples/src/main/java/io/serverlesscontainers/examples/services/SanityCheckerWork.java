package io.serverlesscontainers.examples.services;

import io.serverlesscontainers.core.sanity.SanityChecker;
import io.serverlesscontainers.core.sanity.SanityCheckerSettings;
import io.serverlesscontainers.store.StateStore;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks of the state. */
final class SanityCheckerWork implements Work {
    static final String SERVICE = "sanity_checker";
    static final String PERIOD = "DELAY";

    private static final Logger LOG = LoggerFactory.getLogger(SanityCheckerWork.class);

    private final Told told = new Told(LOG);
    // Sees by itself what two checks in a row see, so there is one for all windows.
    private final SanityChecker checker;

    SanityCheckerWork(StateStore store, Clock clock) {
        this.checker = new SanityChecker(store, clock, SanityCheckerSettings.stock());
    }

    @Override
    public String runOnce(Configuration configuration) {
        SanityChecker.Checked checked = checker.runOnce();
        told.tell(checked.problems());
        return checked.problems().size() + " things do not fit together; " + checked.staleEvents() + " old events and "
                + checked.staleRequests() + " old requests removed";
    }
}

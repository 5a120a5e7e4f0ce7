package io.serverlesscontainers.examples.services;

import io.serverlesscontainers.core.refeed.Refeeder;
import io.serverlesscontainers.core.refeed.RefeederSettings;
import io.serverlesscontainers.core.spi.MetricSource;
import io.serverlesscontainers.core.spi.TimeSeriesWriter;
import io.serverlesscontainers.store.StateStore;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Windows of a Refeeder, whose settings follow its document. */
final class RefeederWork implements Work {
    static final String SERVICE = "refeeder";
    static final String PERIOD = "WINDOW_TIMELAPSE";

    private static final Logger LOG = LoggerFactory.getLogger(RefeederWork.class);

    private final StateStore store;
    private final MetricSource usage;
    private final TimeSeriesWriter writer;
    private final Clock clock;
    private final Told told = new Told(LOG);

    RefeederWork(StateStore store, MetricSource usage, TimeSeriesWriter writer, Clock clock) {
        this.store = store;
        this.usage = usage;
        this.writer = writer;
        this.clock = clock;
    }

    @Override
    public String runOnce(Configuration configuration) {
        RefeederSettings stock = RefeederSettings.stock();
        RefeederSettings settings = stock.withWindow(
                        configuration.span(PERIOD, stock.window()), configuration.delay("WINDOW_DELAY", stock.delay()))
                .withStructures(configuration.subtypes("STRUCTURES_REFEEDED", stock.structures()))
                .withResources(configuration.resources("GENERATED_METRICS", stock.resources()));
        Refeeder.Refed refed = new Refeeder(store, usage, writer, clock, settings).runOnce();
        told.tell(refed.problems());
        return refed.points() + " sums written";
    }
}

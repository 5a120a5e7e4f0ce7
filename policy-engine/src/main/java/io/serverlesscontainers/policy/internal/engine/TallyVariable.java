package io.serverlesscontainers.policy.internal.engine;

import io.serverlesscontainers.core.spi.EventTally;
import io.serverlesscontainers.store.document.Resource;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** What a request rule sees: the sums of live events of its own resource. */
public enum TallyVariable implements Variable<EventTally> {
    /** Events towards scaling up. */
    UP("events.scale.up", EventTally::up),
    /** Events towards scaling down. */
    DOWN("events.scale.down", EventTally::down);

    private final String path;
    private final ToDoubleFunction<EventTally> reads;

    TallyVariable(String path, ToDoubleFunction<EventTally> reads) {
        this.path = path;
        this.reads = reads;
    }

    @Override
    public String property() {
        return name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String path(Resource resource) {
        return path;
    }

    @Override
    public double applyAsDouble(EventTally tally) {
        return reads.applyAsDouble(tally);
    }
}

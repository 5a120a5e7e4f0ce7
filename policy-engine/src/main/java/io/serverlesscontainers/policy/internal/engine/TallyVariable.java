package io.serverlesscontainers.policy.internal.engine;

import io.serverlesscontainers.core.spi.EventTally;
import io.serverlesscontainers.store.document.Resource;
import java.util.Locale;

/** What a request rule sees: the sums of live events of its own resource. */
public enum TallyVariable implements Variable<EventTally> {
    /** Events towards scaling up. */
    UP("events.scale.up") {
        @Override
        public double applyAsDouble(EventTally tally) {
            return tally.up();
        }
    },
    /** Events towards scaling down. */
    DOWN("events.scale.down") {
        @Override
        public double applyAsDouble(EventTally tally) {
            return tally.down();
        }
    };

    private final String path;

    TallyVariable(String path) {
        this.path = path;
    }

    @Override
    public String property() {
        return name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String path(Resource resource) {
        return path;
    }
}

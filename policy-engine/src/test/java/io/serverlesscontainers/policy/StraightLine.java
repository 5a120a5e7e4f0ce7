package io.serverlesscontainers.policy;

import io.serverlesscontainers.core.spi.EventRule;
import io.serverlesscontainers.core.spi.EventTally;
import io.serverlesscontainers.core.spi.RequestRule;
import io.serverlesscontainers.core.spi.ResourceState;
import io.serverlesscontainers.store.document.Rescale;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.ScaleEvents;
import java.util.ArrayList;
import java.util.List;

/** The stock policy once more, in plain Java and by nothing but the design: what the rules must say. */
final class StraightLine {
    private StraightLine() {}

    static List<Firing> events(ResourceState state) {
        var expected = new ArrayList<Firing>();
        if (state.resource() == Resource.ENERGY) {
            return expected;
        }
        if (state.usage() > state.upper() && state.upper() < state.max() && state.current() < state.max()) {
            expected.add(Firing.of(state, new EventRule("", state.resource(), ScaleEvents.UP)));
        }
        boolean disk = state.resource() == Resource.DISK_READ || state.resource() == Resource.DISK_WRITE;
        boolean used = disk ? state.usage() >= 0 : state.usage() > 0;
        if (used && state.usage() < state.lower() && state.lower() > state.min()) {
            expected.add(Firing.of(state, new EventRule("", state.resource(), ScaleEvents.DOWN)));
        }
        return expected;
    }

    static List<Firing> requests(EventTally tally) {
        return switch (tally.resource()) {
            case CPU -> requests(tally, 75, 2, 2, 8);
            case MEMORY -> requests(tally, 2048, 2, 2, 8);
            case DISK_READ, DISK_WRITE -> requests(tally, 450, 1, 6, 6);
            case NET -> requests(tally, 100, 2, 2, 8);
            case ENERGY -> List.of();
        };
    }

    private static List<Firing> requests(EventTally tally, long amount, int up, int downTolerated, int down) {
        var expected = new ArrayList<Firing>();
        if (tally.up() >= up && tally.down() <= downTolerated) {
            expected.add(Firing.of(tally, new RequestRule("", tally.resource(), Rescale.byAmount(amount), up, 0)));
        }
        if (tally.down() >= down && tally.up() == 0) {
            expected.add(Firing.of(tally, new RequestRule("", tally.resource(), Rescale.fitToUsage(), down, 0)));
        }
        return expected;
    }
}

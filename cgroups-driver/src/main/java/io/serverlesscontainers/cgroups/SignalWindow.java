package io.serverlesscontainers.cgroups;

import io.serverlesscontainers.cgroups.internal.controller.SignalCounter;
import io.serverlesscontainers.cgroups.internal.controller.SignalCounts;
import io.serverlesscontainers.core.spi.CgroupException;
import io.serverlesscontainers.core.spi.Signals;
import io.serverlesscontainers.core.spi.Usages;
import io.serverlesscontainers.store.document.Resource;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.LongSupplier;

/** How one container was held back between two readings, resource by resource. For one thread. */
final class SignalWindow {
    private final String name;
    private final LongSupplier nanoTime;
    private final Reading[] earlier = new Reading[Resource.values().length];

    SignalWindow(String name, LongSupplier nanoTime) {
        this.name = name;
        this.nanoTime = nanoTime;
    }

    /** Notes what was added since the call before; nothing at the first call, and at the first one of another cgroup. */
    void tell(ContainerCgroup container, Resource resource, Usages.Builder usages) {
        int at = resource.ordinal();
        Reading before = earlier[at];
        earlier[at] = null;
        try {
            SignalCounter counter = container.signals(resource);
            if (counter != null) {
                earlier[at] = read(counter);
                earlier[at].since(before).ifPresent(signals -> usages.signals(name, resource, signals));
            }
        } catch (CgroupException untold) {
            // Usage is measured first, and names what is wrong with a container. Signals that cannot be told are 0.
        }
    }

    /** What comes next is a first call. */
    void forget() {
        Arrays.fill(earlier, null);
    }

    private Reading read(SignalCounter counter) {
        SignalCounts counts = counter.counts();
        return new Reading(counter, counts, counter.openings(), nanoTime.getAsLong());
    }

    private record Reading(SignalCounter counter, SignalCounts counts, int openings, long at) {
        Optional<Signals> since(Reading before) {
            return before == null || before.counter != counter || before.openings != openings
                    ? Optional.empty()
                    : counts.since(before.counts, at - before.at);
        }
    }
}

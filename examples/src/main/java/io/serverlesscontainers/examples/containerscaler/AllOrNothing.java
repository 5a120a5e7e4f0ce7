package io.serverlesscontainers.examples.containerscaler;

import io.serverlesscontainers.cgroups.remote.WantedLimits;
import io.serverlesscontainers.core.spi.CgroupDriver;
import io.serverlesscontainers.core.spi.CgroupException;
import io.serverlesscontainers.core.spi.ContainerLimits;
import io.serverlesscontainers.core.spi.LimitChange;
import io.serverlesscontainers.core.spi.LimitOutcome;
import io.serverlesscontainers.core.spi.MissingContainerException;
import io.serverlesscontainers.store.document.Resource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Writes several limits of one container, or none: when one is refused, those before it are put back. What is most likely
 * to be refused, memory, goes first. Writes of one container take turns. Thread-safe.
 */
final class AllOrNothing {
    private static final List<Resource> ORDER = List.of(
            Resource.MEMORY, Resource.NET, Resource.CPU, Resource.DISK_READ, Resource.DISK_WRITE, Resource.ENERGY);
    private static final int LOCKS = 64;

    private final CgroupDriver driver;
    private final Object[] locks = new Object[LOCKS];

    /**
     * What was written.
     *
     * @param inForce the limits afterwards
     * @param reasons why a limit went only a part of the way
     */
    record Written(ContainerLimits inForce, Map<Resource, String> reasons) {}

    AllOrNothing(CgroupDriver driver) {
        this.driver = driver;
        for (int lock = 0; lock < LOCKS; lock++) {
            locks[lock] = new Object();
        }
    }

    /**
     * Writes them.
     *
     * @throws MissingContainerException if there is no such container
     * @throws LimitRefusal if one was refused
     */
    Written write(String container, WantedLimits wanted) {
        synchronized (locks[Math.floorMod(container.hashCode(), LOCKS)]) {
            ContainerLimits before = driver.limits(container);
            Deque<LimitChange> undo = new ArrayDeque<>();
            Map<Resource, String> reasons = new EnumMap<>(Resource.class);
            for (LimitChange change : changes(wanted, before)) {
                try {
                    LimitOutcome outcome = driver.apply(container, change);
                    if (outcome.status() == LimitOutcome.Status.REFUSED) {
                        throw refusal(container, change, undo, Optional.of(change.resource()), outcome.reason(), null);
                    }
                    if (outcome.status() == LimitOutcome.Status.PARTIAL) {
                        reasons.put(change.resource(), outcome.reason());
                    }
                } catch (MissingContainerException gone) {
                    throw gone;
                } catch (CgroupException refused) {
                    throw refusal(container, change, undo, Optional.empty(), refused.getMessage(), refused);
                }
                undo.push(asBefore(change, before));
            }
            return new Written(driver.limits(container), reasons);
        }
    }

    private static List<LimitChange> changes(WantedLimits wanted, ContainerLimits before) {
        var changes = new ArrayList<LimitChange>();
        for (Resource resource : ORDER) {
            OptionalLong limit = wanted.limits().get(resource);
            if (resource == Resource.CPU && (limit != null || wanted.cpus().isPresent())) {
                OptionalLong quota = limit == null ? writable(before.limit(resource)) : limit;
                changes.add(new LimitChange(resource, quota, wanted.cpus()));
            } else if (limit != null) {
                changes.add(new LimitChange(resource, limit, Optional.empty()));
            }
        }
        return changes;
    }

    private static LimitChange asBefore(LimitChange change, ContainerLimits before) {
        return new LimitChange(
                change.resource(),
                writable(before.limit(change.resource())),
                change.cpus().flatMap(any -> before.cpus()).filter(cpus -> !cpus.isEmpty()));
    }

    /** Cut to a whole number a limit may be 0, which cannot be written. */
    private static OptionalLong writable(OptionalLong limit) {
        return limit.isEmpty() ? limit : OptionalLong.of(Math.max(1, limit.getAsLong()));
    }

    private LimitRefusal refusal(
            String container,
            LimitChange refused,
            Deque<LimitChange> undo,
            Optional<Resource> inUse,
            String sentence,
            CgroupException cause) {
        String left = "";
        for (LimitChange change : undo) {
            try {
                driver.apply(container, change);
            } catch (CgroupException stays) {
                left += "; the new " + change.resource() + " limit stays, as it cannot be put back: "
                        + stays.getMessage();
            }
        }
        Optional<ContainerLimits> inForce;
        try {
            inForce = Optional.of(driver.limits(container));
        } catch (CgroupException unknown) {
            inForce = Optional.empty();
        }
        return new LimitRefusal(refused.resource() + ": " + sentence + left, inUse, inForce, cause);
    }
}

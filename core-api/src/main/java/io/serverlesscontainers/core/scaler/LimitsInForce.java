package io.serverlesscontainers.core.scaler;

import io.serverlesscontainers.core.spi.CgroupDriver;
import io.serverlesscontainers.core.spi.CgroupException;
import io.serverlesscontainers.core.spi.ContainerLimits;
import io.serverlesscontainers.core.spi.ManyLimits;
import io.serverlesscontainers.store.document.Resource;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The limits that a host's kernel has in one turn, in which nobody but the turn itself moves them: each container is asked
 * for once, or all together where most of the host's are needed. For one thread.
 */
final class LimitsInForce {
    /** To be told of all costs as much as to be told of so many times fewer one by one. */
    private static final int TOGETHER_FROM_ONE_IN = 2;

    private final CgroupDriver driver;
    private final Map<String, ContainerLimits> known = new HashMap<>();
    private final Map<String, CgroupException> failed = new HashMap<>();
    private final Map<String, Set<Resource>> moved = new HashMap<>();
    private Set<String> needed;

    /**
     * @param needed the containers that there are requests for
     * @param onHost how many containers there are
     */
    LimitsInForce(CgroupDriver driver, Set<String> needed, int onHost) {
        this.driver = driver;
        this.needed = needed.size() > 1 && needed.size() * TOGETHER_FROM_ONE_IN >= onHost ? needed : Set.of();
    }

    /**
     * The limit of one resource; empty if there is none.
     *
     * @throws CgroupException if it cannot be told
     */
    OptionalLong limit(String container, Resource resource) {
        if (!needed.isEmpty()) {
            ManyLimits all = driver.limitsOf(needed);
            needed = Set.of();
            known.putAll(all.found());
            failed.putAll(all.failed());
        }
        CgroupException failure = failed.remove(container);
        if (failure != null) {
            throw failure;
        }
        if (moved.getOrDefault(container, Set.of()).contains(resource)) {
            known.put(container, driver.limits(container));
            moved.remove(container);
        }
        return known.computeIfAbsent(container, driver::limits).limit(resource);
    }

    /** Says that what was known of this limit is over. */
    void moved(String container, Resource resource) {
        moved.computeIfAbsent(container, name -> EnumSet.noneOf(Resource.class)).add(resource);
    }
}

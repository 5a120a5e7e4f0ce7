package io.serverlesscontainers.cgroups;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * The names of the containers on the machine, found by going through all cgroups. That may take a fiftieth of the time:
 * in between, what was found last is told again. Services and scopes of systemd are left out, there are dozens on any
 * machine. For one thread.
 */
final class RunningContainers {
    private static final int REST_PER_WORK = 50;

    private final KernelCgroupDriver driver;
    private final LongSupplier nanoTime;
    private Set<String> names = Set.of();
    private boolean searched;
    private long searchedAt;
    private long rest;

    RunningContainers(KernelCgroupDriver driver, LongSupplier nanoTime) {
        this.driver = driver;
        this.nanoTime = nanoTime;
    }

    /** Their names; one that was {@linkplain #forget forgotten} is among them again if it was found again. */
    Collection<String> names() {
        long begin = nanoTime.getAsLong();
        if (!searched || begin - searchedAt >= rest) {
            names = names(driver.containers());
            searched = true;
            searchedAt = begin;
            rest = REST_PER_WORK * (nanoTime.getAsLong() - begin);
        }
        return new ArrayList<>(names);
    }

    /** It has ended. */
    void forget(String name) {
        names.remove(name);
    }

    /** What people call each, unless two are called the same: these are told apart by their IDs. */
    static Set<String> names(List<FoundContainer> found) {
        Map<String, Integer> count = new HashMap<>();
        found.forEach(it -> count.merge(called(it), 1, Integer::sum));
        Set<String> names = new LinkedHashSet<>();
        for (FoundContainer it : found) {
            if (it.engine() != Engine.SYSTEMD) {
                names.add(count.get(called(it)) == 1 ? called(it) : it.id());
            }
        }
        return names;
    }

    private static String called(FoundContainer container) {
        return container.name().orElse(container.id());
    }
}

package io.serverlesscontainers.core.sanity;

import io.serverlesscontainers.store.document.CoreUsage;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Shown;
import io.serverlesscontainers.store.document.Structure;
import io.serverlesscontainers.store.document.StructureResource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Whether what a host has adds up: its containers' limits, what is free, and the core map. */
final class HostCheck {
    private static final long SHARES_PER_CORE = 100;

    private final Structure host;
    private final String subject;
    private final List<Structure> containers;

    /** Of a host and the containers that are on it. */
    HostCheck(Structure host, List<Structure> containers) {
        this.host = host;
        this.subject = Shown.named("host", host.name());
        this.containers = containers;
    }

    void into(Findings findings) {
        host.resources().forEach((resource, has) -> {
            if (has.max().isPresent() && has.free().isPresent()) {
                account(resource, has, findings);
            }
        });
        host.resource(Resource.CPU).flatMap(StructureResource::coreUsage).ifPresent(map -> cores(map, findings));
    }

    private void account(Resource resource, StructureResource has, Findings findings) {
        long max = has.max().getAsLong();
        long free = has.free().getAsLong();
        long held = containers.stream()
                .flatMap(container -> container.resource(resource).stream())
                // As the Scaler does, who gives no more than this leaves.
                .mapToLong(its -> its.current().orElse(its.max().orElse(0)))
                .sum();
        if (held > max) {
            findings.add(
                    "overcommitted " + resource,
                    subject,
                    "its containers may use " + held + " " + resource.unit() + " of " + resource + ", it has " + max);
        } else if (free != max - held) {
            findings.add(
                    "free " + resource,
                    subject,
                    free + " " + resource.unit() + " of " + resource + " are said to be free, " + max + " less the "
                            + held + " of its containers are " + (max - held));
        }
    }

    private void cores(CoreUsage map, Findings findings) {
        Map<String, Long> held = new TreeMap<>();
        map.cores().forEach((number, core) -> {
            long shares =
                    core.shares().values().stream().mapToLong(Long::longValue).sum();
            if (core.free() + shares != SHARES_PER_CORE) {
                findings.add(
                        "core " + number,
                        subject,
                        "core " + number + " has " + core.free() + " free shares and " + shares
                                + " held ones, together they must be " + SHARES_PER_CORE);
            }
            core.shares().forEach((container, its) -> held.merge(container, its, Long::sum));
        });
        Set<String> here = containers.stream().map(Structure::name).collect(Collectors.toSet());
        held.forEach((container, shares) -> {
            if (!here.contains(container)) {
                findings.add(
                        "held by " + container,
                        subject,
                        "its core map has " + shares + " shares held by '" + Shown.of(container)
                                + "', no container of this name is on it");
            }
        });
        for (Structure container : containers) {
            container.resource(Resource.CPU).map(StructureResource::current).ifPresent(current -> {
                long shares = held.getOrDefault(container.name(), 0L);
                if (current.isPresent() && current.getAsLong() != shares) {
                    findings.add(
                            "cores of " + container.name(),
                            subject,
                            "its core map has " + shares + " shares held by '" + Shown.of(container.name())
                                    + "', the limit of that container is " + current.getAsLong());
                }
            });
        }
    }
}

package io.serverlesscontainers.cgroups;

import io.serverlesscontainers.core.spi.CgroupException;
import io.serverlesscontainers.core.spi.ContainerLimits;
import io.serverlesscontainers.core.spi.CpuSet;
import io.serverlesscontainers.core.spi.LimitChange;
import io.serverlesscontainers.core.spi.LimitOutcome;
import io.serverlesscontainers.store.document.Resource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Several changes in the order in which each is valid when it is written, also for cgroups inside each other: first all
 * that grows, from the outermost cgroup to the innermost, then all that shrinks, the other way round. A change that does
 * both, such as a higher quota on fewer CPUs, is made in two steps: to the larger of old and new in everything first.
 */
final class OrderedChanges {
    private final KernelCgroupDriver driver;

    OrderedChanges(KernelCgroupDriver driver) {
        this.driver = driver;
    }

    /** Makes them all, and answers in the order in which they are given. */
    List<ContainerOutcome> apply(List<ContainerChange> changes) {
        refuseWhatCannotBe(changes);
        List<Step> steps = changes.stream().map(Step::new).toList();
        List<Step> outermostFirst = new ArrayList<>(steps);
        outermostFirst.sort(Comparator.comparingInt(step -> step.length));
        outermostFirst.forEach(Step::grow);
        Collections.reverse(outermostFirst);
        outermostFirst.forEach(Step::shrink);
        return steps.stream().map(Step::outcome).toList();
    }

    private void refuseWhatCannotBe(List<ContainerChange> changes) {
        Set<List<Object>> seen = new HashSet<>();
        for (ContainerChange each : changes) {
            Resource resource = each.change().resource();
            driver.refuseOthers(resource);
            if (!seen.add(List.of(each.container(), resource))) {
                throw new IllegalArgumentException(
                        "container '" + each.container() + "' has two changes of " + resource + ", one is possible");
            }
        }
    }

    /** One change on its way. */
    private final class Step {
        private final ContainerChange asked;
        private final String container;
        private final LimitChange wanted;
        private LimitChange before;
        private LimitChange grown;
        private int length;
        private LimitOutcome outcome;
        private CgroupException failure;

        Step(ContainerChange asked) {
            this.asked = asked;
            this.container = asked.container();
            this.wanted = asked.change();
            attempt(() -> {
                ContainerLimits limits = driver.limits(container);
                // Whatever is above a cgroup has a shorter path.
                length = driver.find(container).paths().paths().values().stream()
                        .mapToInt(String::length)
                        .max()
                        .orElse(0);
                before = before(limits);
                grown = larger(before, wanted);
            });
        }

        private LimitChange before(ContainerLimits limits) {
            Optional<CpuSet> cpus = wanted.cpus().flatMap(any -> limits.cpus()).filter(set -> !set.isEmpty());
            OptionalLong limit = limits.limit(wanted.resource());
            // Cut to a whole number it may be 0, which cannot be written.
            OptionalLong writable = limit.isEmpty() ? limit : OptionalLong.of(Math.max(1, limit.getAsLong()));
            return new LimitChange(wanted.resource(), writable, cpus);
        }

        void grow() {
            if (failure == null && !grown.equals(before)) {
                attempt(() -> outcome = driver.apply(container, grown));
            }
        }

        void shrink() {
            if (failure == null && (outcome == null || !grown.equals(wanted))) {
                attempt(() -> outcome = driver.apply(container, wanted));
                if (failure != null && !grown.equals(before)) {
                    restore();
                }
            }
        }

        private void restore() {
            try {
                driver.apply(container, before);
            } catch (CgroupException second) {
                failure.addSuppressed(second);
            }
        }

        private void attempt(Runnable work) {
            try {
                work.run();
            } catch (CgroupException refused) {
                failure = refused;
            }
        }

        ContainerOutcome outcome() {
            return failure == null
                    ? new ContainerOutcome(asked, Optional.of(outcome), Optional.empty())
                    : new ContainerOutcome(asked, Optional.empty(), Optional.of(failure));
        }
    }

    /** The larger of two in everything; no limit is the largest. */
    private static LimitChange larger(LimitChange one, LimitChange other) {
        boolean limited = one.limit().isPresent() && other.limit().isPresent();
        OptionalLong limit = limited
                ? OptionalLong.of(
                        Math.max(one.limit().getAsLong(), other.limit().getAsLong()))
                : OptionalLong.empty();
        Optional<CpuSet> cpus = one.cpus()
                .map(set -> union(set, other.cpus().orElse(CpuSet.NONE)))
                .or(other::cpus);
        return new LimitChange(other.resource(), limit, cpus);
    }

    private static CpuSet union(CpuSet one, CpuSet other) {
        return CpuSet.of(IntStream.concat(one.stream(), other.stream()).boxed().toList());
    }
}

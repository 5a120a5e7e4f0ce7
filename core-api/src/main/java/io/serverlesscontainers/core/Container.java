package io.serverlesscontainers.core;

import io.serverlesscontainers.store.document.Boundary;
import io.serverlesscontainers.store.document.Limits;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.ResourceLimits;
import io.serverlesscontainers.store.document.Structure;
import io.serverlesscontainers.store.document.StructureResource;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * A container that a {@link ScalingController} is to scale: its name, and for each resource the bounds within which the
 * limit may move. Immutable; each method gives a new one.
 *
 * <pre>{@code
 * Container.named("web-1").cpuShares(50, 400).memoryMiB(256, 4096).boundary(Boundary.percentOfMax(10))
 * }</pre>
 */
public final class Container {
    /** A tenth of the way up to {@code max} between limit, upper and lower. */
    private static final Boundary USUAL_BOUNDARY = Boundary.percentOfMax(10);

    private record Bounds(long min, long max) {}

    private final String name;
    private final Boundary usual;
    private final Map<Resource, Bounds> bounds;
    private final Map<Resource, Boundary> boundaries;
    private final Set<Resource> neverDown;

    private Container(
            String name,
            Boundary usual,
            Map<Resource, Bounds> bounds,
            Map<Resource, Boundary> boundaries,
            Set<Resource> neverDown) {
        this.name = name;
        this.usual = usual;
        this.bounds = bounds;
        this.boundaries = boundaries;
        this.neverDown = neverDown;
    }

    /** A container by the name that its cgroup is found by, with no resource yet. */
    public static Container named(String name) {
        return new Container(Objects.requireNonNull(name, "name"), USUAL_BOUNDARY, Map.of(), Map.of(), Set.of());
    }

    /** CPU, in shares: 100 are one core. */
    public Container cpuShares(long min, long max) {
        return resource(Resource.CPU, min, max);
    }

    /** Memory, in MiB. */
    public Container memoryMiB(long min, long max) {
        return resource(Resource.MEMORY, min, max);
    }

    /**
     * Any resource, in its {@linkplain Resource#unit() unit}.
     *
     * @throws IllegalArgumentException unless {@code 1 ≤ min ≤ max}
     */
    public Container resource(Resource resource, long min, long max) {
        if (min < 1 || max < min) {
            throw new IllegalArgumentException("container '" + name + "': " + resource + " from " + min + " to " + max
                    + ", 1 ≤ min ≤ max is needed");
        }
        return new Container(name, usual, with(bounds, resource, new Bounds(min, max)), boundaries, neverDown);
    }

    /** The distance between limit, upper and lower for all resources that have none of their own; 10 % of max. */
    public Container boundary(Boundary boundary) {
        return new Container(name, usable(boundary), bounds, boundaries, neverDown);
    }

    /** The distance between limit, upper and lower for one resource. */
    public Container boundary(Resource resource, Boundary boundary) {
        return new Container(name, usual, bounds, with(boundaries, resource, usable(boundary)), neverDown);
    }

    /**
     * Rules may raise the limit of this resource, but never lower it: for a program that cannot live with less than it
     * once had. By hand, or because {@code max} is lowered, the limit still comes down.
     */
    public Container neverDown(Resource resource) {
        Set<Resource> more = EnumSet.of(resource);
        more.addAll(neverDown);
        return new Container(name, usual, bounds, boundaries, more);
    }

    /** The name. */
    public String name() {
        return name;
    }

    /** The structure document, with every resource guarded and the container itself not. */
    Structure structure() {
        Structure structure = Structure.of(name, Structure.Subtype.CONTAINER).withGuard(false);
        for (Map.Entry<Resource, Bounds> each : bounds.entrySet()) {
            StructureResource has = StructureResource.bounds(
                    each.getValue().min(), each.getValue().max(), true);
            structure = structure.withResource(
                    each.getKey(), neverDown.contains(each.getKey()) ? has.withNeverDown(true) : has);
        }
        return structure;
    }

    /** The limits document. */
    Limits limits() {
        Limits limits = Limits.of(name);
        for (Resource resource : bounds.keySet()) {
            limits = limits.withResource(resource, ResourceLimits.of(boundaries.getOrDefault(resource, usual)));
        }
        return limits;
    }

    private Boundary usable(Boundary boundary) {
        if (!boundary.isUsable()) {
            throw new IllegalArgumentException("container '" + name + "': boundary is " + boundary
                    + ", 0 or more is needed, and a percentage of at most 100");
        }
        return boundary;
    }

    private static <V> Map<Resource, V> with(Map<Resource, V> map, Resource resource, V value) {
        Map<Resource, V> changed = new EnumMap<>(Resource.class);
        changed.putAll(map);
        changed.put(resource, value);
        return changed;
    }
}

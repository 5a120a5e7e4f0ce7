package io.serverlesscontainers.core.spi;

import io.serverlesscontainers.store.document.Problem;
import io.serverlesscontainers.store.document.Resource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;

/**
 * The usages of one window, the kernel's signals beside them, and what was wrong with the structures that have none.
 * Immutable. What was not measured is absent, never 0.
 */
public final class Usages {
    private static final Usages NONE = new Builder().build();
    private static final int RESOURCES = Resource.values().length;

    private final Map<String, double[]> byStructure;
    private final Map<String, Signals[]> signals;
    private final List<Problem> problems;

    private Usages(Map<String, double[]> byStructure, Map<String, Signals[]> signals, List<Problem> problems) {
        this.byStructure = byStructure;
        this.signals = signals;
        this.problems = List.copyOf(problems);
    }

    /** Nothing measured, nothing wrong. */
    public static Usages none() {
        return NONE;
    }

    /** An empty builder. */
    public static Builder builder() {
        return new Builder();
    }

    /** The mean usage over the window in the resource's unit; empty if there was no sample. */
    public OptionalDouble of(String structure, Resource resource) {
        double usage = orNaN(structure, resource);
        return Double.isNaN(usage) ? OptionalDouble.empty() : OptionalDouble.of(usage);
    }

    /** The same as a bare number, {@link Double#NaN} if there was no sample; for loops over many structures. */
    public double orNaN(String structure, Resource resource) {
        double[] usages = byStructure.get(structure);
        return usages == null ? Double.NaN : usages[resource.ordinal()];
    }

    /** What the kernel says about the resource over the window; {@link Signals#NONE} where nothing is known. */
    public Signals signals(String structure, Resource resource) {
        Signals[] told = signals.get(structure);
        return told == null || told[resource.ordinal()] == null ? Signals.NONE : told[resource.ordinal()];
    }

    /** How many structures have at least one usage. */
    public int structures() {
        return byStructure.size();
    }

    /** Why some structures have none: one sentence each. A structure that is merely new is no problem. */
    public List<Problem> problems() {
        return problems;
    }

    /** Collects usages; for one thread, and one result. */
    public static final class Builder {
        private final Map<String, double[]> byStructure = new HashMap<>();
        private final Map<String, Signals[]> signals = new HashMap<>();
        private final List<Problem> problems = new ArrayList<>();

        private Builder() {}

        /**
         * Notes a usage.
         *
         * @throws IllegalArgumentException if it is negative, infinite or no number
         */
        public Builder add(String structure, Resource resource, double usage) {
            if (!(usage >= 0) || Double.isInfinite(usage)) {
                throw new IllegalArgumentException(resource + " usage of '" + structure + "' is " + usage
                        + ", a finite number from 0 on is needed");
            }
            double[] usages = byStructure.get(structure);
            if (usages == null) {
                usages = new double[RESOURCES];
                Arrays.fill(usages, Double.NaN);
                byStructure.put(structure, usages);
            }
            usages[resource.ordinal()] = usage;
            return this;
        }

        /** Notes what the kernel says; without a usage of the same resource nobody decides by it. */
        public Builder signals(String structure, Resource resource, Signals told) {
            signals.computeIfAbsent(structure, name -> new Signals[RESOURCES])[resource.ordinal()] =
                    Objects.requireNonNull(told, "signals");
            return this;
        }

        /** Notes why a structure has no usage. */
        public Builder problem(Problem problem) {
            problems.add(problem);
            return this;
        }

        /** The usages noted so far; the builder must not be used afterwards. */
        public Usages build() {
            return new Usages(byStructure, signals, problems);
        }
    }
}

package io.serverlesscontainers.examples.ctl;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Objects;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** What a container may have of CPU and memory. */
final class ResourceOptions {
    @Option(names = "--cpu-max", paramLabel = "SHARES", description = "The most CPU it may have; 100 are one core.")
    private Long cpuMax;

    @Option(names = "--cpu-min", paramLabel = "SHARES", description = "The CPU that it always keeps.")
    private Long cpuMin;

    @Option(names = "--cpu-current", paramLabel = "SHARES", description = "The CPU that it begins with.")
    private Long cpuCurrent;

    @Option(
            names = "--cpu-boundary",
            paramLabel = "SHARES",
            description = "How far limit and thresholds are apart, or how many per cent of --boundary-type.")
    private Long cpuBoundary;

    @Option(names = "--memory-max", paramLabel = "MIB", description = "The most memory it may have.")
    private Long memoryMax;

    @Option(names = "--memory-min", paramLabel = "MIB", description = "The memory that it always keeps.")
    private Long memoryMin;

    @Option(names = "--memory-current", paramLabel = "MIB", description = "The memory that it begins with.")
    private Long memoryCurrent;

    @Option(names = "--memory-boundary", paramLabel = "MIB", description = "As --cpu-boundary, for memory.")
    private Long memoryBoundary;

    @Option(
            names = "--boundary-type",
            paramLabel = "TYPE",
            description = "percentage_of_max or percentage_of_current; without it boundaries are amounts.")
    private String boundaryType;

    /** Whether anything was said. */
    boolean areGiven() {
        return boundaryType != null
                || Stream.of(
                                cpuMax,
                                cpuMin,
                                cpuCurrent,
                                cpuBoundary,
                                memoryMax,
                                memoryMin,
                                memoryCurrent,
                                memoryBoundary)
                        .anyMatch(Objects::nonNull);
    }

    /** Writes what was said, and nothing else. */
    void write(ObjectNode resources, ObjectNode limits) {
        write("cpu", resources, limits, cpuMax, cpuMin, cpuCurrent, cpuBoundary);
        write("mem", resources, limits, memoryMax, memoryMin, memoryCurrent, memoryBoundary);
    }

    private void write(
            String name, ObjectNode resources, ObjectNode limits, Long max, Long min, Long current, Long boundary) {
        if (max == null && min == null && current == null && boundary == null) {
            return;
        }
        ObjectNode resource = resources.putObject(name);
        put(resource, "max", max);
        put(resource, "min", min);
        put(resource, "current", current);
        resource.put("guard", true);
        if (boundary != null) {
            ObjectNode limit = limits.putObject(name).put("boundary", boundary);
            if (boundaryType != null) {
                limit.put("boundary_type", boundaryType);
            }
        }
    }

    private static void put(ObjectNode resource, String field, Long value) {
        if (value != null) {
            resource.put(field, value);
        }
    }
}

package io.serverlesscontainers.examples.quickstart;

import io.serverlesscontainers.examples.quickstart.workload.Timetable;
import java.nio.file.Path;
import java.util.Objects;

/**
 * What a quickstart is asked to do.
 *
 * @param timetable how long, and how often the policy looks
 * @param driver what the containers are made of
 * @param plot where to draw, as one name for all containers
 */
public record QuickstartOptions(Timetable timetable, DriverChoice driver, Path plot) {
    private static final String SUFFIX = ".svg";

    /** Refuses missing parts. */
    public QuickstartOptions {
        Objects.requireNonNull(timetable, "timetable");
        Objects.requireNonNull(driver, "driver");
        Objects.requireNonNull(plot, "plot");
    }

    /** The file of one container: its name is put before the suffix, {@code run.svg} becomes {@code run-cont0.svg}. */
    public Path plotOf(String container) {
        String name = plot.getFileName().toString();
        String stem = name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
        return plot.resolveSibling(stem + "-" + container + SUFFIX);
    }
}

package io.serverlesscontainers.examples.quickstart;

import io.serverlesscontainers.examples.quickstart.workload.Timetable;
import java.nio.file.Path;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * What a quickstart is asked to do.
 *
 * @param timetable how long, and how often the policy looks
 * @param driver what the containers are made of
 * @param plot where to draw, as one name for all containers
 * @param port where a page shows the run while it goes on, 0 for any free one; empty for no page
 */
public record QuickstartOptions(Timetable timetable, DriverChoice driver, Path plot, OptionalInt port) {
    private static final String SUFFIX = ".svg";
    private static final int MOST_PORT = 65_535;

    /** Refuses missing parts, and a port that is none. */
    public QuickstartOptions {
        Objects.requireNonNull(timetable, "timetable");
        Objects.requireNonNull(driver, "driver");
        Objects.requireNonNull(plot, "plot");
        port.ifPresent(QuickstartOptions::checkPort);
    }

    /** The file of one container: its name is put before the suffix, {@code run.svg} becomes {@code run-cont0.svg}. */
    public Path plotOf(String container) {
        String name = plot.getFileName().toString();
        String stem = name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
        return plot.resolveSibling(stem + "-" + container + SUFFIX);
    }

    private static void checkPort(int port) {
        if (port < 0 || port > MOST_PORT) {
            throw new IllegalArgumentException("--port " + port + " is outside 0 to " + MOST_PORT);
        }
    }
}

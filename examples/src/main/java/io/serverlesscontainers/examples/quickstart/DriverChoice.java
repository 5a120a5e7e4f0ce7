package io.serverlesscontainers.examples.quickstart;

import java.util.Locale;

/** What the containers of a quickstart are made of. */
public enum DriverChoice {
    /** Real cgroups if this host allows it, else simulated. */
    AUTO,
    /** Plain cgroups. */
    CGROUP,
    /** LXC containers. */
    LXC,
    /** No real container at all: a simulated host. */
    SIMULATED;

    /** The word on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}

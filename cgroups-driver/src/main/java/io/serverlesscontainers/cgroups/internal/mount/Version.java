package io.serverlesscontainers.cgroups.internal.mount;

/** The two generations of cgroups. */
public enum Version {
    /** A hierarchy for each controller, or a few of them. */
    V1,
    /** One hierarchy for all controllers. */
    V2
}

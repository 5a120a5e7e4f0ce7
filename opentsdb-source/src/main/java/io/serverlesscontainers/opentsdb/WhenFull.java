package io.serverlesscontainers.opentsdb;

/** What an {@link OpenTsdbWriter} does with more points than may wait. */
public enum WhenFull {
    /** {@link OpenTsdbWriter#write} returns once there is room for all. */
    WAIT,
    /** The points that have waited longest are given up, and counted. */
    DROP_OLDEST
}

package io.serverlesscontainers.cgroups.internal.controller;

/** Counts how one container was held back in one resource. */
public interface SignalCounter {
    /** The counts now. */
    SignalCounts counts();

    /** Changes when the counts have become another one's, under the same name. */
    int openings();
}

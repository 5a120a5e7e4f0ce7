package io.serverlesscontainers.core;

/** How far a controller goes. */
public enum Mode {
    /** Measures usage and keeps accounts; decides nothing. */
    OBSERVE,
    /** Decides and says why; writes neither state nor limits. */
    DRY_RUN,
    /** Decides, and moves the limits. */
    ENFORCE
}

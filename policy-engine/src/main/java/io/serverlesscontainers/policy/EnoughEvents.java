package io.serverlesscontainers.policy;

/**
 * How many events are enough to move a limit one way. One window above a threshold is no trend, so a limit moves only
 * after {@code needed} of them; and where usage crosses both thresholds all the time, it had better stay, so too many
 * events of the other direction hold it.
 *
 * @param needed live events of the direction, at least; 1 or more
 * @param opposingTolerated live events of the other direction, at most; 0 or more
 */
public record EnoughEvents(int needed, int opposingTolerated) {
    /** Refuses numbers with which a limit would move without an event, or never. */
    public EnoughEvents {
        if (needed < 1) {
            throw new IllegalArgumentException("events needed is " + needed + ", 1 or more is needed");
        }
        if (opposingTolerated < 0) {
            throw new IllegalArgumentException(
                    "opposing events tolerated is " + opposingTolerated + ", 0 or more is needed");
        }
    }
}

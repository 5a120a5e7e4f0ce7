package io.serverlesscontainers.core.scaler;

import java.time.Duration;
import java.util.Objects;

/**
 * How a Scaler works. Immutable; the {@code with…} methods change one setting.
 *
 * @param requestTimeout how long a request is good for; more than 0
 * @param leavesDrift whether the state keeps its word on a limit that somebody else has changed, because a {@link
 *     io.serverlesscontainers.core.snapshot.StructureSnapshoter} restores it; requests for it are dropped until then
 * @param hostsAtOnce how many hosts are worked on at the same time, 1 or more; with 1 the thread that polls does all
 * @param hostPatience how long a poll waits for its hosts, where there are several at once; more than 0. A host that takes
 *     longer goes on beside the next polls, which leave it alone
 * @param usageWindow the span over which the containers of an application are compared before a request for it is divided
 *     among them; more than 0
 * @param usageDelay how long ago that span ends: as long as samples take to arrive; 0 or more
 * @param checksAccounts whether each poll compares what the state says of each host, its core map included, with its
 *     containers' limits, and puts it right; else that is done when a limit moves, or when what is free does not add up
 */
public record ScalerSettings(
        Duration requestTimeout,
        boolean leavesDrift,
        int hostsAtOnce,
        Duration hostPatience,
        Duration usageWindow,
        Duration usageDelay,
        boolean checksAccounts) {

    /** Refuses spans that are too short. */
    public ScalerSettings {
        requirePositive("request timeout", requestTimeout);
        requirePositive("patience with hosts", hostPatience);
        requirePositive("usage window", usageWindow);
        if (usageDelay.isNegative()) {
            throw new IllegalArgumentException("the usage delay is " + usageDelay + ", 0 or more is needed");
        }
        if (hostsAtOnce < 1) {
            throw new IllegalArgumentException(
                    "the number of hosts at once is " + hostsAtOnce + ", 1 or more is needed");
        }
    }

    private static void requirePositive(String what, Duration span) {
        Objects.requireNonNull(span, what);
        if (span.isNegative() || span.isZero()) {
            throw new IllegalArgumentException("the " + what + " is " + span + ", more than 0 is needed");
        }
    }

    /** The stock values: requests are good for 30 seconds, one host at a time, 10-second windows that end 10 seconds ago. */
    public static ScalerSettings stock() {
        return new ScalerSettings(
                Duration.ofSeconds(30),
                false,
                1,
                Duration.ofSeconds(5),
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                false);
    }

    /** The same with another request timeout. */
    public ScalerSettings withRequestTimeout(Duration timeout) {
        return new ScalerSettings(
                timeout, leavesDrift, hostsAtOnce, hostPatience, usageWindow, usageDelay, checksAccounts);
    }

    /** The same, with drift left to somebody else or not. */
    public ScalerSettings withDriftLeft(boolean left) {
        return new ScalerSettings(
                requestTimeout, left, hostsAtOnce, hostPatience, usageWindow, usageDelay, checksAccounts);
    }

    /** The same with so many hosts at once, each poll waiting so long for them. */
    public ScalerSettings withHostsAtOnce(int hosts, Duration patience) {
        return new ScalerSettings(
                requestTimeout, leavesDrift, hosts, patience, usageWindow, usageDelay, checksAccounts);
    }

    /** The same, comparing usage over another window that ends {@code delay} ago. */
    public ScalerSettings withUsage(Duration window, Duration delay) {
        return new ScalerSettings(
                requestTimeout, leavesDrift, hostsAtOnce, hostPatience, window, delay, checksAccounts);
    }

    /** The same, with hosts' accounts checked in each poll or not. */
    public ScalerSettings withAccountsChecked(boolean checked) {
        return new ScalerSettings(
                requestTimeout, leavesDrift, hostsAtOnce, hostPatience, usageWindow, usageDelay, checked);
    }
}

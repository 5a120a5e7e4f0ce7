package io.serverlesscontainers.core.sanity;

import java.time.Duration;

/**
 * How a {@link SanityChecker} works. Immutable; the {@code with…} methods change one setting.
 *
 * @param delay the time between two checks ({@code DELAY}); more than 0
 * @param eventTimeout how long an event counts for the Guardian ({@code EVENT_TIMEOUT}); more than 0
 * @param requestTimeout how long a request counts for the Scaler ({@code REQUEST_TIMEOUT}); more than 0
 * @param heals whether what is safe to put right is put right
 */
public record SanityCheckerSettings(Duration delay, Duration eventTimeout, Duration requestTimeout, boolean heals) {
    /** Refuses spans that are too short. */
    public SanityCheckerSettings {
        requirePositive("delay", delay);
        requirePositive("event timeout", eventTimeout);
        requirePositive("request timeout", requestTimeout);
    }

    private static void requirePositive(String what, Duration span) {
        if (span.isNegative() || span.isZero()) {
            throw new IllegalArgumentException("the " + what + " is " + span + ", more than 0 is needed");
        }
    }

    /** The stock values: every 30 seconds; events count for 100 seconds and requests for 30; what is safe is healed. */
    public static SanityCheckerSettings stock() {
        return new SanityCheckerSettings(Duration.ofSeconds(30), Duration.ofSeconds(100), Duration.ofSeconds(30), true);
    }

    /** The same with another time between two checks. */
    public SanityCheckerSettings withDelay(Duration newDelay) {
        return new SanityCheckerSettings(newDelay, eventTimeout, requestTimeout, heals);
    }

    /** The same with other timeouts of events and requests, those of the Guardian and the Scaler. */
    public SanityCheckerSettings withTimeouts(Duration events, Duration requests) {
        return new SanityCheckerSettings(delay, events, requests, heals);
    }

    /** The same, only telling or also healing. */
    public SanityCheckerSettings withHealing(boolean wanted) {
        return new SanityCheckerSettings(delay, eventTimeout, requestTimeout, wanted);
    }
}

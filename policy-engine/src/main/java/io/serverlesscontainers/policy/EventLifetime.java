package io.serverlesscontainers.policy;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;

/**
 * How long events count, and so of how many windows at once.
 *
 * @param window how far apart windows are; more than 0
 * @param timeout how long an event counts; more than 0
 */
record EventLifetime(Duration window, Duration timeout) {
    EventLifetime {
        if (window.isNegative() || window.isZero()) {
            throw new IllegalArgumentException("the window is " + window + ", more than 0 is needed");
        }
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("the event timeout is " + timeout + ", more than 0 is needed");
        }
    }

    /**
     * The events of how many windows can be alive in one of them, its own included. Events carry whole seconds, so one is
     * alive for up to a second longer than the timeout: the n-th window after it still sees it where
     * {@code n × window < ⌊timeout⌋ + 1 s}.
     */
    BigDecimal windowsAlive() {
        return BigDecimal.valueOf(timeout.getSeconds())
                .add(BigDecimal.ONE)
                .divide(seconds(window), 0, RoundingMode.CEILING);
    }

    /** Window and timeout in a sentence. */
    @Override
    public String toString() {
        return "a window is " + shown(window) + ", and an event counts for " + shown(timeout);
    }

    private static String shown(Duration span) {
        return seconds(span).stripTrailingZeros().toPlainString() + " s";
    }

    private static BigDecimal seconds(Duration span) {
        return BigDecimal.valueOf(span.getSeconds()).add(BigDecimal.valueOf(span.getNano(), 9));
    }
}

package io.serverlesscontainers.core.guardian;

import io.serverlesscontainers.core.spi.ResourceState;
import io.serverlesscontainers.store.document.Rescale;
import java.math.BigDecimal;

/**
 * By how much a rule moves a limit, before it is trimmed (design, section 4, step 5). With {@code trunc} cutting towards
 * zero, all in the resource's unit:
 *
 * <pre>
 *   amount        the rule's amount
 *   fit_to_usage  trunc(usage + max(trunc(margin / 2), 1) + margin) − current
 *   proportional  trunc(min((usage − upper) / (current − upper), 1) × amount)
 * </pre>
 *
 * <p>Fitting places the new limit so that usage lies half a margin below the new upper threshold, and so half a margin
 * above the new lower one. Proportional gives the whole amount at the limit and nothing at the upper threshold; below it
 * the amount changes its sign.
 */
final class RescaleAmount {
    private RescaleAmount() {}

    static long of(Rescale rescale, ResourceState state) {
        return switch (rescale.policy()) {
            case AMOUNT -> bounded(rescale.amount());
            case FIT_TO_USAGE -> fitToUsage(state.usage(), state.margin(), state.current());
            case PROPORTIONAL -> proportional(state, bounded(rescale.amount()));
        };
    }

    static long fitToUsage(double usage, long margin, long current) {
        long headroom = Math.max(margin / 2, 1) + margin;
        // Cut before adding: a double loses the digits behind the point when a large whole number is added.
        return bounded((long) Math.min(usage, Chain.GREATEST) + headroom) - current;
    }

    /** In decimal numbers: 0.29 of 100 is 28 in doubles. */
    private static long proportional(ResourceState state, long amount) {
        BigDecimal whole = BigDecimal.valueOf(state.current() - state.upper());
        BigDecimal above = new BigDecimal(state.usage()).subtract(BigDecimal.valueOf(state.upper()));
        return above.min(whole)
                .multiply(BigDecimal.valueOf(amount))
                .divideToIntegralValue(whole)
                .max(BigDecimal.valueOf(-Chain.GREATEST))
                .min(BigDecimal.valueOf(Chain.GREATEST))
                .longValue();
    }

    private static long bounded(long amount) {
        return Math.max(-Chain.GREATEST, Math.min(Chain.GREATEST, amount));
    }
}

package io.serverlesscontainers.core.guardian;

import io.serverlesscontainers.core.spi.ResourceState;
import io.serverlesscontainers.store.document.Rescale;
import java.math.BigDecimal;

/**
 * By how much a rule moves a limit, before it is trimmed (design, section 4, step 5). Usage, thresholds, margin and
 * amounts are in the resource's {@linkplain io.serverlesscontainers.store.document.Resource#unit() unit}. All but usage
 * are whole numbers, and {@code trunc} cuts towards zero:
 *
 * <pre>
 *   amount        the rule's amount
 *   fit_to_usage  trunc(usage + max(trunc(margin / 2), 1) + margin) − current
 *   proportional  trunc(min((usage − upper) / (current − upper), 1) × amount)
 * </pre>
 *
 * <p>Fitting places the new limit so that usage lies half a margin below the new upper threshold, and so half a margin
 * above the new lower one. Where usage is nearer to the limit than a margin and a half, or above it, the limit goes up.
 * With a margin of less than 4 there is no room for a half, and usage may come to lie on a threshold. The margin is that
 * of the limit now; a boundary in percent of {@code current} gives the new limit another one.
 *
 * <p>Proportional gives nothing at the upper threshold, the whole amount at the limit, and no more than that above it.
 * Below upper the amount changes its sign and may be greater than the rule's: at usage 0 it is {@code −upper / margin}
 * times as much. The divisor is the margin, and so at least 1.
 *
 * <p>What is beyond {@link Chain#GREATEST} either way, usage included, counts as that.
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

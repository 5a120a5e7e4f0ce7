package io.serverlesscontainers.core.guardian;

import io.serverlesscontainers.core.spi.ResourceState;

/**
 * Trims an amount so that the limit stays within the structure's bounds (design, section 4, step 6):
 *
 * <pre>
 *   lower + amount &lt; min    →  amount = min − lower
 *   current + amount &gt; max  →  amount = max − current
 * </pre>
 *
 * <p>So the limit comes down to {@code min + 2 × margin} at the lowest, where {@code lower} meets {@code min}. The second
 * line is applied last: where the margins are so wide that both cannot hold, {@code max} does.
 */
final class AmountTrim {
    private AmountTrim() {}

    /** What is left of an amount; 0 if nothing is. */
    static long trim(long amount, ResourceState state) {
        long kept = Math.max(amount, state.min() - state.lower());
        return Math.min(kept, state.max() - state.current());
    }
}

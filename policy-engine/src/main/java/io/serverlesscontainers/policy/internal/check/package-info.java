/**
 * What can be said of conditions before there are facts: whether one can hold at all, whether two can hold at once. Not
 * for use from outside.
 *
 * <p>A condition is taken for the {@linkplain io.serverlesscontainers.policy.internal.check.Comparison comparisons} in
 * it that say how far two quantities are apart, and these for a system of
 * {@linkplain io.serverlesscontainers.policy.internal.check.Differences differences}. Whatever else is in it is taken
 * for possible, so that "cannot hold" is always true, and examples are evaluated, so that "can hold" is, too.
 */
package io.serverlesscontainers.policy.internal.check;

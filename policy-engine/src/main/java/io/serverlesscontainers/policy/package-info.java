/**
 * The scaling policy as Drools rules, for whoever wants the serverless policy ready made
 * ({@link io.serverlesscontainers.policy.DroolsScalingPolicy#serverless()}), writes rule documents of their own
 * ({@link io.serverlesscontainers.policy.DroolsScalingPolicy#ofDocuments}), or writes rules of their own in DRL
 * ({@link io.serverlesscontainers.policy.DrlPolicy}). The serverless policy can be read in {@code serverless.drl} beside
 * the classes.
 *
 * <h2>Rules in DRL</h2>
 *
 * A rule may use
 *
 * <ul>
 *   <li>{@link io.serverlesscontainers.core.spi.ResourceState}: all of the window, where events are looked for. For each
 *       that a rule holds for it makes an {@link io.serverlesscontainers.core.spi.EventRule}, or takes one from a global,
 *       and tells {@code firings} of both;
 *   <li>{@link io.serverlesscontainers.core.spi.EventTally}: all of the window, where requests are decided on, with
 *       {@link io.serverlesscontainers.core.spi.RequestRule} accordingly. The state is in the tally, as {@code state};
 *   <li>the global {@code firings}, a {@link io.serverlesscontainers.core.spi.ScalingPolicy.Firings}, which it must
 *       declare;
 *   <li>globals that the policy was given;
 *   <li>all of the language: joins, {@code not}, {@code accumulate}, {@code salience}, facts of its own that other rules
 *       build on. They live as long as the window's session. Facts of the window are immutable, and not to be updated.
 * </ul>
 *
 * States and tallies are never there at once, so a rule that asks for none of one kind should hold something of it first,
 * as this one does:
 *
 * <pre>{@code
 * package my.policy
 *
 * import io.serverlesscontainers.core.spi.EventTally
 * import io.serverlesscontainers.core.spi.RequestRule
 * import io.serverlesscontainers.core.spi.ScalingPolicy.Firings
 * import io.serverlesscontainers.store.document.Rescale
 *
 * global Firings firings
 *
 * rule "down while all are calm"
 * when
 *     $tally : EventTally( down >= 4 )
 *     not EventTally( up > 0 )
 * then
 *     firings.fired($tally, new RequestRule("down while all are calm", $tally.resource(), Rescale.fitToUsage(), 4, 0));
 * end
 * }</pre>
 */
package io.serverlesscontainers.policy;

/**
 * The scaling policy as Drools rules, for whoever wants the serverless policy ready made
 * ({@link io.serverlesscontainers.policy.DroolsScalingPolicy#serverless()}), writes rule documents of their own
 * ({@link io.serverlesscontainers.policy.DroolsScalingPolicy#ofDocuments}), or writes rules of their own in DRL
 * ({@link io.serverlesscontainers.policy.DrlPolicy}). The serverless policy can be read in {@code serverless.drl} beside
 * the classes. {@link io.serverlesscontainers.policy.RuleSetCheck} says what is wrong with a
 * set of documents before it decides anything.
 *
 * <h2>What a rule document may read</h2>
 *
 * <p>Its condition is JSON logic, as on <a href="https://jsonlogic.com">jsonlogic.com</a>, without {@code log}'s printing
 * and with a failure where a number is divided by zero. Where it stands for a resource, here {@code cpu}, it may read
 *
 * <table>
 *   <caption>Variables</caption>
 *   <tr><th>rules that generate</th><th>variable</th><th>what it is</th></tr>
 *   <tr><td>events</td><td>{@code cpu.structure.cpu.usage}</td><td>mean usage over the window</td></tr>
 *   <tr><td></td><td>{@code cpu.structure.cpu.current}, {@code .max}, {@code .min}</td><td>the limit and its bounds</td></tr>
 *   <tr><td></td><td>{@code cpu.limits.cpu.upper}, {@code .lower}, {@code .boundary}</td><td>thresholds, and the boundary as
 *     configured</td></tr>
 *   <tr><td></td><td>{@code cpu.structure.cpu.throttled}, {@code .pressure_some}, {@code .pressure_full}</td><td>shares from 0
 *     to 1; see {@link io.serverlesscontainers.core.spi.Signals}</td></tr>
 *   <tr><td></td><td>{@code cpu.structure.cpu.oom_kills}, {@code .limit_hits}</td><td>counts in the window; as above</td></tr>
 *   <tr><td>requests</td><td>{@code events.scale.up}, {@code events.scale.down}</td><td>sums of live events of the
 *     resource</td></tr>
 * </table>
 *
 * <p>All but the counts are in the resource's unit, and numbers up to 2⁵³ are exact.
 *
 * <h2>Rules that change</h2>
 *
 * <p>Rule documents may change while windows run: by hand with
 * {@link io.serverlesscontainers.policy.ReloadablePolicy#replace}, or by themselves as those of a store change:
 *
 * <pre>{@code
 * var policy = StoredRulesPolicy.following(store, executor, problem -> LOG.warn("{}", problem));
 * }</pre>
 *
 * <p>A new version decides whole windows, from the first one after it was read and built on. A document that is refused in
 * its new version stays in force in its last good one until it is mended, set inactive or removed.
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
 *
 * <h2>How rules are evaluated</h2>
 *
 * <p>Each document becomes a Drools rule, with one constraint for each expression that its top-level {@code and} joins. In
 * front of Drools stands a decision cache: it evaluates all constraints of a resource in one loop over the facts, and asks
 * Drools once for each combination of constraints that hold. A set of rules of which it is not known what they ask goes to
 * Drools fact by fact. {@link io.serverlesscontainers.policy.Evaluation} tells which way was taken, and
 * {@link io.serverlesscontainers.policy.DroolsScalingPolicy#uncached} makes the same policy without the cache.
 */
package io.serverlesscontainers.policy;

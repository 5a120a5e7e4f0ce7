/**
 * The scaling policy as Drools rules, for whoever wants the serverless policy ready made
 * ({@link io.serverlesscontainers.policy.DroolsScalingPolicy#serverless()}) or writes rule documents of their own
 * ({@link io.serverlesscontainers.policy.DroolsScalingPolicy#ofDocuments}). The serverless policy can be read in
 * {@code serverless.drl} beside the classes.
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
 */
package io.serverlesscontainers.policy;

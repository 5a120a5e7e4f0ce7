/**
 * The scaling policy as Drools rules, for whoever wants the serverless policy ready made
 * ({@link io.serverlesscontainers.policy.DroolsScalingPolicy#serverless()}) or writes rule documents of their own
 * ({@link io.serverlesscontainers.policy.DroolsScalingPolicy#ofDocuments}). The serverless policy can be read in
 * {@code serverless.drl} beside the classes.
 */
package io.serverlesscontainers.policy;

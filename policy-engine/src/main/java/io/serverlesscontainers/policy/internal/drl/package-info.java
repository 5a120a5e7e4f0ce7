/**
 * Rules that are written in the rule engine's own language: the serverless policy, which is compiled when this module is
 * built, and trusted text of somebody's own, which a
 * {@link io.serverlesscontainers.policy.internal.drl.DrlCompiler} compiles at run time and a
 * {@link io.serverlesscontainers.policy.internal.drl.WholeWindow} runs. Only {@code DrlBuild} and {@code DrlErrors} touch
 * the DRL compiler, which is not always there.
 */
package io.serverlesscontainers.policy.internal.drl;

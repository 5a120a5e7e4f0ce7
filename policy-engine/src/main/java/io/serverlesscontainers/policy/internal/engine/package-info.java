/**
 * How rules are evaluated: the rule engine, and the decision cache in front of it.
 *
 * <p>A {@link io.serverlesscontainers.policy.internal.engine.RuleEngine} runs Drools sessions and is the measure of all
 * things. A {@link io.serverlesscontainers.policy.internal.engine.DecisionCache} asks it once for each combination of
 * constraints that hold, and remembers the answer.
 */
package io.serverlesscontainers.policy.internal.engine;

/** Rules that are written in the rule engine's own language. */
package io.serverlesscontainers.policy.internal.drl;

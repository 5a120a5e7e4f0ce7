/** Rule documents: read, gathered by resource and by what they look at, and compiled into rules of the rule engine. */
package io.serverlesscontainers.policy.internal.document;

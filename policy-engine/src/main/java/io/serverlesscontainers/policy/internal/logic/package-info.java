/** JSON logic, the language of conditions in rule documents: text to tree to function. Not for use from outside. */
package io.serverlesscontainers.policy.internal.logic;

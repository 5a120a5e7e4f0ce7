/** Every decision as a record that explains it: what was seen, what held, what was done, and why not more. */
package io.serverlesscontainers.core.decision;

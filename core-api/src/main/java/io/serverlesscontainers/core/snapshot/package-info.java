/** What is true in the kernel, carried back into the state. */
package io.serverlesscontainers.core.snapshot;

/** What is true in the kernel, carried back into the state; and what the state says, carried into time series. */
package io.serverlesscontainers.core.snapshot;

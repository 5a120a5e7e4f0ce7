/**
 * From requests to limits: the {@link io.serverlesscontainers.core.scaler.Scaler}, and what it keeps account of:
 * {@link io.serverlesscontainers.core.scaler.HostAccounting} for what a host has free, {@link
 * io.serverlesscontainers.core.scaler.CoreMap} for who runs on which core.
 */
package io.serverlesscontainers.core.scaler;

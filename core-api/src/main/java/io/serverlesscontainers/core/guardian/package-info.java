/**
 * From usage to requests: the {@link io.serverlesscontainers.core.guardian.Guardian} and the arithmetic of its window,
 * one class per step: {@link io.serverlesscontainers.core.guardian.Chain} repairs,
 * {@link io.serverlesscontainers.core.guardian.EventLedger} counts, {@link
 * io.serverlesscontainers.core.guardian.RescaleAmount} computes, {@link
 * io.serverlesscontainers.core.guardian.AmountTrim} trims, {@link io.serverlesscontainers.core.guardian.Cooldowns} lets
 * rest.
 */
package io.serverlesscontainers.core.guardian;

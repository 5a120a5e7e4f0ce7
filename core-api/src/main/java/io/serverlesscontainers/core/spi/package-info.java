/**
 * For whoever connects this project to another kernel, another source of usage or another policy: the three interfaces
 * {@link io.serverlesscontainers.core.spi.MetricSource}, {@link io.serverlesscontainers.core.spi.CgroupDriver} and
 * {@link io.serverlesscontainers.core.spi.ScalingPolicy}, and the records that go through them. Each interface has a
 * contract kit in the {@code tck} jar.
 */
package io.serverlesscontainers.core.spi;

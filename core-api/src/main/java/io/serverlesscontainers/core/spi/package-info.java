/**
 * For whoever connects this project to another kernel, another source of usage, another policy or another place for history:
 * the four interfaces {@link io.serverlesscontainers.core.spi.MetricSource},
 * {@link io.serverlesscontainers.core.spi.CgroupDriver}, {@link io.serverlesscontainers.core.spi.ScalingPolicy} and
 * {@link io.serverlesscontainers.core.spi.TimeSeriesWriter}, and the records that go through them. Each interface has a
 * contract kit in the {@code tck} jar.
 */
package io.serverlesscontainers.core.spi;

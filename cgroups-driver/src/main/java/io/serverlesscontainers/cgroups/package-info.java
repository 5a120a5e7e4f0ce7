/**
 * Limits and usage of containers, straight from the kernel: {@link io.serverlesscontainers.cgroups.Cgroups} is the way
 * in. Beneath {@code internal} there is one class per controller in {@code v1} and {@code v2}, named after it, and one
 * per container engine in {@code lookup}.
 */
package io.serverlesscontainers.cgroups;

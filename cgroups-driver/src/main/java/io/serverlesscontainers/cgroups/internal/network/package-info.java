/** How much one container sends and receives: counted in {@code /proc}, limited by token buckets. */
package io.serverlesscontainers.cgroups.internal.network;

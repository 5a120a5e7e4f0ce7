/** From a container's name to its cgroups: what a name may be, and one class per engine that knows where it is. */
package io.serverlesscontainers.cgroups.internal.lookup;

/**
 * From a container's name to its cgroups: what a name may be, one class per engine that knows where it is, and the walk
 * that finds those whose place the name does not tell.
 */
package io.serverlesscontainers.cgroups.internal.lookup;

/** Where cgroups are mounted on a machine, and which controller works where. */
package io.serverlesscontainers.cgroups.internal.mount;

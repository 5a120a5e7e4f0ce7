/** How a limit is moved without harm: in which order, how far, and what is read back. */
package io.serverlesscontainers.cgroups.internal.limit;

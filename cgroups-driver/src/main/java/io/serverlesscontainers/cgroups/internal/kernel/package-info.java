/** Files of the kernel: the C library's calls, held descriptors, and paths that cannot lead anywhere else. */
package io.serverlesscontainers.cgroups.internal.kernel;

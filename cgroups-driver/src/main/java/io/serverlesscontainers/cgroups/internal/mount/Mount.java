package io.serverlesscontainers.cgroups.internal.mount;

import java.util.Set;

/**
 * One mounted cgroup file system.
 *
 * @param version 1 or 2
 * @param root the cgroup that is visible at the mount point; {@code /} unless only a part is mounted
 * @param mountPoint where it is mounted
 * @param controllers of version 1: the controllers it is mounted with; of version 2: empty, its root says which
 */
record Mount(Version version, String root, String mountPoint, Set<String> controllers) {}

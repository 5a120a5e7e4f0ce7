package io.serverlesscontainers.cgroups.internal.v2;

/** One way to have the kernel take memory back. */
interface Reclaim {
    /**
     * Asks for some memory, once.
     *
     * @param bytes how much, more than 0
     * @param charged how much is charged now
     * @return whether the kernel says that it took all of it, as far as it says so at all
     */
    boolean some(long bytes, long charged);
}

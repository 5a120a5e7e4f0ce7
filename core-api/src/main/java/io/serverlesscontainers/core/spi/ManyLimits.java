package io.serverlesscontainers.core.spi;

import java.util.Map;

/**
 * The limits of several containers, asked for at once. Immutable.
 *
 * @param found by the containers' names
 * @param failed why others could not be read, by their names
 */
public record ManyLimits(Map<String, ContainerLimits> found, Map<String, CgroupException> failed) {
    /** Copies the maps. */
    public ManyLimits {
        found = Map.copyOf(found);
        failed = Map.copyOf(failed);
    }
}

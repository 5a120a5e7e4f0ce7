package io.serverlesscontainers.core.snapshot;

import io.serverlesscontainers.store.document.Resource;
import java.util.OptionalLong;

/**
 * A limit that was not what the state said: somebody else has changed it.
 *
 * @param container the container's name
 * @param resource the resource
 * @param expected the limit by the state, in the resource's unit
 * @param found the limit in the kernel; empty if there is none
 */
public record Drift(String container, Resource resource, long expected, OptionalLong found) {
    /** The same as a sentence. */
    public String sentence() {
        return "container '" + container + "': " + resource + " limit is "
                + (found.isPresent() ? found.getAsLong() + " " + resource.unit() : "lifted") + ", the state says "
                + expected;
    }
}

package io.serverlesscontainers.core.spi;

import io.serverlesscontainers.store.document.Rescale;
import io.serverlesscontainers.store.document.Resource;
import java.util.Objects;

/**
 * What happens where a request rule's condition holds.
 *
 * @param name the rule's name
 * @param resource the resource it looks at
 * @param rescale how the amount is found
 * @param eventsToRemove how many events of the rule's direction it consumes, oldest first; 0 or more
 * @param priority priority of its requests
 */
public record RequestRule(String name, Resource resource, Rescale rescale, int eventsToRemove, long priority) {
    /** Refuses missing parts and a negative number of events. */
    public RequestRule {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(resource, "resource");
        Objects.requireNonNull(rescale, "rescale");
        if (eventsToRemove < 0) {
            throw new IllegalArgumentException(
                    "rule '" + name + "': events_to_remove is " + eventsToRemove + ", 0 or more is needed");
        }
    }
}

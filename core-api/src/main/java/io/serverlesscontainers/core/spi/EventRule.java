package io.serverlesscontainers.core.spi;

import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.ScaleEvents;
import java.util.Objects;

/**
 * What happens where an event rule's condition holds.
 *
 * @param name the rule's name
 * @param resource the resource it looks at
 * @param scale what each of its events counts
 */
public record EventRule(String name, Resource resource, ScaleEvents scale) {
    /** Refuses missing parts. */
    public EventRule {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(resource, "resource");
        Objects.requireNonNull(scale, "scale");
    }
}

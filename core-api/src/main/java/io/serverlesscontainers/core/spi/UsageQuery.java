package io.serverlesscontainers.core.spi;

import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Structure;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Whose usage, of what, and when.
 *
 * @param subtype what the structures are; all of one query are of one subtype
 * @param structures their names
 * @param resources the resources asked for
 * @param from start of the window, inclusive
 * @param to end of the window, inclusive; not before {@code from}
 */
public record UsageQuery(
        Structure.Subtype subtype, List<String> structures, Set<Resource> resources, Instant from, Instant to) {
    /** Copies the collections and refuses a window that ends before it starts. */
    public UsageQuery {
        Objects.requireNonNull(subtype, "subtype");
        structures = List.copyOf(structures);
        resources = Set.copyOf(resources);
        if (to.isBefore(from)) {
            throw new IllegalArgumentException("the window ends at " + to + ", before it starts at " + from);
        }
    }
}

package io.serverlesscontainers.examples.quickstart.terminal;

import io.serverlesscontainers.examples.quickstart.report.Reading;
import io.serverlesscontainers.store.document.Resource;
import java.util.Objects;

/**
 * One resource of one container, as shown now.
 *
 * @param container its name
 * @param resource the resource
 * @param reading the latest reading
 * @param lastDecision what was decided last, in plain words; empty if nothing was yet
 */
public record Row(String container, Resource resource, Reading reading, String lastDecision) {
    /** Refuses missing parts. */
    public Row {
        Objects.requireNonNull(container, "container");
        Objects.requireNonNull(resource, "resource");
        Objects.requireNonNull(reading, "reading");
        Objects.requireNonNull(lastDecision, "lastDecision");
    }
}

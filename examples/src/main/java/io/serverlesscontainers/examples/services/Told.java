package io.serverlesscontainers.examples.services;

import io.serverlesscontainers.store.document.Problem;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;

/** Logs a problem when it begins, and not again while it lasts. For one thread. */
final class Told {
    private final Logger log;
    private Set<Problem> before = Set.of();

    Told(Logger log) {
        this.log = log;
    }

    /** All problems of one window. */
    void tell(Collection<Problem> problems) {
        Set<Problem> now = new HashSet<>(problems);
        for (Problem problem : now) {
            if (!before.contains(problem)) {
                log.warn("{}", problem);
            }
        }
        before = now;
    }
}

package io.serverlesscontainers.core;

import io.serverlesscontainers.store.document.Problem;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Consumer;

/** Reports a problem when it appears, and not again while it lasts. For one thread. */
final class ProblemLog {
    private final Consumer<? super Problem> listener;
    private Set<Problem> before = new LinkedHashSet<>();
    private Set<Problem> now = new LinkedHashSet<>();

    ProblemLog(Consumer<? super Problem> listener) {
        this.listener = listener;
    }

    void begin() {
        now.clear();
    }

    void add(Problem problem) {
        if (now.add(problem) && !before.contains(problem)) {
            listener.accept(problem);
        }
    }

    void end() {
        Set<Problem> reused = before;
        before = now;
        now = reused;
    }
}

package io.serverlesscontainers.core.tck;

import org.junit.jupiter.api.Assumptions;

/**
 * For tests that need something real: root, a writable cgroup, an engine. Where it is missing they are skipped with one
 * line that says what is missing; with {@code REQUIRE_REAL=1} in the environment they fail instead, so that a machine
 * that should have everything cannot pass by skipping.
 */
public final class RealThings {
    private RealThings() {}

    /**
     * Goes on if the thing is there.
     *
     * @throws AssertionError if it is not, and {@code REQUIRE_REAL} is 1
     * @throws org.opentest4j.TestAbortedException if it is not
     */
    public static void require(boolean there, String whatIsMissing) {
        if (there) {
            return;
        }
        if ("1".equals(System.getenv("REQUIRE_REAL"))) {
            throw new AssertionError("REQUIRE_REAL is 1, but " + whatIsMissing);
        }
        Assumptions.abort(whatIsMissing);
    }
}

package io.serverlesscontainers.core.lease;

import io.serverlesscontainers.store.document.Problem;
import java.util.List;

/**
 * What came of one renewal.
 *
 * @param slots how many of the {@value Lease#SLOTS} slots this member may begin work on in this window
 * @param members how many members there are, this one included; 0 if the state store did not tell
 * @param problems what is wrong; empty if all is well
 */
public record Renewal(int slots, int members, List<Problem> problems) {
    /** Copies the problems. */
    public Renewal {
        problems = List.copyOf(problems);
    }

    /** For a log: how much of all is this member's. */
    @Override
    public String toString() {
        return slots + " of " + Lease.SLOTS + " slots, "
                + (members == 0 ? "not renewed" : members + (members == 1 ? " member" : " members"));
    }
}

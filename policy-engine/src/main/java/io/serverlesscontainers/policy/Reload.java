package io.serverlesscontainers.policy;

import io.serverlesscontainers.store.document.Problem;
import java.util.List;

/**
 * What became of rule documents that replaced others. The rules of one resource that look at the same kind of facts,
 * states or event sums, are one group.
 *
 * @param groupsRebuilt how many groups were compiled: they are new, or got or lost a rule, or a condition says something
 *     else
 * @param groupsReused how many were not: at most numbers in conditions and what rules bring forth have changed
 * @param refused the documents that cannot be used, one sentence each; it says so where the last good version stays in
 *     force
 */
public record Reload(int groupsRebuilt, int groupsReused, List<Problem> refused) {
    /** Copies the list. */
    public Reload {
        refused = List.copyOf(refused);
    }
}

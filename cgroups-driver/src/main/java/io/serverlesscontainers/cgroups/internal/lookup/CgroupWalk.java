package io.serverlesscontainers.cgroups.internal.lookup;

import io.serverlesscontainers.cgroups.internal.kernel.CgroupRoot;
import io.serverlesscontainers.core.spi.CgroupException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;

/**
 * Goes through the cgroups of one hierarchy, those near the root first. What users may make for themselves comes last, so
 * that nobody hides others' containers by making very many cgroups.
 */
final class CgroupWalk {
    /** How many cgroups of a hierarchy are looked at. */
    static final int MOST_CGROUPS = 10_000;

    /** How many levels below the root are looked at; the deepest known engine needs five. */
    static final int MOST_LEVELS = 12;

    private static final String ROOT = ".";
    private static final String USERS = "user.slice";

    private CgroupWalk() {}

    /** Whether a path is among what users may make for themselves. */
    static boolean isUsers(String path) {
        return path.startsWith(USERS + "/");
    }

    /**
     * Shows each cgroup's path to a visitor, who says whether to go on below it. Cgroups that end meanwhile, or may not
     * be listed, have nothing below them; nor has what is no cgroup, because something was mounted over it.
     *
     * @return whether that was all
     */
    static boolean go(CgroupRoot root, Predicate<String> visitor) {
        Deque<String> waiting = new ArrayDeque<>(List.of(ROOT));
        Deque<String> last = new ArrayDeque<>();
        int left = MOST_CGROUPS;
        while (!waiting.isEmpty() || !last.isEmpty()) {
            String parent = waiting.isEmpty() ? last.remove() : waiting.remove();
            for (String name : children(root, parent, left + 1)) {
                if (left-- == 0) {
                    return false;
                }
                String path = parent.equals(ROOT) ? name : parent + "/" + name;
                if (visitor.test(path) && levels(path) < MOST_LEVELS) {
                    boolean users = path.equals(USERS) || isUsers(path);
                    (users ? last : waiting).add(path);
                }
            }
        }
        return true;
    }

    private static int levels(String path) {
        return 1 + (int) path.chars().filter(letter -> letter == '/').count();
    }

    private static List<String> children(CgroupRoot root, String path, int most) {
        try {
            return root.children(path, most);
        } catch (CgroupException refusedOrForeign) {
            return List.of();
        }
    }
}

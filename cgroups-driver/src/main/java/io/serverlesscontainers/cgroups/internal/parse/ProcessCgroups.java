package io.serverlesscontainers.cgroups.internal.parse;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The cgroups of one process, as {@code /proc/PID/cgroup} lists them: {@code 4:memory:/web/1}, {@code 0::/web/1}. */
public final class ProcessCgroups {
    private static final String V2 = "";

    private final Map<String, String> pathByController;

    private ProcessCgroups(Map<String, String> pathByController) {
        this.pathByController = pathByController;
    }

    /** Reads the list; lines that are none are left out. */
    public static ProcessCgroups parse(String list) {
        var paths = new HashMap<String, String>();
        for (String line : list.split("\r?\n")) {
            String[] fields = line.split(":", 3);
            if (fields.length == 3 && fields[2].startsWith("/")) {
                for (String controller : fields[1].split(",")) {
                    paths.put(controller, fields[2]);
                }
            }
        }
        return new ProcessCgroups(paths);
    }

    /** The path in the hierarchy of a version 1 controller, beginning with a slash. */
    public Optional<String> v1(String controller) {
        return Optional.ofNullable(pathByController.get(controller));
    }

    /** The path in the version 2 hierarchy, beginning with a slash. */
    public Optional<String> v2() {
        return v1(V2);
    }
}

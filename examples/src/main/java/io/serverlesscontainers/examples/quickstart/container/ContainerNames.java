package io.serverlesscontainers.examples.quickstart.container;

import java.util.regex.Pattern;

/** Names that are safe as directory, cgroup and host name. */
final class ContainerNames {
    private static final Pattern PLAIN = Pattern.compile("[a-z0-9][a-z0-9-]{0,31}");

    private ContainerNames() {}

    /** The name itself, or an exception that says what is allowed. */
    static String checked(String name) {
        if (!PLAIN.matcher(name).matches()) {
            throw new IllegalArgumentException("'" + name
                    + "' is no container name: lower-case letters, digits and dashes are allowed, at most 32");
        }
        return name;
    }
}

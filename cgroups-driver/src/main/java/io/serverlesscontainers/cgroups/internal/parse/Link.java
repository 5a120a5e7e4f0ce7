package io.serverlesscontainers.cgroups.internal.parse;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * A network interface, as {@code ip -json link} lists it.
 *
 * @param index its number in its namespace
 * @param name what programs call it; safe as an argument of one
 * @param peer the number of the interface it leads to, in the namespace of that one; 0 if to none
 * @param namespace the number of the peer's namespace; empty if it is the same
 */
public record Link(int index, String name, int peer, OptionalInt namespace) {
    // What people choose for a container's interface must not be taken for an option, or for a path.
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.:][A-Za-z0-9_.:-]{0,14}");

    /** Reads the list; interfaces whose names are none that engines give are left out. */
    public static List<Link> parse(JsonNode list) {
        var links = new ArrayList<Link>();
        for (JsonNode link : list) {
            String name = link.path("ifname").asText();
            int index = link.path("ifindex").asInt();
            if (index > 0 && NAME.matcher(name).matches() && !name.equals(".") && !name.equals("..")) {
                JsonNode namespace = link.path("link_netnsid");
                links.add(new Link(
                        index,
                        name,
                        link.path("link_index").asInt(),
                        namespace.isInt() ? OptionalInt.of(namespace.intValue()) : OptionalInt.empty()));
            }
        }
        return links;
    }
}

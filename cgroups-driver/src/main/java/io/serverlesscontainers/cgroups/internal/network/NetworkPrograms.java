package io.serverlesscontainers.cgroups.internal.network;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.serverlesscontainers.cgroups.internal.kernel.NetworkNamespace;
import io.serverlesscontainers.cgroups.internal.parse.Link;
import io.serverlesscontainers.core.spi.CgroupException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code ip} and {@code tc} of iproute2, and {@code nsenter} of util-linux, which runs them in another namespace. */
public final class NetworkPrograms {
    private static final List<Path> PLACES =
            List.of(Path.of("/usr/sbin"), Path.of("/sbin"), Path.of("/usr/bin"), Path.of("/bin"));
    private static final JsonMapper MAPPER = new JsonMapper();

    private final Path ip;
    private final Path tc;
    private final Path nsenter;

    private NetworkPrograms(Path ip, Path tc, Path nsenter) {
        this.ip = ip;
        this.tc = tc;
        this.nsenter = nsenter;
    }

    /** Looks for them where systems keep theirs, never along a search path; empty unless all are there. */
    public static Optional<NetworkPrograms> find() {
        Optional<Path> ip = find("ip");
        Optional<Path> tc = find("tc");
        Optional<Path> nsenter = find("nsenter");
        return ip.isPresent() && tc.isPresent() && nsenter.isPresent()
                ? Optional.of(new NetworkPrograms(ip.get(), tc.get(), nsenter.get()))
                : Optional.empty();
    }

    private static Optional<Path> find(String program) {
        return PLACES.stream()
                .map(place -> place.resolve(program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** The ends of pairs of virtual interfaces in the driver's own namespace. */
    List<Link> pairs() {
        return Link.parse(json(List.of(ip.toString(), "-json", "link", "show", "type", "veth")));
    }

    /** All interfaces in another namespace. */
    List<Link> links(NetworkNamespace namespace) {
        return Link.parse(json(inside(namespace, ip, "-json", "link", "show")));
    }

    /** The interface of this name in the driver's own namespace. */
    Interface own(Link link) {
        return new Interface(this, Optional.empty(), link.name());
    }

    /** The interface of this name in another namespace, valid as long as that is held. */
    Interface inside(NetworkNamespace namespace, Link link) {
        return new Interface(this, Optional.of(namespace), link.name());
    }

    JsonNode tcJson(Optional<NetworkNamespace> namespace, String... arguments) {
        return json(tcCommand(namespace, arguments));
    }

    void tc(Optional<NetworkNamespace> namespace, String... arguments) {
        Program.run(tcCommand(namespace, arguments));
    }

    private List<String> tcCommand(Optional<NetworkNamespace> namespace, String... arguments) {
        return namespace.isPresent() ? inside(namespace.get(), tc, arguments) : command(List.of(tc), arguments);
    }

    private List<String> inside(NetworkNamespace namespace, Path program, String... arguments) {
        return command(List.of(nsenter, "--net=" + namespace.path(), "--", program), arguments);
    }

    private static List<String> command(List<?> program, String... arguments) {
        var command = new ArrayList<String>();
        program.forEach(part -> command.add(part.toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    private static JsonNode json(List<String> command) {
        byte[] output = Program.run(command);
        try {
            return MAPPER.readTree(output);
        } catch (IOException notJson) {
            throw new CgroupException(
                    "'" + String.join(" ", command) + "' prints no JSON: a later iproute2 is needed", notJson);
        }
    }
}

package io.serverlesscontainers.cgroups.internal.lookup;

import io.serverlesscontainers.cgroups.internal.mount.Hierarchies;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * containerd by itself, with {@code ctr} or {@code nerdctl}: {@code NAMESPACE/ID} with the cgroupfs driver,
 * {@code system.slice/nerdctl-ID.scope} with the systemd driver. The namespace is {@code default} unless said otherwise.
 */
public final class ContainerdLookup extends IdLookup {
    private static final Pattern PATH =
            Pattern.compile("[^/]+/(" + ContainerId.DIGITS + ")|(?:.*/)?nerdctl-(" + ContainerId.DIGITS + ")\\.scope");

    /** Looks in these hierarchies. */
    public ContainerdLookup(Hierarchies hierarchies) {
        super(hierarchies, List.of("system.slice/nerdctl-ID.scope", "default/ID"));
    }

    @Override
    public Optional<Recogniser> recogniser() {
        return Optional.of(path -> Optional.of(PATH.matcher(path))
                .filter(Matcher::matches)
                .map(match -> match.group(match.group(1) == null ? 2 : 1)));
    }
}

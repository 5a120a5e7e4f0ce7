package io.serverlesscontainers.cgroups.internal.lookup;

import io.serverlesscontainers.cgroups.internal.mount.Hierarchies;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The containers of a Kubernetes node, whatever runs them. With the cgroupfs driver {@code kubepods/podUID/ID}, with the
 * systemd driver {@code kubepods.slice/kubepods-podUID.slice/cri-containerd-ID.scope} ({@code crio-…}, {@code docker-…});
 * pods of the classes burstable and best effort have one more level for their class in between. The UID of the pod is not
 * known beforehand, so that these are found by a walk only.
 */
public final class KubernetesLookup extends IdLookup {
    // The kubelet may be told to put its cgroups below others: kubelet/kubepods, kubelet.slice/kubelet-kubepods.slice.
    private static final Pattern BELOW_PODS = Pattern.compile("(?:.*/)?(?:[^/]*-)?kubepods(?:\\.slice)?/.*");
    private static final Pattern CONTAINER = Pattern.compile(".*/(?:pod[^/]+/(" + ContainerId.DIGITS + ")"
            + "|(?:cri-containerd|crio|docker)-(" + ContainerId.DIGITS + ")\\.scope)");
    // What becomes of it where only the kubelet was told to use systemd: the runtime takes the slice for a name.
    private static final Pattern MISNAMED =
            Pattern.compile("(?:.*/)?[^/]*kubepods[^/]*\\.slice:[^/:]+:(" + ContainerId.DIGITS + ")");

    /** Looks in these hierarchies. */
    public KubernetesLookup(Hierarchies hierarchies) {
        super(hierarchies, List.of());
    }

    @Override
    public Optional<Recogniser> recogniser() {
        return Optional.of(KubernetesLookup::idAt);
    }

    static boolean isBelowPods(String path) {
        return BELOW_PODS.matcher(path).matches();
    }

    private static Optional<String> idAt(String path) {
        Matcher misnamed = MISNAMED.matcher(path);
        if (misnamed.matches()) {
            return Optional.of(misnamed.group(1));
        }
        Matcher container = CONTAINER.matcher(path);
        return container.matches() && isBelowPods(path)
                ? Optional.of(container.group(container.group(1) == null ? 2 : 1))
                : Optional.empty();
    }
}

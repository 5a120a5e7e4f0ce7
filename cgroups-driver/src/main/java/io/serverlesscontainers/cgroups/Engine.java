package io.serverlesscontainers.cgroups;

/**
 * What runs containers, in the order in which they are asked for one. What each is looked for:
 *
 * <table>
 * <caption>Names, and the cgroups that they stand for</caption>
 * <tr><th>Engine</th><th>What a user may say</th><th>Which cgroup that is, beneath the root of each hierarchy</th></tr>
 * <tr><td>{@link #LXD}</td><td>{@code NAME}, {@code PROJECT_NAME}</td><td>{@code lxc.payload.NAME} in the default
 * project, {@code lxc.payload.PROJECT_NAME} in others</td></tr>
 * <tr><td>{@link #LXC}</td><td>{@code NAME}</td><td>{@code lxc.payload.NAME}, also {@code lxc.payload/NAME} and
 * {@code lxc/NAME}; {@code lxc.payload.NAME-1} beside leftovers</td></tr>
 * <tr><td>{@link #DOCKER}</td><td>ID, name</td><td>{@code system.slice/docker-ID.scope}, {@code docker/ID}, any parent
 * that was said</td></tr>
 * <tr><td>{@link #PODMAN}</td><td>ID, name</td><td>{@code machine.slice/libpod-ID.scope}, {@code libpod_parent/libpod-ID};
 * the same in a pod's or a user's slice</td></tr>
 * <tr><td>{@link #KUBERNETES}</td><td>ID</td>
 * <td>{@code kubepods.slice/…/kubepods-…podUID.slice/cri-containerd-ID.scope} ({@code crio-}, {@code docker-}),
 * {@code kubepods/…/podUID/ID}</td></tr>
 * <tr><td>{@link #CONTAINERD}</td><td>ID</td><td>{@code system.slice/nerdctl-ID.scope}, {@code NAMESPACE/ID}</td></tr>
 * <tr><td>{@link #RUNC}</td><td>{@code NAME}</td><td>what {@code /run/runc/NAME/state.json} says</td></tr>
 * <tr><td>{@link #APPTAINER}</td><td>{@code apptainer-PID}, name of an instance of root's</td>
 * <td>{@code system.slice/apptainer-PID.scope}, the same in a user's slice, {@code apptainer/PID}</td></tr>
 * <tr><td>{@link #MACHINE}</td><td>{@code NAME}</td><td>{@code machine.slice/machine-NAME.scope},
 * {@code machine.slice/systemd-nspawn@NAME.service}, {@code machine.slice/NAME.service};
 * {@code machine.slice/machine-qemu-NUMBER-NAME.scope}</td></tr>
 * <tr><td>{@link #SYSTEMD}</td><td>{@code UNIT.service}, {@code UNIT.scope}, {@code a-b.slice}</td>
 * <td>{@code system.slice/UNIT.service} or in whichever slice it is, {@code a.slice/a-b.slice}</td></tr>
 * <tr><td>{@link #PLAIN}</td><td>a path</td><td>that path</td></tr>
 * </table>
 *
 * <p>An ID is 64 hexadecimal digits in lower case; its first 12 or more are enough as long as no other container of the
 * engine has the same. Where crun makes a cgroup {@code container} below a scope of systemd's, that is the container's.
 */
public enum Engine {
    /** LXD and Incus. */
    LXD,
    /** LXC by itself. */
    LXC,
    /** Docker. */
    DOCKER,
    /** Podman. */
    PODMAN,
    /** Kubernetes, with containerd, CRI-O or Docker below it. */
    KUBERNETES,
    /** containerd by itself: ctr, nerdctl. */
    CONTAINERD,
    /** runc by itself. */
    RUNC,
    /** Apptainer and Singularity. */
    APPTAINER,
    /** Machines that systemd knows: systemd-nspawn's, libvirt's. */
    MACHINE,
    /** Services, scopes and slices of systemd. */
    SYSTEMD,
    /** None: a cgroup by its path. */
    PLAIN
}

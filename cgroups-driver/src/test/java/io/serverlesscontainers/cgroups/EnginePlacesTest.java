package io.serverlesscontainers.cgroups;

import static org.assertj.core.api.Assertions.assertThat;

import io.serverlesscontainers.core.spi.LimitChange;
import io.serverlesscontainers.store.document.Resource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Where each engine puts its containers, with each of its drivers, in each version of cgroups. */
class EnginePlacesTest {
    private static final String ID = "4f1c0de2a9b85e7d3c6a1f0e9d8c7b6a5f4e3d2c1b0a99887766554433221100";
    private static final String OTHER = "b7".repeat(32);
    private static final String SHORT = ID.substring(0, 12);
    private static final String POD = "3d0c2b1a-7f6e-4d5c-8b9a-0f1e2d3c4b5a";
    private static final String POD_IN_SLICE = POD.replace('-', '_');
    private static final String USER = "user.slice/user-1000.slice/user@1000.service/user.slice/";

    static Stream<Place> places() {
        return Stream.of(
                lxc("LXC", "lxc.payload.web-1"),
                lxc("older LXC", "lxc.payload/web-1"),
                lxc("much older LXC", "lxc/web-1"),
                lxc("LXC without root", "user.slice/user-1000.slice/session-2.scope/lxc.payload.web-1"),
                lxd("LXD", "web-1", "web-1"),
                lxd("LXD, other project", "shop_web-1", "shop_web-1", "web-1"),
                ofId(Engine.DOCKER, "Docker, cgroupfs", "docker/" + ID),
                ofId(Engine.DOCKER, "Docker, systemd", "system.slice/docker-" + ID + ".scope"),
                ofId(Engine.DOCKER, "Docker, systemd and a slice", "shop.slice/docker-" + ID + ".scope"),
                ofId(Engine.DOCKER, "Docker without root", USER + "docker-" + ID + ".scope"),
                docker("Docker, cgroupfs, name", "docker/" + ID),
                docker("Docker, systemd, name", "system.slice/docker-" + ID + ".scope"),
                docker("Docker, cgroupfs and a parent, name", "shop/front/" + ID),
                ofId(Engine.PODMAN, "Podman, cgroupfs", "libpod_parent/libpod-" + ID),
                ofId(Engine.PODMAN, "Podman, systemd", "machine.slice/libpod-" + ID + ".scope"),
                ofId(
                        Engine.PODMAN,
                        "Podman, a pod",
                        "machine.slice/machine-libpod_pod_" + OTHER + ".slice/libpod-" + ID + ".scope"),
                ofId(Engine.PODMAN, "Podman without root", USER + "libpod-" + ID + ".scope"),
                new Place(
                        Engine.PODMAN,
                        "Podman, crun",
                        ID,
                        null,
                        "machine.slice/libpod-" + ID + ".scope/container",
                        List.of(ID, SHORT),
                        Map.of()),
                new Place(
                        Engine.PODMAN,
                        "Podman, name",
                        ID,
                        "web-1",
                        "machine.slice/libpod-" + ID + ".scope",
                        List.of(ID, SHORT, "web-1"),
                        Map.of(
                                "var/lib/containers/storage/overlay-containers/containers.json",
                                "[{\"id\":\"" + OTHER + "\",\"names\":[\"db\"]},{\"id\":\"" + ID
                                        + "\",\"names\":[\"web-1\"],\"layer\":\"x\"}]")),
                new Place(
                        Engine.PODMAN,
                        "Podman, name of one that goes with --rm",
                        ID,
                        "web-1",
                        "libpod_parent/libpod-" + ID,
                        List.of(ID, "web-1"),
                        Map.of(
                                "var/lib/containers/storage/vfs-containers/volatile-containers.json",
                                "[{\"id\":\"" + ID + "\",\"names\":[\"web-1\"]}]")),
                pod("cgroupfs, guaranteed", "kubepods/pod" + POD + "/" + ID),
                pod("cgroupfs, burstable", "kubepods/burstable/pod" + POD + "/" + ID),
                pod("cgroupfs, best effort", "kubepods/besteffort/pod" + POD + "/" + ID),
                pod("cgroupfs, below another", "kubelet/kubepods/burstable/pod" + POD + "/" + ID),
                pod("systemd, guaranteed", inPodSlice("", "cri-containerd")),
                pod("systemd, burstable", inPodSlice("burstable", "cri-containerd")),
                pod("systemd, best effort", inPodSlice("besteffort", "cri-containerd")),
                pod("systemd, CRI-O", inPodSlice("burstable", "crio")),
                pod("systemd, CRI-O with crun", inPodSlice("burstable", "crio") + "/container"),
                pod("systemd, Docker", inPodSlice("besteffort", "docker")),
                pod(
                        "systemd, in kind",
                        "kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-pod" + POD_IN_SLICE
                                + ".slice/cri-containerd-" + ID + ".scope"),
                pod(
                        "systemd for the kubelet only",
                        "system.slice/containerd.service/kubepods-burstable-pod" + POD_IN_SLICE
                                + ".slice:cri-containerd:" + ID),
                ofId(Engine.CONTAINERD, "ctr", "default/" + ID),
                ofId(Engine.CONTAINERD, "ctr, other namespace", "shop/" + ID),
                ofId(Engine.CONTAINERD, "nerdctl", "system.slice/nerdctl-" + ID + ".scope"),
                ofId(Engine.CONTAINERD, "nerdctl without root", USER + "nerdctl-" + ID + ".scope"),
                apptainer("Apptainer", "system.slice/apptainer-4711.scope"),
                apptainer("Apptainer without root", USER + "apptainer-4711.scope"),
                apptainer("Apptainer without systemd", "apptainer/4711"),
                new Place(
                        Engine.APPTAINER,
                        "Apptainer, instance",
                        "apptainer-4711",
                        "web-1",
                        "system.slice/apptainer-4711.scope",
                        List.of("apptainer-4711", "web-1"),
                        Map.of(
                                "root/.apptainer/instances/app/host0/root/web-1/web-1.json",
                                "{\"pid\":4711,\"ppid\":4710,\"name\":\"web-1\"}")),
                machine("nspawn", "web-1", "machine.slice/machine-web\\x2d1.scope", "web-1"),
                machine("nspawn, service", "web-1", "machine.slice/systemd-nspawn@web\\x2d1.service", "web-1"),
                machine("nspawn, service of one's own", "web", "machine.slice/web.service", "web"),
                machine(
                        "libvirt",
                        "qemu-12-web-1",
                        "machine.slice/machine-qemu\\x2d12\\x2dweb\\x2d1.scope",
                        "qemu-12-web-1",
                        "web-1"),
                unit("nginx.service", "system.slice/nginx.service"),
                unit("run-u3.scope", "system.slice/run-u3.scope"),
                unit("web@1.service", "system.slice/system-web.slice/web@1.service"),
                unit("web-front@1.service", "system.slice/system-web\\x2dfront.slice/web-front@1.service"),
                unit("shop.service", "a.slice/a-b.slice/a-b-c.slice/shop.service"),
                unit("memory.service", "system.slice/_memory.service"),
                unit("app-web.scope", "user.slice/user-1000.slice/user@1000.service/app.slice/app-web.scope"));
    }

    private static String inPodSlice(String qosClass, String runtime) {
        String pods = qosClass.isEmpty() ? "kubepods" : "kubepods-" + qosClass;
        return "kubepods.slice/" + (qosClass.isEmpty() ? "" : pods + ".slice/") + pods + "-pod" + POD_IN_SLICE
                + ".slice/" + runtime + "-" + ID + ".scope";
    }

    private static Place lxc(String what, String path) {
        return new Place(Engine.LXC, what, "web-1", null, path, List.of("web-1"), Map.of());
    }

    private static Place lxd(String what, String container, String... asked) {
        String path = "lxc.payload." + container;
        return new Place(
                Engine.LXD,
                what,
                container,
                null,
                path,
                List.of(asked),
                Map.of(
                        "PROCS", "77\n",
                        "proc/77/cmdline", "/sbin/init\0",
                        "proc/77/status", "Name:\tinit\nPPid:\t76\n",
                        "proc/76/cmdline", "[lxc monitor] /var/snap/lxd/common/lxd/containers " + container + "\0"));
    }

    private static Place ofId(Engine engine, String what, String path) {
        return new Place(engine, what, ID, null, path, List.of(ID, SHORT, ID.substring(0, 40)), Map.of());
    }

    private static Place docker(String what, String path) {
        return new Place(
                Engine.DOCKER,
                what,
                ID,
                "web-1",
                path,
                List.of(ID, SHORT, "web-1"),
                Map.of(
                        "var/lib/docker/containers/" + ID + "/config.v2.json",
                        "{\"State\":{\"Pid\":5,\"Name\":\"no\"},\"ID\":\"" + ID + "\",\"Name\":\"/web-1\"}"));
    }

    private static Place pod(String what, String path) {
        return ofId(Engine.KUBERNETES, "Kubernetes, " + what, path);
    }

    private static Place apptainer(String what, String path) {
        return new Place(Engine.APPTAINER, what, "apptainer-4711", null, path, List.of("apptainer-4711"), Map.of());
    }

    private static Place machine(String what, String name, String path, String... asked) {
        return new Place(Engine.MACHINE, what, name, null, path, List.of(asked), Map.of());
    }

    private static Place unit(String unit, String path) {
        return new Place(Engine.SYSTEMD, unit, unit, null, path, List.of(unit), Map.of());
    }

    static Stream<Arguments> placesInEachVersion() {
        return places().flatMap(
                        place -> Arrays.stream(FixtureTree.Kind.values()).map(kind -> Arguments.of(kind, place)));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("placesInEachVersion")
    void a_container_is_found_by_all_that_it_is_called(FixtureTree.Kind kind, Place place) {
        try (var tree = place.in(FixtureTree.of(kind));
                var driver = tree.driver()) {
            long limit = 100;
            for (String asked : place.asked()) {
                driver.apply(asked, LimitChange.to(Resource.MEMORY, ++limit));
                driver.apply(asked, LimitChange.to(Resource.CPU, limit));
                String file = kind == FixtureTree.Kind.V2 ? "memory.max" : "memory.limit_in_bytes";
                assertThat(tree.value("memory", place.path(), file)).isEqualTo("" + (limit << 20));
                assertThat(driver.limits(asked).limit(Resource.CPU)).hasValue(limit);
                assertThat(driver.limits(asked).cpus()).isPresent();
            }
        }
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("placesInEachVersion")
    void a_container_is_listed_with_its_cgroup_of_each_controller(FixtureTree.Kind kind, Place place) {
        try (var tree = place.in(FixtureTree.of(kind));
                var driver = tree.driver()) {
            // What it may be inside of is a unit of systemd's.
            assertThat(driver.containers())
                    .filteredOn(found ->
                            found.engine() != Engine.SYSTEMD || found.id().equals(place.id()))
                    .singleElement()
                    .satisfies(found -> {
                        assertThat(found.engine()).isEqualTo(place.engine());
                        assertThat(found.id()).isEqualTo(place.id());
                        assertThat(found.name()).isEqualTo(Optional.ofNullable(place.name()));
                        for (String controller : List.of("cpu", "cpuset", "memory")) {
                            assertThat(found.cgroups())
                                    .containsEntry(
                                            controller,
                                            tree.root() + "/"
                                                    + tree.file(controller, place.path(), "")
                                                            .replaceAll("/$", ""));
                        }
                    });
        }
    }

    /**
     * A container of an engine.
     *
     * @param files what else is on the machine; {@code PROCS} are the container's processes
     */
    record Place(
            Engine engine,
            String what,
            String id,
            String name,
            String path,
            List<String> asked,
            Map<String, String> files) {
        FixtureTree in(FixtureTree tree) {
            tree.container(path);
            files.forEach((file, text) -> {
                if (file.equals("PROCS")) {
                    for (String controller : List.of("cpu", "cpuacct", "cpuset", "memory")) {
                        tree.write(tree.file(controller, path, "cgroup.procs"), text);
                    }
                } else {
                    tree.write(file, text);
                }
            });
            return tree;
        }

        @Override
        public String toString() {
            return what;
        }
    }
}

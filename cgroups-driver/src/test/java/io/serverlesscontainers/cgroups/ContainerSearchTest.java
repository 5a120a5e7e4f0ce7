package io.serverlesscontainers.cgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serverlesscontainers.cgroups.internal.kernel.CgroupRoot;
import io.serverlesscontainers.cgroups.internal.lookup.ContainerFinder;
import io.serverlesscontainers.cgroups.internal.lookup.ContainerLookup;
import io.serverlesscontainers.cgroups.internal.lookup.DockerLookup;
import io.serverlesscontainers.cgroups.internal.mount.Hierarchies;
import io.serverlesscontainers.core.spi.CgroupException;
import io.serverlesscontainers.core.spi.LimitChange;
import io.serverlesscontainers.core.spi.MissingContainerException;
import io.serverlesscontainers.store.document.Resource;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which container is meant, and what is not taken for one. */
class ContainerSearchTest {
    private static final String ID = "4f1c0de2a9b85e7d3c6a1f0e9d8c7b6a5f4e3d2c1b0a99887766554433221100";
    private static final String SIMILAR = ID.substring(0, 20) + "0".repeat(44);
    private static final String OTHER = "b7".repeat(32);
    private static final String USER = "user.slice/user-1000.slice/user@1000.service/user.slice/";

    @ParameterizedTest
    @EnumSource
    void a_part_of_an_id_that_two_containers_share_is_refused_with_both(FixtureTree.Kind kind) {
        try (var tree = FixtureTree.of(kind).container("docker/" + ID).container("docker/" + SIMILAR);
                var driver = tree.driver()) {
            assertThatThrownBy(() -> driver.limits(ID.substring(0, 20)))
                    .isExactlyInstanceOf(CgroupException.class)
                    .hasMessageContaining("'" + ID.substring(0, 20) + "' may be any of 2 containers")
                    .hasMessageContaining("docker/" + ID)
                    .hasMessageContaining("docker/" + SIMILAR)
                    .hasMessageEndingWith("give the whole ID or the path");
            assertThat(driver.limits(ID.substring(0, 21)).limit(Resource.CPU)).isEmpty();
            assertThat(driver.limits(SIMILAR).limit(Resource.CPU)).isEmpty();
        }
    }

    @Test
    void a_name_that_looks_like_the_beginning_of_an_id_is_the_name() {
        String name = ID.substring(0, 12);
        try (var tree = FixtureTree.of(FixtureTree.Kind.V2)
                        .container("docker/" + ID)
                        .container("docker/" + OTHER);
                var driver = tree.driver()) {
            tree.write("var/lib/docker/containers/" + OTHER + "/config.v2.json", "{\"Name\":\"/" + name + "\"}");
            driver.apply(name, LimitChange.to(Resource.MEMORY, 77));
            assertThat(tree.value("memory", "docker/" + OTHER, "memory.max")).isEqualTo("" + (77L << 20));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {12, 64})
    void a_container_may_have_another_path_in_each_hierarchy(int digits) {
        String memory = "system.slice/docker-" + ID + ".scope";
        try (var tree = FixtureTree.of(FixtureTree.Kind.V1)
                        .container("docker/" + ID)
                        .container(memory);
                var driver = tree.driver()) {
            tree.remove("memory", "docker/" + ID);
            tree.remove("cpu", memory);
            tree.remove("cpuset", memory);
            driver.apply(ID.substring(0, digits), LimitChange.to(Resource.MEMORY, 77));
            driver.apply(ID.substring(0, digits), LimitChange.to(Resource.CPU, 50));
            assertThat(tree.value("memory", memory, "memory.limit_in_bytes")).isEqualTo("" + (77L << 20));
            assertThat(tree.value("cpu", "docker/" + ID, "cpu.cfs_quota_us")).isEqualTo("50000");
            assertThat(driver.containers()).singleElement().satisfies(found -> {
                assertThat(found.cgroups().get("memory")).endsWith("/memory/" + memory);
                assertThat(found.cgroups().get("cpu")).endsWith("/cpu/docker/" + ID);
            });
        }
    }

    @Test
    void fewer_than_12_digits_are_no_id() {
        try (var tree = FixtureTree.of(FixtureTree.Kind.V2).container("docker/" + ID);
                var driver = tree.driver()) {
            assertThat(driver.limits(ID.substring(0, 12))).isNotNull();
            assertThatThrownBy(() -> driver.limits(ID.substring(0, 11))).isInstanceOf(MissingContainerException.class);
            assertThatThrownBy(() -> driver.limits(ID.substring(0, 12).toUpperCase(Locale.ROOT)))
                    .isInstanceOf(MissingContainerException.class);
        }
    }

    @Test
    void two_instances_of_one_name_in_two_projects_are_told_apart_by_the_project() {
        try (var tree = FixtureTree.of(FixtureTree.Kind.V2);
                var driver = tree.driver()) {
            instance(tree, "shop_web", "/var/lib/lxd/containers", 10);
            instance(tree, "blog_web", "/var/lib/lxd/containers", 20);
            assertThatThrownBy(() -> driver.limits("web"))
                    .isExactlyInstanceOf(CgroupException.class)
                    .hasMessageContaining("lxc.payload.shop_web")
                    .hasMessageContaining("lxc.payload.blog_web");
            driver.apply("blog_web", LimitChange.to(Resource.MEMORY, 77));
            assertThat(tree.value("memory", "lxc.payload.blog_web", "memory.max"))
                    .isEqualTo("" + (77L << 20));
        }
    }

    @Test
    void a_container_of_lxc_with_an_underscore_is_not_one_of_a_project() {
        try (var tree = FixtureTree.of(FixtureTree.Kind.V2);
                var driver = tree.driver()) {
            instance(tree, "shop_web", "/var/lib/lxc", 10);
            assertThatThrownBy(() -> driver.limits("web")).isInstanceOf(MissingContainerException.class);
            assertThat(driver.limits("shop_web")).isNotNull();
            assertThat(driver.containers())
                    .singleElement()
                    .satisfies(found -> assertThat(found.engine()).isEqualTo(Engine.LXC));
        }
    }

    private static void instance(FixtureTree tree, String container, String directory, int init) {
        int monitor = init + 1;
        tree.container("lxc.payload." + container);
        tree.write(tree.file("memory", "lxc.payload." + container, "cgroup.procs"), init + "\n");
        tree.write("proc/" + init + "/cmdline", "/sbin/init\0");
        tree.write("proc/" + init + "/status", "PPid:\t" + monitor + "\n");
        tree.write("proc/" + monitor + "/cmdline", "[lxc monitor] " + directory + " " + container + "\0");
    }

    @Test
    void what_a_user_calls_like_a_container_of_the_machine_does_not_hide_it() {
        String scope = "docker-" + ID + ".scope";
        try (var tree = FixtureTree.of(FixtureTree.Kind.V2)
                        .container(USER + scope)
                        .container(USER + "nginx.service")
                        .container("shop.slice/nginx.service")
                        .container("shop.slice/" + scope);
                var driver = tree.driver()) {
            driver.apply(ID.substring(0, 12), LimitChange.to(Resource.MEMORY, 77));
            driver.apply("nginx.service", LimitChange.to(Resource.MEMORY, 77));
            assertThat(tree.value("memory", "shop.slice/" + scope, "memory.max"))
                    .isEqualTo("" + (77L << 20));
            assertThat(tree.value("memory", "shop.slice/nginx.service", "memory.max"))
                    .isEqualTo("" + (77L << 20));
        }
    }

    @Test
    void what_is_inside_a_container_is_not_the_machines() {
        try (var tree = FixtureTree.of(FixtureTree.Kind.V2)
                        .container("lxc.payload.web/system.slice/nginx.service")
                        .container("docker/" + SIMILAR + "/docker/" + ID)
                        .container("kubelet/system.slice/cron.service");
                var driver =
                        tree.settings().engines(Engine.SYSTEMD, Engine.DOCKER).build()) {
            assertThat(driver.containers())
                    .singleElement()
                    .satisfies(found -> assertThat(found.id()).isEqualTo(SIMILAR));
            assertThatThrownBy(() -> driver.limits("nginx.service")).isInstanceOf(MissingContainerException.class);
            assertThatThrownBy(() -> driver.limits("cron.service")).isInstanceOf(MissingContainerException.class);
            assertThatThrownBy(() -> driver.limits(ID)).isInstanceOf(MissingContainerException.class);
        }
    }

    @Test
    void helpers_of_engines_are_not_containers_of_theirs() {
        try (var tree = FixtureTree.of(FixtureTree.Kind.V2)
                        .container("machine.slice/libpod-conmon-" + ID + ".scope")
                        .container("kubepods.slice/kubepods-pod1_2.slice/crio-conmon-" + ID + ".scope")
                        .container("lxc.monitor.web")
                        .container("init.scope");
                var driver = tree.driver()) {
            assertThat(driver.containers())
                    .allSatisfy(found -> assertThat(found.engine()).isEqualTo(Engine.SYSTEMD));
            assertThat(driver.containers()).noneMatch(found -> found.id().equals("init.scope"));
            assertThatThrownBy(() -> driver.limits(ID)).isInstanceOf(MissingContainerException.class);
        }
    }

    @Test
    void a_slice_is_found_where_its_name_says_and_the_root_slice_is_none() {
        try (var tree = FixtureTree.of(FixtureTree.Kind.V2).container("a.slice/a-b.slice");
                var driver = tree.driver()) {
            assertThat(driver.limits("a-b.slice")).isNotNull();
            assertThatThrownBy(() -> driver.limits("-.slice")).isInstanceOf(MissingContainerException.class);
            assertThatThrownBy(() -> driver.limits("b.slice")).isInstanceOf(MissingContainerException.class);
        }
    }

    @Test
    void the_order_of_the_engines_decides_and_a_user_may_restrict_them() {
        try (var tree = FixtureTree.of(FixtureTree.Kind.V2)
                .container("lxc.payload.web")
                .container("web")
                .container("docker/" + ID)) {
            tree.write("var/lib/docker/containers/" + ID + "/config.v2.json", "{\"Name\":\"/web\"}");
            assertThat(limitedBy(tree, tree.settings())).isEqualTo("lxc.payload.web");
            assertThat(limitedBy(tree, tree.settings().engines(Engine.PLAIN, Engine.DOCKER)))
                    .isEqualTo("web");
            assertThat(limitedBy(tree, tree.settings().engines(Engine.PLAIN))).isEqualTo("web");
            assertThat(limitedBy(tree, tree.settings().engines(Engine.DOCKER))).isEqualTo("docker/" + ID);
            try (var driver = tree.settings().engines(Engine.SYSTEMD).build()) {
                assertThatThrownBy(() -> driver.limits("web"))
                        .isInstanceOf(MissingContainerException.class)
                        .hasMessage("there is no container 'web': no engine's container of this name or ID");
                assertThat(driver.containers()).isEmpty();
            }
        }
    }

    private static String limitedBy(FixtureTree tree, Cgroups.Builder settings) {
        try (var driver = settings.build()) {
            driver.apply("web", LimitChange.to(Resource.MEMORY, 77));
            for (String path : List.of("lxc.payload.web", "web", "docker/" + ID)) {
                if (!tree.value("memory", path, "memory.max").equals("max")) {
                    driver.apply("web", LimitChange.lift(Resource.MEMORY));
                    return path;
                }
            }
            throw new AssertionError("nothing was limited");
        }
    }

    @Test
    void files_of_an_engine_may_be_elsewhere_and_of_others_none_are_read() {
        try (var tree = FixtureTree.of(FixtureTree.Kind.V2).container("docker/" + ID)) {
            tree.write("srv/docker/containers/" + ID + "/config.v2.json", "{\"Name\":\"/web\"}");
            try (var driver = tree.settings()
                    .engineFiles(Engine.DOCKER, tree.root().resolve("srv/docker"))
                    .build()) {
                assertThat(driver.limits("web")).isNotNull();
            }
            assertThatThrownBy(() -> tree.settings().engineFiles(Engine.SYSTEMD, tree.root()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("SYSTEMD");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "null",
                "{\"Name\":7}",
                "{\"Name\":\"\"}",
                "{\"Name\":\"/\"}",
                "{\"Name\":\"/a\\nb\"}",
                "{\"Name\":\"/../../secret\"}",
                "{\"State\":{\"Name\":\"/web\"}}"
            })
    void a_file_that_tells_no_name_leaves_the_container_with_its_id(String text) {
        try (var tree = FixtureTree.of(FixtureTree.Kind.V2)
                        .container("docker/" + ID)
                        .container("secret");
                var driver = tree.driver()) {
            tree.write("var/lib/docker/containers/" + ID + "/config.v2.json", text);
            assertThat(driver.containers())
                    .singleElement()
                    .satisfies(found -> assertThat(found.name()).isEmpty());
        }
    }

    @Test
    void a_container_that_is_made_anew_under_its_name_is_found_and_one_that_ended_is_missing() {
        try (var tree = FixtureTree.of(FixtureTree.Kind.V1).container("docker/" + ID);
                var driver = tree.driver()) {
            String its = "var/lib/docker/containers/%s/config.v2.json";
            tree.write(its.formatted(ID), "{\"Name\":\"/web\"}");
            driver.apply("web", LimitChange.to(Resource.MEMORY, 77));
            tree.remove("docker/" + ID);
            tree.write(its.formatted(ID), "{\"Name\":\"/old\"}");
            tree.container("docker/" + SIMILAR);
            tree.write(its.formatted(SIMILAR), "{\"Name\":\"/web\"}");
            Awaitility.await()
                    .ignoreExceptionsInstanceOf(MissingContainerException.class)
                    .untilAsserted(() -> assertThat(driver.limits("web").limit(Resource.MEMORY))
                            .isEmpty());
            assertThatThrownBy(() -> driver.limits("old")).isInstanceOf(MissingContainerException.class);
        }
    }

    @Test
    void a_new_search_waits_ten_times_as_long_as_the_last_one_took() {
        var clock = new AtomicLong();
        // Every look at the clock takes a millisecond: so does each search.
        try (var tree = FixtureTree.of(FixtureTree.Kind.V2).container("docker/" + ID);
                var hierarchies =
                        Hierarchies.detect(tree.root(), tree.root().resolve("proc"), new CgroupRoot.Opener(true))) {
            ContainerLookup docker = new DockerLookup(hierarchies, tree.root());
            var finder =
                    new ContainerFinder(hierarchies, List.of(docker), Set.of(docker), () -> clock.addAndGet(1_000_000));
            String late = "5".repeat(64);
            assertThat(finder.find(ID.substring(0, 12))).isPresent();
            tree.container("docker/" + late);
            assertThat(finder.find(late.substring(0, 12))).isEmpty();
            assertThat(finder.find(late))
                    .as("in its usual place, without a search")
                    .isPresent();
            clock.addAndGet(10_000_000);
            assertThat(finder.find(late.substring(0, 12))).isPresent();
            tree.remove("docker/" + late);
            assertThat(finder.find(late.substring(0, 12))).as("ended since").isEmpty();
        }
    }

    @Test
    void a_closed_driver_lists_nothing() {
        try (var tree = FixtureTree.of(FixtureTree.Kind.V2)) {
            var driver = tree.driver();
            driver.close();
            assertThatThrownBy(driver::containers).isInstanceOf(CgroupException.class);
        }
    }
}

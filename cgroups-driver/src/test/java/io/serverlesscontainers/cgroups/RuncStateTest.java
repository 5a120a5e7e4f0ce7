package io.serverlesscontainers.cgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serverlesscontainers.core.spi.LimitChange;
import io.serverlesscontainers.core.spi.MissingContainerException;
import io.serverlesscontainers.store.document.Resource;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What runc writes down about its containers, and what somebody else may have written there. */
class RuncStateTest {

    @ParameterizedTest
    @EnumSource
    void a_container_is_where_its_state_says(FixtureTree.Kind kind) {
        try (var tree = FixtureTree.of(kind).container("shop/c0");
                var driver = tree.driver()) {
            state(tree, "web", kind == FixtureTree.Kind.V2 ? everywhere("", "shop/c0") : each("shop/c0", "shop/c0"));
            driver.apply("web", LimitChange.to(Resource.MEMORY, 77));
            assertThat(driver.limits("shop/c0").limit(Resource.MEMORY)).hasValue(77);
            assertThat(driver.containers()).singleElement().satisfies(found -> {
                assertThat(found.engine()).isEqualTo(Engine.RUNC);
                assertThat(found.id()).isEqualTo("web");
                assertThat(found.cgroups().get("memory")).endsWith("/shop/c0");
            });
        }
    }

    @Test
    void each_controller_may_have_a_path_of_its_own() {
        try (var tree = FixtureTree.of(FixtureTree.Kind.V1).container("a/c0").container("b/c0");
                var driver = tree.driver()) {
            state(tree, "web", each("a/c0", "b/c0"));
            driver.apply("web", LimitChange.to(Resource.MEMORY, 77));
            driver.apply("web", LimitChange.to(Resource.CPU, 50));
            assertThat(tree.value("memory", "b/c0", "memory.limit_in_bytes")).isEqualTo("" + (77L << 20));
            assertThat(tree.value("cpu", "a/c0", "cpu.cfs_quota_us")).isEqualTo("50000");
            assertThat(tree.value("cpu", "b/c0", "cpu.cfs_quota_us")).isEqualTo("-1");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/secret",
                "secret",
                "/sys/fs/cgroup",
                "/sys/fs/cgroup/",
                "/sys/fs/cgroup/../secret",
                "/sys/fs/cgroup/a/../../secret",
                "/sys/fs/cgroup//secret",
                "/sys/fs/cgroup-secret",
                "/sys/fs/cgroup/gone",
                ""
            })
    void a_path_that_leads_elsewhere_is_not_taken(String path) {
        try (var tree = FixtureTree.of(FixtureTree.Kind.V2);
                var driver = tree.driver()) {
            tree.write("sys/fs/secret/memory.max", "7\n");
            tree.write("secret/memory.max", "7\n");
            state(tree, "web", Map.of("", path));
            assertThatThrownBy(() -> driver.limits("web")).isInstanceOf(MissingContainerException.class);
            assertThat(driver.containers()).isEmpty();
        }
    }

    @Test
    void a_name_that_runc_does_not_give_is_not_looked_for() {
        try (var tree = FixtureTree.of(FixtureTree.Kind.V2).container("c0");
                var driver = tree.driver()) {
            for (String name : new String[] {"a b", "a/b", "...", ".a", "$(x)"}) {
                state(tree, name, Map.of("", "/sys/fs/cgroup/c0"));
                assertThatThrownBy(() -> driver.limits(name)).isInstanceOf(MissingContainerException.class);
            }
        }
    }

    private static Map<String, String> everywhere(String controller, String path) {
        return Map.of(controller, "/sys/fs/cgroup/" + path);
    }

    private static Map<String, String> each(String ofOthers, String ofMemory) {
        return Map.of(
                "cpu", "/sys/fs/cgroup/cpu/" + ofOthers,
                "cpuacct", "/sys/fs/cgroup/cpuacct/" + ofOthers,
                "cpuset", "/sys/fs/cgroup/cpuset/" + ofOthers,
                "memory", "/sys/fs/cgroup/memory/" + ofMemory,
                "devices", "/sys/fs/cgroup/devices/" + ofOthers);
    }

    private static void state(FixtureTree tree, String name, Map<String, String> cgroupPaths) {
        String paths = cgroupPaths.entrySet().stream()
                .map(entry -> "\"" + entry.getKey() + "\":\"" + entry.getValue() + "\"")
                .collect(Collectors.joining(","));
        tree.write(
                "run/runc/" + name + "/state.json",
                "{\"id\":\"" + name + "\",\"init_process_pid\":7,\"cgroup_paths\":{" + paths + "}}");
    }
}

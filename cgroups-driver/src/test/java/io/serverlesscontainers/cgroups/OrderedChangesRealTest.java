package io.serverlesscontainers.cgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serverlesscontainers.cgroups.internal.mount.Version;
import io.serverlesscontainers.core.spi.CpuSet;
import io.serverlesscontainers.core.spi.LimitChange;
import io.serverlesscontainers.core.spi.LimitOutcome.Status;
import io.serverlesscontainers.core.spi.MissingContainerException;
import io.serverlesscontainers.core.tck.RealThings;
import io.serverlesscontainers.store.document.Resource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Limits of an application's cgroup and of containers inside, changed together, in whatever order they are given. */
class OrderedChangesRealTest {
    private RealCgroups cgroups;
    private KernelCgroupDriver driver;
    private String application;
    private String container;
    private String sidecar;

    @BeforeEach
    void makeCgroups() {
        cgroups = RealCgroups.require();
        driver = Cgroups.detect();
        application = cgroups.create();
        if (cgroups.version() == Version.V2) {
            cgroups.enableControllersBelow(application);
        }
        container = cgroups.create(application + "/container");
        sidecar = cgroups.create(application + "/sidecar");
    }

    @AfterEach
    void removeThem() {
        if (cgroups != null) {
            driver.close();
            cgroups.close();
        }
    }

    @Test
    void quotas_and_cpus_grow_from_the_outside_in_and_shrink_from_the_inside_out() {
        RealThings.require(driver.host().cpus().size() > 1, "two CPUs are needed");
        CpuSet both = CpuSet.of(driver.host().cpus().stream().limit(2).boxed().toList());
        CpuSet one = CpuSet.of(both.stream().limit(1).boxed().toList());
        var small = Map.of(
                application, LimitChange.cpu(50, one),
                container, LimitChange.cpu(50, one),
                sidecar, LimitChange.cpu(20, one));
        var large = Map.of(
                application, LimitChange.cpu(180, both),
                container, LimitChange.cpu(150, both),
                sidecar, LimitChange.cpu(180, both));
        // A higher quota on fewer CPUs is both, and so is a lower one on more.
        var mixed = Map.of(
                application, LimitChange.cpu(200, one),
                container, LimitChange.cpu(190, one),
                sidecar, LimitChange.cpu(30, one));
        for (Map<String, LimitChange> wanted : List.of(small, large, mixed, large, small, mixed, small)) {
            for (List<String> order :
                    List.of(List.of(application, container, sidecar), List.of(container, sidecar, application))) {
                assertThatAllAreApplied(order, wanted);
            }
        }
    }

    private void assertThatAllAreApplied(List<String> order, Map<String, LimitChange> wanted) {
        List<ContainerChange> changes = order.stream()
                .map(name -> new ContainerChange(name, wanted.get(name)))
                .toList();
        assertThat(driver.applyAll(changes))
                .extracting(ContainerOutcome::change)
                .isEqualTo(changes);
        wanted.forEach((name, change) -> {
            assertThat(driver.limits(name).limit(Resource.CPU)).as(name).isEqualTo(change.limit());
            assertThat(driver.limits(name).cpus()).as(name).isEqualTo(change.cpus());
        });
    }

    @Test
    void memory_of_the_application_goes_down_as_far_as_its_containers_let_it() {
        driver.applyAll(List.of(memory(container, 300), memory(application, 400), memory(sidecar, 100)));
        cgroups.holdMemory(container, 60);
        List<ContainerOutcome> lowered =
                driver.applyAll(List.of(memory(application, 20), memory(container, 30), memory(sidecar, 20)));
        for (ContainerOutcome outcome : lowered.subList(0, 2)) {
            assertThat(outcome.outcome().orElseThrow().status()).isEqualTo(Status.PARTIAL);
            assertThat(outcome.outcome().orElseThrow().reached().orElseThrow()).isBetween(76L, 100L);
        }
        assertThat(lowered.get(2).outcome().orElseThrow().status()).isEqualTo(Status.APPLIED);
        assertThat(cgroups.kills(container) + cgroups.kills(application)).isZero();
        assertThat(cgroups.charged(container)).isGreaterThanOrEqualTo(60L << 20);
    }

    @Test
    void one_that_fails_keeps_no_other_from_being_written() {
        List<ContainerOutcome> outcomes = driver.applyAll(List.of(
                new ContainerChange(container, LimitChange.to(Resource.CPU, 50)),
                memory(application + "/none", 64),
                new ContainerChange(sidecar, LimitChange.cpu(50, CpuSet.of(40_000))),
                memory(container, 64)));
        assertThat(outcomes.get(1).failure()).containsInstanceOf(MissingContainerException.class);
        assertThat(outcomes.get(2).failure().orElseThrow()).hasMessageContaining("ERANGE (34, ");
        assertThat(driver.limits(container).limit(Resource.CPU)).hasValue(50);
        assertThat(driver.limits(container).limit(Resource.MEMORY)).hasValue(64);
        assertThat(driver.limits(sidecar).limit(Resource.CPU)).isEmpty();
    }

    @Test
    void what_grew_and_could_not_shrink_is_as_it_was() {
        RealThings.require(driver.host().cpus().size() > 1, "two CPUs are needed");
        int first = driver.host().cpus().stream().findFirst().orElseThrow();
        int last = driver.host().cpus().stream().max().orElseThrow();
        driver.apply(application, LimitChange.cpu(100, CpuSet.of(first, last)));
        driver.apply(container, LimitChange.cpu(100, CpuSet.of(last)));
        List<ContainerOutcome> outcomes =
                driver.applyAll(List.of(new ContainerChange(application, LimitChange.cpu(150, CpuSet.of(first)))));
        if (cgroups.version() == Version.V1) {
            assertThat(outcomes.get(0).failure().orElseThrow()).hasMessageContaining("EBUSY (16, ");
            assertThat(driver.limits(application).limit(Resource.CPU)).hasValue(100);
            assertThat(driver.limits(application).cpus()).contains(CpuSet.of(first, last));
        } else {
            // Version 2 takes the CPUs from the container as well.
            assertThat(outcomes.get(0).failure()).isEmpty();
        }
    }

    @Test
    void two_changes_of_one_limit_are_refused_before_anything_is_written() {
        assertThatThrownBy(() -> driver.applyAll(List.of(memory(container, 64), memory(container, 128))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("container '" + container + "' has two changes of mem, one is possible");
        assertThatThrownBy(() -> driver.applyAll(List.of(
                        memory(container, 64), new ContainerChange(container, LimitChange.to(Resource.ENERGY, 1)))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(driver.limits(container).limit(Resource.MEMORY)).isEmpty();
    }

    private static ContainerChange memory(String container, long mib) {
        return new ContainerChange(container, LimitChange.to(Resource.MEMORY, mib));
    }
}

package io.serverlesscontainers.core.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.serverlesscontainers.core.scaler.HostOnPaper;
import io.serverlesscontainers.core.spi.CgroupDriver;
import io.serverlesscontainers.core.spi.ContainerLimits;
import io.serverlesscontainers.core.spi.HostCapacity;
import io.serverlesscontainers.core.spi.HostDrivers;
import io.serverlesscontainers.core.spi.LimitChange;
import io.serverlesscontainers.core.spi.LimitOutcome;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.document.Problem;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Structure;
import io.serverlesscontainers.store.document.StructureResource;
import io.serverlesscontainers.store.memory.InMemoryStateStore;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StructureSnapshoterTest {
    private final HostOnPaper host = new HostOnPaper(4, 8_192);
    private final InMemoryStateStore store = new InMemoryStateStore();
    private final StructureSnapshoter snapshoter = new StructureSnapshoter(store, host);
    private final StructureSnapshoter restoring = new StructureSnapshoter(store, host, true);

    @Test
    void the_first_snapshot_fills_current_in_and_is_no_drift() {
        host.container("web-1", 250, 1_024);
        add(container("web-1"));

        StructureSnapshoter.Snapshot snapshot = snapshoter.runOnce();

        assertThat(snapshot.drifts()).isEmpty();
        assertThat(current("web-1", Resource.CPU)).hasValue(250);
        assertThat(current("web-1", Resource.MEMORY)).hasValue(1_024);
    }

    @Test
    void current_follows_the_kernel_and_the_drift_is_told_once() {
        host.container("web-1", 250, 1_024);
        add(container("web-1"));
        snapshoter.runOnce();
        host.set("web-1", Resource.CPU, 120);

        assertThat(snapshoter.runOnce().drifts())
                .containsExactly(new Drift("web-1", Resource.CPU, 250, OptionalLong.of(120)))
                .extracting(Drift::sentence)
                .containsExactly("container 'web-1': cpu limit is 120 shares, the state says 250");
        assertThat(current("web-1", Resource.CPU)).hasValue(120);
        assertThat(snapshoter.runOnce().drifts()).isEmpty();
    }

    @Test
    void a_lifted_limit_keeps_current_and_is_a_drift() {
        host.container("web-1", 250, 1_024);
        add(container("web-1"));
        snapshoter.runOnce();
        host.set("web-1", Resource.CPU, -1);

        assertThat(snapshoter.runOnce().drifts())
                .extracting(Drift::sentence)
                .containsExactly("container 'web-1': cpu limit is lifted, the state says 250");
        assertThat(current("web-1", Resource.CPU)).hasValue(250);
    }

    @Test
    void a_guarded_limit_is_restored_if_so_configured_and_both_values_are_told() {
        host.container("web-1", 250, 1_024);
        add(container("web-1").withGuard(true));
        restoring.runOnce();
        host.set("web-1", Resource.CPU, 120).set("web-1", Resource.MEMORY, -1);

        assertThat(restoring.runOnce().drifts())
                .extracting(Drift::sentence)
                .containsExactly(
                        "container 'web-1': cpu limit is 120 shares, the state says 250; it was restored",
                        "container 'web-1': mem limit is lifted, the state says 1024; it was restored");
        assertThat(host.limits("web-1").limit(Resource.CPU)).hasValue(250);
        assertThat(host.limits("web-1").limit(Resource.MEMORY)).hasValue(1_024);
        assertThat(current("web-1", Resource.CPU)).hasValue(250);
        assertThat(restoring.runOnce().drifts()).isEmpty();
    }

    @Test
    void what_nobody_guards_is_not_restored() {
        host.container("web-1", 250, 1_024);
        add(container("web-1"));
        restoring.runOnce();
        host.set("web-1", Resource.CPU, 120);

        assertThat(restoring.runOnce().drifts())
                .containsExactly(new Drift("web-1", Resource.CPU, 250, OptionalLong.of(120)));
        assertThat(host.limits("web-1").limit(Resource.CPU)).hasValue(120);
        assertThat(current("web-1", Resource.CPU)).hasValue(120);
    }

    @Test
    void a_limit_that_cannot_be_restored_is_carried_into_the_state() {
        host.container("web-1", 250, 1_024);
        add(container("web-1").withGuard(true));
        restoring.runOnce();
        host.set("web-1", Resource.CPU, 120);
        host.refuse("web-1", true);

        assertThat(restoring.runOnce().drifts())
                .singleElement()
                .satisfies(
                        drift -> assertThat(drift.sentence())
                                .startsWith(
                                        "container 'web-1': cpu limit is 120 shares, the state says 250; it could not be restored: "));
        assertThat(current("web-1", Resource.CPU)).hasValue(120);
    }

    @Test
    void memory_that_is_in_use_is_restored_as_far_as_it_goes() {
        host.container("web-1", 250, 1_024);
        add(container("web-1").withGuard(true));
        restoring.runOnce();
        host.set("web-1", Resource.MEMORY, 4_096);
        host.uses("web-1", 2_000);

        assertThat(restoring.runOnce().drifts()).singleElement().satisfies(drift -> {
            assertThat(drift.restored().orElseThrow().status()).isEqualTo(LimitOutcome.Status.PARTIAL);
            assertThat(drift.sentence())
                    .startsWith(
                            "container 'web-1': mem limit is 4096 MiB, the state says 1024; 2000 MiB could be restored: ");
        });
        assertThat(current("web-1", Resource.MEMORY)).hasValue(2_000);
    }

    @Test
    void an_unchanged_structure_is_not_written() {
        host.container("web-1", 250, 1_024);
        add(container("web-1"));
        snapshoter.runOnce();
        String revision = revision("web-1");

        snapshoter.runOnce();

        assertThat(revision("web-1")).isEqualTo(revision);
    }

    @Test
    void an_application_is_the_sum_of_its_containers() {
        host.container("web-1", 250, 1_024).container("web-2", 100, 512);
        add(container("web-1"));
        add(container("web-2"));
        add(application("web-1", "web-2"));

        snapshoter.runOnce();

        assertThat(current("shop", Resource.CPU)).hasValue(350);
        assertThat(current("shop", Resource.MEMORY)).hasValue(1_536);
    }

    @Test
    void half_a_sum_is_no_sum() {
        host.container("web-1", 250, 1_024).container("web-2", 100, 512);
        add(container("web-1"));
        add(container("web-2"));
        add(application("web-1", "web-2"));
        snapshoter.runOnce();
        host.lose("web-2");
        host.set("web-1", Resource.CPU, 50);

        snapshoter.runOnce();

        assertThat(current("shop", Resource.CPU)).hasValue(350);
    }

    @Test
    void an_application_of_nobody_has_no_limit() {
        add(application());

        snapshoter.runOnce();

        assertThat(current("shop", Resource.CPU)).isEmpty();
    }

    @Test
    void a_missing_container_is_one_problem_and_the_others_go_on() {
        host.container("web-2", 100, 512);
        add(container("web-1"));
        add(container("web-2"));

        assertThat(snapshoter.runOnce().problems())
                .containsExactly(new Problem("container 'web-1'", "there is no container 'web-1': not on this paper"));
        assertThat(current("web-2", Resource.CPU)).hasValue(100);
    }

    @Test
    void a_newer_word_of_a_scaler_stands() {
        host.container("web-1", 250, 1_024);
        add(container("web-1"));
        snapshoter.runOnce();
        host.set("web-1", Resource.CPU, 120);
        CgroupDriver overtaken = new CgroupDriver() {
            @Override
            public HostCapacity host() {
                return host.host();
            }

            @Override
            public Set<Resource> resources() {
                return host.resources();
            }

            @Override
            public ContainerLimits limits(String container) {
                ContainerLimits read = host.limits(container);
                store.change(
                        DocumentKind.STRUCTURES,
                        container,
                        structure -> structure.withResource(
                                Resource.CPU,
                                structure.resources().get(Resource.CPU).withCurrent(300)));
                return read;
            }

            @Override
            public LimitOutcome apply(String container, LimitChange change) {
                throw new AssertionError("a snapshoter writes no limit");
            }
        };

        new StructureSnapshoter(store, overtaken).runOnce();

        assertThat(current("web-1", Resource.CPU)).hasValue(300);
    }

    @Test
    void only_the_resources_that_are_asked_for_are_carried_and_applications_may_be_left_out() {
        host.container("web-1", 250, 1_024);
        add(container("web-1"));
        add(application("web-1"));
        StructureSnapshoterSettings cpu = StructureSnapshoterSettings.stock().withResources(Set.of(Resource.CPU));

        new StructureSnapshoter(store, HostDrivers.only(host), cpu.withApplications(false)).runOnce();
        assertThat(current("web-1", Resource.CPU)).hasValue(250);
        assertThat(current("web-1", Resource.MEMORY)).isEmpty();
        assertThat(current("shop", Resource.CPU)).isEmpty();

        new StructureSnapshoter(store, HostDrivers.only(host), cpu).runOnce();
        assertThat(current("shop", Resource.CPU)).hasValue(250);
        assertThat(current("shop", Resource.MEMORY)).isEmpty();
    }

    private void add(Structure structure) {
        store.create(DocumentKind.STRUCTURES, structure);
    }

    private static Structure container(String name) {
        return bounded(Structure.of(name, Structure.Subtype.CONTAINER));
    }

    private static Structure application(String... containers) {
        return bounded(Structure.of("shop", Structure.Subtype.APPLICATION).withContainers(List.of(containers)));
    }

    private static Structure bounded(Structure structure) {
        return structure
                .withResource(Resource.CPU, StructureResource.bounds(50, 400, true))
                .withResource(Resource.MEMORY, StructureResource.bounds(256, 4_096, true));
    }

    private OptionalLong current(String name, Resource resource) {
        return store.find(DocumentKind.STRUCTURES, name)
                .orElseThrow()
                .document()
                .resources()
                .get(resource)
                .current();
    }

    private String revision(String name) {
        return store.find(DocumentKind.STRUCTURES, name).orElseThrow().revision();
    }
}

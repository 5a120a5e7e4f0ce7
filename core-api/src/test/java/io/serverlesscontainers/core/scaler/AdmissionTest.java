package io.serverlesscontainers.core.scaler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serverlesscontainers.core.spi.CgroupException;
import io.serverlesscontainers.core.spi.CpuSet;
import io.serverlesscontainers.core.spi.MissingContainerException;
import io.serverlesscontainers.store.StateStore;
import io.serverlesscontainers.store.StateStoreException;
import io.serverlesscontainers.store.document.Boundary;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.document.Limits;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.ResourceLimits;
import io.serverlesscontainers.store.document.Structure;
import io.serverlesscontainers.store.document.StructureResource;
import io.serverlesscontainers.store.memory.InMemoryStateStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Admission to a host of 4 CPUs and 8,192 MiB. */
class AdmissionTest {
    private final HostOnPaper host = new HostOnPaper(4, 8_192);
    private final InMemoryStateStore store = new InMemoryStateStore();
    private final Admission admission = new Admission(store, host, "host-1");

    @Test
    void a_container_keeps_the_limits_it_has_within_its_bounds() {
        host.container("web-1", 250, 1_024);

        Structure admitted = admission.admit(container("web-1", 50, 400), limits("web-1"));

        assertThat(admitted).isEqualTo(structure("web-1"));
        assertThat(current("web-1", Resource.CPU)).isEqualTo(250);
        assertThat(current("web-1", Resource.MEMORY)).isEqualTo(1_024);
        assertThat(host.writes()).containsExactly("web-1 cpu 250 on 0-2", "web-1 mem 1024");
        assertThat(free(Resource.CPU)).isEqualTo(150);
        assertThat(free(Resource.MEMORY)).isEqualTo(7_168);
        assertThat(store.find(DocumentKind.LIMITS, "web-1")).isPresent();
        assertThat(structure("host-1")
                        .resources()
                        .get(Resource.CPU)
                        .coreUsage()
                        .orElseThrow()
                        .cores()
                        .get(3)
                        .free())
                .isEqualTo(100);
    }

    @Test
    void limits_outside_the_bounds_are_moved_into_them() {
        host.container("low", 10, 1_024).container("high", 390, 1_024);

        admission.admit(container("low", 50, 100), limits("low"));
        admission.admit(container("high", 50, 100), limits("high"));

        assertThat(host.limit("low", Resource.CPU)).isEqualTo(50);
        assertThat(host.limit("high", Resource.CPU)).isEqualTo(100);
    }

    @Test
    void a_container_without_limits_gets_its_max_or_what_is_free() {
        host.container("first", -1, -1).container("second", -1, -1);

        admission.admit(container("first", 50, 300), limits("first"));
        admission.admit(container("second", 50, 300), limits("second"));

        assertThat(host.limit("first", Resource.CPU)).isEqualTo(300);
        assertThat(host.limit("second", Resource.CPU)).isEqualTo(100);
        assertThat(host.cpus("second")).isEqualTo(CpuSet.of(3));
        assertThat(free(Resource.CPU)).isZero();
    }

    @Test
    void a_host_without_room_for_min_refuses_and_nothing_has_changed() {
        host.container("first", 380, 1_024).container("second", 100, 1_024);
        admission.admit(container("first", 50, 400), limits("first"));
        Map<String, Object> before = everything();

        assertThatThrownBy(() -> admission.admit(container("second", 50, 400), limits("second")))
                .isInstanceOf(AdmissionException.class)
                .hasMessage(
                        "container 'second': host 'host-1' has 20 shares of cpu free, less than its min, which is 50");

        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void a_refusal_by_an_unknown_host_does_not_make_it_known() {
        host.container("web-1", 100, 1_024);

        assertThatThrownBy(() -> admission.admit(container("web-1", 500, 600), limits("web-1")))
                .isInstanceOf(AdmissionException.class);

        assertThat(store.findAll(DocumentKind.STRUCTURES)).isEmpty();
    }

    @Test
    void bounds_that_contradict_each_other_are_refused() {
        host.container("web-1", 100, 1_024);

        assertThatThrownBy(() -> admission.admit(container("web-1", 200, 100), limits("web-1")))
                .isInstanceOf(AdmissionException.class)
                .hasMessage("container 'web-1': cpu from 200 to 100, min may be at most max");
    }

    @Test
    void a_resource_that_the_driver_cannot_limit_is_refused() {
        host.container("web-1", 100, 1_024);
        Structure withNet =
                container("web-1", 50, 400).withResource(Resource.NET, StructureResource.bounds(1, 100, true));

        assertThatThrownBy(() -> admission.admit(withNet, limits("web-1")))
                .isInstanceOf(AdmissionException.class)
                .hasMessageStartingWith("container 'web-1': net cannot be limited here, only ");
        assertThat(host.writes()).isEmpty();
    }

    @Test
    void a_missing_container_is_not_admitted() {
        assertThatThrownBy(() -> admission.admit(container("web-1", 50, 400), limits("web-1")))
                .isInstanceOf(MissingContainerException.class);
        assertThat(store.findAll(DocumentKind.STRUCTURES)).isEmpty();
    }

    @Test
    void a_second_write_that_fails_takes_the_first_one_back() {
        host.container("web-1", 390, 1_024);
        host.refuse(Resource.MEMORY);

        assertThatThrownBy(() -> admission.admit(container("web-1", 50, 200), limits("web-1")))
                .isInstanceOf(CgroupException.class)
                .hasMessageContaining("EBUSY");

        assertThat(host.writes()).containsExactly("web-1 cpu 200 on 0-1", "web-1 cpu 390 on 0-3");
        assertThat(store.findAll(DocumentKind.STRUCTURES)).isEmpty();
        assertThat(store.findAll(DocumentKind.LIMITS)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void a_store_that_fails_at_any_write_leaves_kernel_and_state_as_they_were(int failing) {
        host.container("web-1", 390, 1_024);
        var brittle = new Admission(failingAtWrite(failing), host, "host-1");

        assertThatThrownBy(() -> brittle.admit(container("web-1", 50, 200), limits("web-1")))
                .isInstanceOf(StateStoreException.class)
                .hasMessage("the store is full");

        assertThat(host.limit("web-1", Resource.CPU)).isEqualTo(390);
        assertThat(host.cpus("web-1")).isEqualTo(CpuSet.first(4));
        assertThat(host.limit("web-1", Resource.MEMORY)).isEqualTo(1_024);
        assertThat(store.findAll(DocumentKind.STRUCTURES)).isEmpty();
        assertThat(store.findAll(DocumentKind.LIMITS)).isEmpty();
    }

    /** Refuses to create the document of this number. */
    private StateStore failingAtWrite(int failing) {
        var writes = new ArrayList<String>();
        return (StateStore) Proxy.newProxyInstance(
                StateStore.class.getClassLoader(), new Class<?>[] {StateStore.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("create")) {
                        writes.add(method.getName());
                        if (writes.size() == failing) {
                            throw new StateStoreException("the store is full");
                        }
                    }
                    try {
                        return method.invoke(store, arguments);
                    } catch (InvocationTargetException failed) {
                        throw failed.getCause();
                    }
                });
    }

    @Test
    void a_container_can_be_admitted_anew_with_other_bounds() {
        host.container("web-1", 250, 1_024);
        admission.admit(container("web-1", 50, 400), limits("web-1"));

        admission.admit(container("web-1", 50, 200), limits("web-1"));

        assertThat(current("web-1", Resource.CPU)).isEqualTo(200);
        assertThat(free(Resource.CPU)).isEqualTo(200);
        assertThat(free(Resource.MEMORY)).isEqualTo(7_168);
    }

    @Test
    void a_dismissed_container_frees_what_it_held_and_keeps_its_limits() {
        host.container("web-1", 250, 1_024).container("web-2", 100, 1_024);
        admission.admit(container("web-1", 50, 400), limits("web-1"));
        admission.admit(container("web-2", 50, 400), limits("web-2"));
        int writes = host.writes().size();

        admission.dismiss("web-1");

        assertThat(store.find(DocumentKind.STRUCTURES, "web-1")).isEmpty();
        assertThat(store.find(DocumentKind.LIMITS, "web-1")).isEmpty();
        assertThat(free(Resource.CPU)).isEqualTo(300);
        assertThat(free(Resource.MEMORY)).isEqualTo(7_168);
        assertThat(host.writes()).hasSize(writes);
        admission.dismiss("web-1");
        assertThat(free(Resource.CPU)).isEqualTo(300);
    }

    @Test
    void a_registered_container_is_known_and_untouched() {
        host.container("web-1", 250, -1);

        admission.register(container("web-1", 50, 200), limits("web-1"));

        assertThat(current("web-1", Resource.CPU)).isEqualTo(250);
        assertThat(current("web-1", Resource.MEMORY)).isEqualTo(4_096);
        assertThat(host.writes()).isEmpty();
    }

    private Map<String, Object> everything() {
        return Map.of(
                "writes", List.copyOf(host.writes()),
                "structures", List.copyOf(store.findAll(DocumentKind.STRUCTURES)),
                "limits", List.copyOf(store.findAll(DocumentKind.LIMITS)));
    }

    private static Structure container(String name, long min, long max) {
        return Structure.of(name, Structure.Subtype.CONTAINER)
                .withGuard(false)
                .withResource(Resource.CPU, StructureResource.bounds(min, max, true))
                .withResource(Resource.MEMORY, StructureResource.bounds(256, 4_096, true));
    }

    private static Limits limits(String name) {
        return Limits.of(name).withResource(Resource.CPU, ResourceLimits.of(Boundary.absolute(25)));
    }

    private Structure structure(String name) {
        return store.find(DocumentKind.STRUCTURES, name).orElseThrow().document();
    }

    private long current(String container, Resource resource) {
        return structure(container).resources().get(resource).current().orElseThrow();
    }

    private long free(Resource resource) {
        return structure("host-1").resources().get(resource).free().orElseThrow();
    }
}

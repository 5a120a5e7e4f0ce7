package io.serverlesscontainers.core.scaler;

import static org.assertj.core.api.Assertions.assertThat;

import io.serverlesscontainers.core.spi.CpuSet;
import io.serverlesscontainers.core.spi.HostCapacity;
import io.serverlesscontainers.store.document.CoreUsage;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Structure;
import io.serverlesscontainers.store.document.StructureResource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class HostAccountingTest {
    private static final HostCapacity CAPACITY = new HostCapacity(CpuSet.first(4), 8_192);
    private static final Structure HOST = Structure.of("host-1", Structure.Subtype.HOST)
            .withResource(Resource.CPU, StructureResource.stock(400, 400))
            .withResource(Resource.MEMORY, StructureResource.stock(8_192, 8_192));

    @Test
    void what_is_free_is_told_from_the_limits_and_not_from_the_document() {
        var account = account(HOST, container("a", 150, 1_024), container("b", 100, 2_048));

        assertThat(account.free(Resource.CPU)).isEqualTo(150);
        assertThat(account.free(Resource.MEMORY)).isEqualTo(5_120);
        assertThat(account.most("a", Resource.CPU)).isEqualTo(300);
    }

    @Test
    void a_container_without_a_known_limit_counts_with_its_max() {
        Structure unknown = Structure.of("a", Structure.Subtype.CONTAINER)
                .withResource(Resource.CPU, StructureResource.bounds(10, 250, true));

        assertThat(account(HOST, unknown).free(Resource.CPU)).isEqualTo(150);
    }

    @Test
    void a_host_without_a_document_has_what_it_says_of_itself() {
        var account = account(Structure.of("host-1", Structure.Subtype.HOST), container("a", 150, 1_024));

        assertThat(account.free(Resource.CPU)).isEqualTo(250);
        assertThat(account.free(Resource.MEMORY)).isEqualTo(7_168);
    }

    @Test
    void what_nobody_has_stated_is_not_rationed_and_never_written() {
        Structure host = HOST.withResource(
                Resource.NET,
                new StructureResource(
                        OptionalLong.empty(),
                        OptionalLong.empty(),
                        OptionalLong.empty(),
                        OptionalLong.empty(),
                        OptionalDouble.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Map.of()));
        Structure busy = container("a", 100, 100)
                .withResource(
                        Resource.NET, StructureResource.bounds(1, 500, true).withCurrent(500));
        var account = account(host, busy);

        assertThat(account.free(Resource.NET)).isEqualTo(Long.MAX_VALUE);
        assertThat(account.on(host).resource(Resource.NET)).isEqualTo(host.resource(Resource.NET));
    }

    @Test
    void a_debt_is_paid_before_anything_is_free_again() {
        var account = account(HOST, container("a", 300, 100), container("b", 200, 100));
        assertThat(account.free(Resource.CPU)).isZero();
        assertThat(account.most("b", Resource.CPU)).isEqualTo(100);

        account.set("a", Resource.CPU, 250);
        assertThat(account.free(Resource.CPU)).isZero();

        account.set("a", Resource.CPU, 150);
        assertThat(account.free(Resource.CPU)).isEqualTo(50);
    }

    @Test
    void the_core_map_follows_the_limits_and_forgets_who_is_gone() {
        Structure host = HOST.withResource(
                Resource.CPU,
                StructureResource.stock(400, 0)
                        .withCoreUsage(usage(
                                Map.of(0, Map.of("gone", 100L), 1, Map.of("a", 100L), 2, Map.of(), 3, Map.of()))));

        Structure after = account(host, container("a", 200, 100)).on(host);

        CoreUsage cores = after.resources().get(Resource.CPU).coreUsage().orElseThrow();
        assertThat(cores.cores().get(0).shares()).isEqualTo(Map.of("a", 100L));
        assertThat(cores.cores().get(1).shares()).isEqualTo(Map.of("a", 100L));
        assertThat(after.resources().get(Resource.CPU).free()).hasValue(200);
    }

    @Test
    void cores_that_the_host_does_not_have_are_never_handed_out() {
        Structure host = HOST.withResource(
                Resource.CPU,
                StructureResource.stock(400, 0)
                        .withCoreUsage(usage(Map.of(-1, Map.of("a", 100L), 77, Map.of("a", 100L)))));

        assertThat(account(host, container("a", 150, 100)).cpus("a")).isEqualTo(CpuSet.of(0, 1));
    }

    @Test
    void one_that_the_map_has_no_room_for_runs_on_all_cores() {
        Structure host = HOST.withResource(
                Resource.CPU,
                StructureResource.stock(400, 0)
                        .withCoreUsage(usage(Map.of(
                                0,
                                Map.of("a", 100L),
                                1,
                                Map.of("a", 100L),
                                2,
                                Map.of("a", 100L),
                                3,
                                Map.of("a", 100L)))));
        var account = account(host, container("a", 400, 100), container("b", 1, 100));

        assertThat(account.cpus("b")).isEqualTo(CpuSet.first(4));
    }

    @Test
    void limits_of_nonsense_do_not_overflow() {
        var account = account(
                HOST, container("a", Long.MAX_VALUE, Long.MIN_VALUE), container("b", Long.MAX_VALUE, Long.MAX_VALUE));

        assertThat(account.free(Resource.CPU)).isZero();
        assertThat(account.free(Resource.MEMORY)).isZero();
        account.set("b", Resource.MEMORY, 92);
        assertThat(account.free(Resource.MEMORY)).isEqualTo(8_100);
    }

    private static HostAccounting account(Structure host, Structure... containers) {
        return new HostAccounting(host, List.of(containers), CAPACITY);
    }

    private static Structure container(String name, long cpuShares, long memoryMiB) {
        return Structure.of(name, Structure.Subtype.CONTAINER)
                .withResource(
                        Resource.CPU, StructureResource.bounds(1, 400, true).withCurrent(cpuShares))
                .withResource(
                        Resource.MEMORY,
                        StructureResource.bounds(1, 8_192, true).withCurrent(memoryMiB));
    }

    private static CoreUsage usage(Map<Integer, Map<String, Long>> cores) {
        var usage = new TreeMap<Integer, CoreUsage.Core>();
        cores.forEach((number, shares) -> usage.put(number, new CoreUsage.Core(0, new TreeMap<>(shares))));
        return new CoreUsage(usage);
    }
}

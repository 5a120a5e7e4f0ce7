package io.serverlesscontainers.examples.services;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.serverlesscontainers.core.Mode;
import io.serverlesscontainers.core.lease.Lease;
import io.serverlesscontainers.core.simulation.VirtualClock;
import io.serverlesscontainers.core.spi.CgroupDriver;
import io.serverlesscontainers.core.spi.ContainerLimits;
import io.serverlesscontainers.core.spi.CpuSet;
import io.serverlesscontainers.core.spi.HostCapacity;
import io.serverlesscontainers.core.spi.HostDrivers;
import io.serverlesscontainers.core.spi.LimitChange;
import io.serverlesscontainers.core.spi.LimitOutcome;
import io.serverlesscontainers.core.spi.Usages;
import io.serverlesscontainers.examples.init.Initializer;
import io.serverlesscontainers.examples.init.StartingDocuments;
import io.serverlesscontainers.policy.StoredRulesPolicy;
import io.serverlesscontainers.store.document.Boundary;
import io.serverlesscontainers.store.document.CoreUsage;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.document.Limits;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.ResourceLimits;
import io.serverlesscontainers.store.document.Structure;
import io.serverlesscontainers.store.document.StructureResource;
import io.serverlesscontainers.store.memory.InMemoryStateStore;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What the services make of the keys in their documents, window by window, and of what only the command line says. */
class SettingsOfServicesTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final VirtualClock clock = VirtualClock.startingAt(Instant.ofEpochSecond(1_700_000_000));
    private final InMemoryStateStore store = new InMemoryStateStore();
    private final List<String> problems = new ArrayList<>();

    @BeforeEach
    void one_container_of_an_application() throws IOException {
        new Initializer(store).write(StartingDocuments.stock().withoutStructures(), false);
        store.create(
                DocumentKind.STRUCTURES,
                Structure.of("host0", Structure.Subtype.HOST)
                        .withResource(Resource.CPU, StructureResource.stock(400, 200)));
        store.create(
                DocumentKind.STRUCTURES,
                bounded(Structure.of("cont0", Structure.Subtype.CONTAINER)
                        .withGuard(true)
                        .withHost("host0", "127.0.0.1", "8000")));
        store.create(
                DocumentKind.STRUCTURES,
                bounded(Structure.of("app0", Structure.Subtype.APPLICATION).withContainers(List.of("cont0"))));
        store.create(
                DocumentKind.LIMITS,
                Limits.of("cont0").withResource(Resource.CPU, ResourceLimits.of(Boundary.absolute(10))));
    }

    @Test
    void the_structure_snapshoter_carries_what_its_document_says() throws Exception {
        var work = new StructureSnapshoterWork(store, HostDrivers.only(new OneLimit()));
        Configuration configuration = configuration("structures_snapshoter");
        set("structures_snapshoter", "RESOURCES_PERSISTED", "[\"mem\"]");
        set("structures_snapshoter", "STRUCTURES_PERSISTED", "[]");
        run(work, configuration);
        assertThat(current("cont0", Resource.CPU)).isEmpty();
        assertThat(current("cont0", Resource.MEMORY)).hasValue(512);
        assertThat(current("app0", Resource.MEMORY)).isEmpty();

        set("structures_snapshoter", "RESOURCES_PERSISTED", "[\"gpu\"]");
        set("structures_snapshoter", "STRUCTURES_PERSISTED", "[\"host\"]");
        run(work, configuration);
        run(work, configuration);
        assertThat(current("cont0", Resource.CPU)).isEmpty();
        assertThat(problems)
                .containsExactlyInAnyOrder(
                        "service 'structures_snapshoter': RESOURCES_PERSISTED is [\"gpu\"], a list of resources such as "
                                + "[\"cpu\", \"mem\"] is needed; [mem] stays",
                        "service 'structures_snapshoter': STRUCTURES_PERSISTED is [\"host\"], a list of [\"container\", "
                                + "\"application\"] is needed; [] stays");

        set("structures_snapshoter", "RESOURCES_PERSISTED", "[\"cpu\", \"mem\"]");
        set("structures_snapshoter", "STRUCTURES_PERSISTED", "[\"application\"]");
        run(work, configuration);
        assertThat(current("cont0", Resource.CPU)).hasValue(150);
        assertThat(current("app0", Resource.CPU)).hasValue(150);
    }

    @Test
    void the_scaler_checks_the_core_maps_of_hosts_if_its_document_says_so() throws Exception {
        var work = new ScalerWork(
                store,
                HostDrivers.only(new OneLimit()),
                query -> Usages.none(),
                clock,
                new Lease(store, "scaler", "a", clock));
        Configuration configuration = configuration("scaler");
        set("scaler", "CHECK_CORE_MAP", "\"false\"");
        run(work, configuration);
        set("scaler", "CHECK_CORE_MAP", "\"perhaps\"");
        run(work, configuration);
        assertThat(cores()).isEmpty();
        assertThat(problems)
                .containsExactly(
                        "service 'scaler': CHECK_CORE_MAP is \"perhaps\", true or false is needed; false stays");

        set("scaler", "CHECK_CORE_MAP", "true");
        run(work, configuration);
        assertThat(cores().orElseThrow().cores().values().stream()
                        .mapToLong(CoreUsage.Core::free)
                        .sum())
                .isEqualTo(200);
        work.close();
    }

    @Test
    void a_guardian_on_a_dry_run_says_what_it_would_ask_for_and_writes_nothing() throws Exception {
        store.change(
                DocumentKind.STRUCTURES,
                "cont0",
                structure -> structure.withResource(
                        Resource.CPU,
                        structure.resource(Resource.CPU).orElseThrow().withCurrent(100)));
        var lease = new Lease(store, "guardian", "dry", clock);
        try (var policy = StoredRulesPolicy.following(store, Runnable::run, problem -> {});
                var work = new GuardianWork(
                        store,
                        query -> Usages.builder().add("cont0", Resource.CPU, 99).build(),
                        policy,
                        Mode.DRY_RUN,
                        clock,
                        lease)) {
            Configuration configuration = configuration("guardian");
            assertThat(run(work, configuration)).endsWith("0 requests that would be made");
            assertThat(run(work, configuration)).endsWith("1 requests that would be made");
            assertThat(work.writes()).isFalse();
        }
        assertThat(store.requests()).isEmpty();
        assertThat(store.events()).isEmpty();
        assertThat(store.find(DocumentKind.SERVICES, "guardian_leases")).isEmpty();
    }

    @Test
    void only_a_guardian_has_a_dry_run() {
        for (ServiceKind kind : ServiceKind.values()) {
            CommandLine line = ServiceCommand.of(kind);
            assertThat(line.getCommandSpec().findOption("--dry-run") != null)
                    .as(kind.command())
                    .isEqualTo(kind == ServiceKind.GUARDIAN);
        }
    }

    private String run(Work work, Configuration configuration) throws Exception {
        clock.advance(Duration.ofSeconds(10));
        configuration.refresh();
        return work.runOnce(configuration);
    }

    private Configuration configuration(String service) {
        return new Configuration(store, service, problems::add);
    }

    private void set(String service, String key, String json) throws Exception {
        JsonNode value = JSON.readTree(json);
        store.change(DocumentKind.SERVICES, service, document -> document.withConfig(key, value));
    }

    private OptionalLong current(String structure, Resource resource) {
        return resource(structure, resource).current();
    }

    private Optional<CoreUsage> cores() {
        return resource("host0", Resource.CPU).coreUsage();
    }

    private StructureResource resource(String structure, Resource resource) {
        return store.find(DocumentKind.STRUCTURES, structure)
                .orElseThrow()
                .document()
                .resource(resource)
                .orElseThrow();
    }

    private static Structure bounded(Structure structure) {
        return structure
                .withResource(Resource.CPU, StructureResource.bounds(50, 200, true))
                .withResource(Resource.MEMORY, StructureResource.bounds(256, 4_096, true));
    }

    /** A host whose only container has 150 shares and 512 MiB. */
    private static final class OneLimit implements CgroupDriver {
        @Override
        public HostCapacity host() {
            return new HostCapacity(CpuSet.first(4), 8_192);
        }

        @Override
        public Set<Resource> resources() {
            return Set.of(Resource.CPU, Resource.MEMORY);
        }

        @Override
        public ContainerLimits limits(String container) {
            Map<Resource, OptionalLong> limits = new EnumMap<>(Resource.class);
            limits.put(Resource.CPU, OptionalLong.of(150));
            limits.put(Resource.MEMORY, OptionalLong.of(512));
            return new ContainerLimits(container, limits, Optional.of(CpuSet.first(4)));
        }

        @Override
        public LimitOutcome apply(String container, LimitChange change) {
            throw new AssertionError("nobody asked for another limit");
        }
    }
}

package io.serverlesscontainers.cgroups;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.serverlesscontainers.core.spi.ContainerLimits;
import io.serverlesscontainers.core.spi.CpuSet;
import io.serverlesscontainers.examples.orchestrator.OrchestratorServer;
import io.serverlesscontainers.examples.service.HostAccess;
import io.serverlesscontainers.examples.service.http.Listen;
import io.serverlesscontainers.examples.services.RemoteHosts;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Structure;
import io.serverlesscontainers.store.document.StructureResource;
import io.serverlesscontainers.store.memory.InMemoryStateStore;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Containers that people subscribe at an Orchestrator, down to the files that their host's Container Scaler writes. */
class SubscribedContainersTest {
    private final HttpClient client = HttpClient.newHttpClient();
    private final InMemoryStateStore store = new InMemoryStateStore();
    private final RemoteHosts hosts = new RemoteHosts(store, HostAccess.plain());
    private ScalerOnTree scaler;
    private OrchestratorServer orchestrator;

    @BeforeEach
    void begin() throws Exception {
        scaler = ScalerOnTree.withFourCpus(FixtureTree.Kind.V1);
        orchestrator = new OrchestratorServer(store, hosts, Listen.loopback(0), 1_000_000);
        assertDone("PUT", "/structure/host/host0", """
                {"name":"host0","host":"host0","subtype":"host","host_rescaler_ip":"127.0.0.1","host_rescaler_port":%d,
                 "resources":{"cpu":{"max":400,"free":400},"mem":{"max":8192,"free":8192}}}""".formatted(scaler.url().getPort()));
    }

    @AfterEach
    void end() {
        orchestrator.close();
        scaler.close();
        hosts.close();
        store.close();
    }

    @Test
    void one_that_comes_has_cores_limits_and_its_part_of_the_host_and_gives_them_back() throws Exception {
        assertDone("PUT", "/structure/container/cont0", container("cont0", 200, 1024));

        ContainerLimits limits = scaler.remote().limits("cont0");
        assertThat(limits.limit(Resource.CPU)).hasValue(200);
        assertThat(limits.limit(Resource.MEMORY)).hasValue(1024);
        assertThat(limits.cpus()).hasValue(CpuSet.first(2));
        assertThat(free(Resource.CPU)).isEqualTo(200);
        assertThat(free(Resource.MEMORY)).isEqualTo(7168);
        assertThat(store.find(DocumentKind.LIMITS, "cont0")).isPresent();
        assertThat(structure("cont0").otherFields()).containsKey("guard_policy");

        assertDone("DELETE", "/structure/container/cont0", "");

        assertThat(store.find(DocumentKind.STRUCTURES, "cont0")).isEmpty();
        assertThat(store.find(DocumentKind.LIMITS, "cont0")).isEmpty();
        assertThat(free(Resource.CPU)).isEqualTo(400);
        assertThat(free(Resource.MEMORY)).isEqualTo(8192);
    }

    @Test
    void one_that_the_host_has_no_room_for_changes_nothing() throws Exception {
        assertDone("PUT", "/structure/container/cont0", container("cont0", 390, 1024));
        var before = scaler.contents();

        assertRefused(
                400,
                "container 'cont1': host 'host0' has 10 shares of cpu free, less than its min, which is 20",
                ask("PUT", "/structure/container/cont1", container("cont1", 100, 1024)));

        assertThat(scaler.contents()).isEqualTo(before);
        assertThat(store.find(DocumentKind.STRUCTURES, "cont1")).isEmpty();
        assertThat(store.find(DocumentKind.LIMITS, "cont1")).isEmpty();
        assertThat(free(Resource.CPU)).isEqualTo(10);
    }

    @Test
    void what_cannot_be_is_one_sentence() throws Exception {
        assertDone("PUT", "/structure/container/cont0", container("cont0", 200, 1024));

        assertRefused(
                400,
                "structure 'cont0' is there already",
                ask("PUT", "/structure/container/cont0", container("cont0", 200, 1024)));
        assertThat(ask("PUT", "/structure/container/cont7", container("cont7", 100, 1024))
                        .body())
                .startsWith("{\"message\":\"there is no container 'cont7'");
        assertThat(ask("PUT", "/structure/container/cont1", container("cont0", 100, 1024))
                        .statusCode())
                .isEqualTo(400);
        assertThat(ask(
                                "PUT",
                                "/structure/container/cont1",
                                container("cont1", 100, 1024).replace("host0", "host7"))
                        .statusCode())
                .isEqualTo(404);
        assertThat(ask("DELETE", "/structure/container/host0", "").statusCode()).isEqualTo(400);
        assertThat(ask("DELETE", "/structure/container/cont1", "").statusCode()).isEqualTo(404);
        assertThat(free(Resource.CPU)).isEqualTo(200);
    }

    @Test
    void of_two_that_want_the_last_shares_one_gets_them() throws Exception {
        var threads = Executors.newFixedThreadPool(2);
        try {
            List<Future<HttpResponse<String>>> answers = new ArrayList<>();
            for (String name : List.of("cont0", "cont1")) {
                answers.add(threads.submit(() -> ask(
                        "PUT",
                        "/structure/container/" + name,
                        container(name, 390, 1024).replace("\"min\":20", "\"min\":390"))));
            }
            List<Integer> statuses = new ArrayList<>();
            for (Future<HttpResponse<String>> answer : answers) {
                statuses.add(answer.get().statusCode());
            }
            assertThat(statuses).containsExactlyInAnyOrder(200, 400);
        } finally {
            threads.shutdownNow();
        }
        assertThat(free(Resource.CPU)).isEqualTo(10);
    }

    @Test
    void a_host_that_is_gone_does_not_hold_its_containers() throws Exception {
        assertDone("PUT", "/structure/container/cont0", container("cont0", 200, 1024));
        scaler.close();
        try {
            assertThat(ask("PUT", "/structure/container/cont1", container("cont1", 100, 1024))
                            .statusCode())
                    .isEqualTo(500);
            assertDone("DELETE", "/structure/container/cont0", "");
            assertThat(store.find(DocumentKind.STRUCTURES, "cont0")).isEmpty();
        } finally {
            scaler = ScalerOnTree.withFourCpus(FixtureTree.Kind.V1);
        }
    }

    private static String container(String name, long cpuShares, long memoryMiB) {
        return """
                {"container":{"name":"%s","subtype":"container","host":"host0","host_rescaler_ip":"127.0.0.1",
                  "host_rescaler_port":"PORT","guard":false,"guard_policy":"serverless","resources":{
                    "cpu":{"max":400,"current":"%d","min":20,"guard":false},
                    "mem":{"max":8192,"current":%d,"min":256,"guard":false}}},
                 "limits":{"resources":{"cpu":{"boundary":10,"boundary_type":"percentage_of_max"},
                    "mem":{"boundary":10,"boundary_type":"percentage_of_max"}}}}""".formatted(name, cpuShares, memoryMiB);
    }

    private HttpResponse<String> ask(String method, String path, String body) throws IOException, InterruptedException {
        String sent = body.replace("PORT", Integer.toString(scaler.url().getPort()));
        return client.send(
                HttpRequest.newBuilder(orchestrator.url().resolve(path))
                        .method(method, BodyPublishers.ofString(sent))
                        .build(),
                BodyHandlers.ofString());
    }

    private void assertDone(String method, String path, String body) throws Exception {
        HttpResponse<String> answer = ask(method, path, body);
        assertThat(answer.body()).isEqualTo("201\n");
        assertThat(answer.statusCode()).isEqualTo(200);
    }

    private static void assertRefused(int status, String sentence, HttpResponse<String> answer) throws IOException {
        assertThat(new ObjectMapper().readTree(answer.body()).path("message").textValue())
                .isEqualTo(sentence);
        assertThat(answer.statusCode()).isEqualTo(status);
    }

    private Structure structure(String name) {
        return store.find(DocumentKind.STRUCTURES, name).orElseThrow().document();
    }

    private long free(Resource resource) {
        return structure("host0")
                .resource(resource)
                .map(StructureResource::free)
                .orElseThrow()
                .orElse(-1);
    }
}

package io.serverlesscontainers.cgroups;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.serverlesscontainers.cgroups.internal.mount.Version;
import io.serverlesscontainers.examples.containerscaler.ContainerScalerServer;
import io.serverlesscontainers.examples.service.http.Listen;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A Container Scaler in front of this machine's cgroups, with real containers in them. */
class ContainerScalerRealTest {
    private final HttpClient client = HttpClient.newHttpClient();
    private RealCgroups cgroups;
    private KernelCgroupDriver driver;
    private ContainerScalerServer server;

    @BeforeEach
    void begin() {
        cgroups = RealCgroups.require();
        driver = Cgroups.builder().disk(RealCgroups.requireDisk()).build();
        server = new ContainerScalerServer(driver, Path.of("/"), Listen.loopback(0), ScalerOnTree.UNLIMITED_RATE);
    }

    @AfterEach
    void end() {
        if (server != null) {
            server.close();
            driver.close();
            cgroups.close();
        }
    }

    private HttpResponse<String> ask(String method, String path, String body) throws Exception {
        URI url = server.url().resolve(path);
        return client.send(
                HttpRequest.newBuilder(url)
                        .method(method, BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private static JsonNode json(HttpResponse<String> answer) throws Exception {
        return new ObjectMapper().readTree(answer.body());
    }

    @Test
    void an_lxc_container_is_listed_and_limited_by_its_name() throws Exception {
        String name = "sc-test-" + ProcessHandle.current().pid() + "-rest";
        try (RealLxc lxc = RealLxc.require()) {
            lxc.start(name);
            HttpResponse<String> changed = ask(
                    "PUT",
                    "/container/" + name,
                    "{\"cpu\": {\"cpu_allowance_limit\": \"50\",\"cpu_num\": \"0,1\"},\"mem\":{\"mem_limit\":\"128\"},"
                            + "\"disk_write\":{\"disk_write_limit\":30}}");
            assertThat(changed.statusCode()).as(changed.body()).isEqualTo(201);
            assertThat(json(ask("GET", "/container/", "")).get(name)).isEqualTo(json(changed));
            assertThat(json(ask("GET", "/container/resources/" + name + "?cpu=1", "")))
                    .hasSize(1);

            String cgroup = "lxc.payload." + name;
            assertThat(cgroups.quota(cgroup)).isEqualTo("50000");
            assertThat(cgroups.memoryLimit(cgroup)).isEqualTo("" + (128L << 20));
            assertThat(cgroups.read("cpuset", cgroup, "cpuset.cpus")).isEqualTo("0-1");
            assertThat(cgroups.diskWriteLimit(cgroup)).contains("" + (30L << 20));

            lxc.stop(name);
            assertThat(ask("GET", "/container/" + name, "").statusCode()).isEqualTo(404);
            assertThat(json(ask("GET", "/container/", "")).has(name)).isFalse();
        }
    }

    @Test
    void what_the_kernel_refuses_is_told_and_what_went_before_is_put_back() throws Exception {
        String group = cgroups.create();
        if (cgroups.version() == Version.V2) {
            cgroups.enableControllersBelow(group);
        }
        String inside = cgroups.create(group + "/inside");
        ask("PUT", "/container/" + inside, "{\"mem\":{\"mem_limit\":512},\"disk_read\":{\"disk_read_limit\":10}}");
        // Version 1 gives no child more than its parent has.
        cgroups.setQuota(group, "50000");
        HttpResponse<String> refused = ask(
                "PUT",
                "/container/" + inside,
                "{\"cpu\":{\"cpu_allowance_limit\":100},\"mem\":{\"mem_limit\":256},\"disk_read\":{\"disk_read_limit\":5}}");
        if (cgroups.version() == Version.V2) {
            assertThat(refused.statusCode()).isEqualTo(201);
            return;
        }
        assertThat(refused.statusCode()).isEqualTo(500);
        assertThat(json(refused).path("error").textValue())
                .startsWith("cpu: ")
                .contains(inside, "cpu.cfs_quota_us", "EINVAL");
        assertThat(json(refused).at("/in_force/mem/mem_limit").doubleValue()).isEqualTo(512);
        assertThat(cgroups.memoryLimit(inside)).isEqualTo("" + (512L << 20));
        assertThat(json(ask("GET", "/container/" + inside, "")))
                .isEqualTo(json(refused).get("in_force"));
    }

    @Test
    void memory_in_use_stays() throws Exception {
        String name = cgroups.create();
        cgroups.holdMemory(name, 64);
        HttpResponse<String> refused =
                ask("PUT", "/container/" + name, "{\"mem\":{\"mem_limit\":10},\"cpu\":{\"cpu_allowance_limit\":50}}");
        assertThat(cgroups.kills(name)).isZero();
        assertThat(json(refused).toString()).contains("cannot give back");
        assertThat(refused.statusCode()).isIn(201, 500);
        double left = (refused.statusCode() == 201
                        ? json(refused)
                        : json(refused).path("in_force"))
                .at("/mem/mem_limit")
                .doubleValue();
        assertThat(left == -1 || left >= 64).as("%s MiB", left).isTrue();
    }
}

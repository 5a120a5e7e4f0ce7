package io.serverlesscontainers.cgroups;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.serverlesscontainers.examples.containerscaler.ContainerScalerServer;
import io.serverlesscontainers.examples.orchestrator.OrchestratorServer;
import io.serverlesscontainers.examples.service.http.Description;
import io.serverlesscontainers.examples.service.http.HostileInput;
import io.serverlesscontainers.examples.service.http.RawHttp;
import io.serverlesscontainers.store.Revisioned;
import io.serverlesscontainers.store.document.DocumentKind;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients that know nothing of this implementation: what the original's scripts send, and what else HTTP allows. */
class OtherClientTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CURLS_TYPE = "Content-Type: application/x-www-form-urlencoded\r\n";
    private static final String JSON_TYPE = "Content-Type: application/json\r\n";
    private static final String KEPT = "\"own\":{\"a\":[1,\"2\",null,{\"b\":true}]}";

    private static final String HOST = """
            {"name":"host1","host":"host1","subtype":"host","host_rescaler_ip":"127.0.0.1","host_rescaler_port":SCALER,\
            KEPT,"resources":{"cpu":{"max":400,"free":400,KEPT},"mem":{"max":8192,"free":8192},\
            "disks":[{"name":"ssd0","type":"SSD","load":0,"path":"/ssd0","max_read":500,"free_read":500,\
            "max_write":300,"free_write":300,KEPT}]}}""";
    private static final String CONTAINER = """
            {"container":{"name":"cont1","subtype":"container","host":"host1","host_rescaler_ip":"127.0.0.1",\
            "host_rescaler_port":SCALER,"guard":false,KEPT,"resources":{\
            "cpu":{"max":200,"current":150,"min":20,"guard":false,KEPT},\
            "mem":{"max":2048,"current":1024,"min":256,"guard":true}}},\
            "limits":{KEPT,"resources":{"cpu":{"boundary":10,"boundary_type":"percentage_of_max",KEPT},\
            "mem":{"boundary":256}}}}""";
    private static final String APPLICATION = """
            {"app":{"name":"app1","subtype":"application","guard":false,KEPT,"containers":["cont0"],\
            "resources":{"cpu":{"max":400,"min":100,"guard":true,KEPT}}},\
            "limits":{KEPT,"resources":{"cpu":{"boundary":20,KEPT}}}}""";
    private static final String USER = """
            {"user":{"name":"user1","subtype":"user",KEPT,"resources":{"cpu":{"max":400,"min":100,KEPT}}}}""";

    /** What is added and removed again: where, by which body, and where it is to be seen then. */
    private static final Map<String, List<String>> COMES = Map.of(
            "/structure/apps/app1", List.of(APPLICATION, "/structure/app1", "/structure/app1/limits"),
            "/structure/container/cont1", List.of(CONTAINER, "/structure/cont1", "/structure/cont1/limits"),
            "/user/user1", List.of(USER, "/user/user1"));

    /** Changes that can be made again and again. */
    private static final Map<String, String> CHANGES = Map.ofEntries(
            Map.entry("/structure/cont0/guard", ""),
            Map.entry("/structure/cont0/unguard", ""),
            Map.entry("/structure/cont0/resources/cpu/guard", ""),
            Map.entry("/structure/cont0/resources/cpu/unguard", ""),
            Map.entry("/structure/cont0/resources/guard", "{\"resources\":[\"cpu\",\"mem\"]}"),
            Map.entry("/structure/cont0/resources/unguard", "{\"resources\":[\"mem\"]}"),
            Map.entry("/structure/cont0/resources/cpu/max", "{\"value\":300}"),
            Map.entry("/structure/cont0/resources/cpu/min", "{\"value\":30}"),
            Map.entry("/structure/cont0/limits/cpu/boundary", "{\"value\":15}"),
            Map.entry("/structure/cont0/limits/cpu/boundary_type", "{\"value\":\"percentage_of_max\"}"),
            Map.entry("/rule/CpuRescaleUp/activate", ""),
            Map.entry("/rule/CpuRescaleUp/deactivate", ""),
            Map.entry("/rule/CpuRescaleUp/amount", "{\"value\":100}"),
            Map.entry("/rule/CpuRescaleUp/policy", "{\"value\":\"amount\"}"),
            Map.entry("/rule/CpuRescaleUp/events_required", "{\"event_type\":\"up\",\"value\":4}"),
            Map.entry("/service/guardian", "{\"WINDOW_TIMELAPSE\":5,\"DEBUG\":true}"),
            Map.entry("/service/guardian/ACTIVE", "{\"value\":false}"));

    private OrchestratorOnTree orchestrator;

    @BeforeEach
    void begin() throws IOException {
        orchestrator = new OrchestratorOnTree();
        assertDone("PUT", "/structure/host/host1", "", HOST);
    }

    @AfterEach
    void end() {
        orchestrator.close();
    }

    @Test
    void numbers_and_truth_values_may_be_texts() throws Exception {
        for (Map.Entry<String, List<String>> each : COMES.entrySet()) {
            assertSameAsTexts(each.getKey(), each.getValue());
        }
        assertDone("DELETE", "/structure/host/host1", "", "");
        assertSameAsTexts("/structure/host/host1", List.of(HOST, "/structure/host1"));
        for (Map.Entry<String, String> change : CHANGES.entrySet()) {
            assertDone("PUT", change.getKey(), "", change.getValue());
            Map<String, List<?>> state = documents();
            if (!change.getValue().isEmpty()) {
                assertDone("PUT", change.getKey(), "", asTexts(change.getValue()));
            }
            assertThat(documents()).as(change.getKey()).isEqualTo(state);
        }
        URI scaler = orchestrator.scaler().url();
        String limits = "{\"cpu\":{\"cpu_allowance_limit\":150,\"cpu_num\":1},\"mem\":{\"mem_limit\":2048},"
                + "\"disk_read\":{\"disk_read_limit\":20},\"disk_write\":{\"disk_write_limit\":-1}}";
        RawHttp.Answer numbers = ask(scaler, "PUT", "/container/cont1", "", limits);
        assertThat(numbers.status()).isEqualTo(201);
        assertThat(ask(scaler, "PUT", "/container/cont1", "", asTexts(limits)).body())
                .isEqualTo(numbers.body());
    }

    private void assertSameAsTexts(String path, List<String> bodyAndPlaces) throws IOException {
        List<String> places = bodyAndPlaces.subList(1, bodyAndPlaces.size());
        assertDone("PUT", path, "", bodyAndPlaces.get(0));
        List<JsonNode> shown = shown(places);
        assertDone("DELETE", path, "", "");
        assertDone("PUT", path, "", asTexts(bodyAndPlaces.get(0)));
        assertThat(shown(places)).as(path).isEqualTo(shown);
        assertDone("DELETE", path, "", "");
    }

    private List<JsonNode> shown(List<String> places) throws IOException {
        var shown = new ArrayList<JsonNode>();
        for (String place : places) {
            shown.add(JSON.readTree(ask("GET", place, "", "").body()));
        }
        return shown;
    }

    /** The same with every number and truth value as a text, but for what nobody here knows. */
    private String asTexts(String json) throws IOException {
        return asTexts(JSON.readTree(sent(json))).toString();
    }

    private static JsonNode asTexts(JsonNode json) {
        if (json instanceof ObjectNode object) {
            object.properties().forEach(field -> {
                if (!field.getKey().equals("own")) {
                    field.setValue(asTexts(field.getValue()));
                }
            });
        } else if (json instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                array.set(i, asTexts(array.get(i)));
            }
        } else if (json.isNumber() || json.isBoolean()) {
            return TextNode.valueOf(json.asText());
        }
        return json;
    }

    @Test
    void what_nobody_here_knows_is_kept_through_every_change() throws Exception {
        for (Map.Entry<String, List<String>> each : COMES.entrySet()) {
            assertDone("PUT", each.getKey(), "", each.getValue().get(0));
        }
        JsonNode own = JSON.readTree("{" + KEPT + "}").path("own");
        for (Map.Entry<String, String> change : CHANGES.entrySet()) {
            for (String name : List.of("cont1", "app1")) {
                ask("PUT", change.getKey().replace("cont0", name), "", change.getValue());
            }
        }
        assertDone("PUT", "/structure/container/cont1/app1", "", "");
        assertDone("DELETE", "/structure/container/cont0/app1", "", "");
        for (String place : List.of("/structure/cont1", "/structure/app1", "/structure/host1", "/user/user1")) {
            JsonNode document = shown(List.of(place)).get(0);
            assertThat(document.path("own")).as(place).isEqualTo(own);
            assertThat(document.at("/resources/cpu/own")).as(place).isEqualTo(own);
        }
        assertThat(shown(List.of("/structure/cont1/limits/cpu", "/structure/app1/limits/cpu")))
                .allSatisfy(limit -> assertThat(limit.path("own")).isEqualTo(own));
        assertThat(shown(List.of("/structure/host1")).get(0).at("/resources/disks/0/own"))
                .isEqualTo(own);
        for (String name : List.of("cont1", "app1")) {
            assertThat(orchestrator
                            .store()
                            .find(DocumentKind.LIMITS, name)
                            .orElseThrow()
                            .document()
                            .otherFields())
                    .containsEntry("own", own);
        }
    }

    @Test
    void a_slash_at_the_end_makes_no_difference_to_any_route() throws Exception {
        assertSlashes(orchestrator.url(), new Description(OrchestratorServer.class));
        assertSlashes(orchestrator.scaler().url(), new Description(ContainerScalerServer.class));
        for (Map.Entry<String, String> change : CHANGES.entrySet()) {
            assertDone("PUT", change.getKey(), "", change.getValue());
            assertDone("PUT", change.getKey() + "/", "", change.getValue());
        }
        for (Map.Entry<String, List<String>> each : COMES.entrySet()) {
            assertDone("PUT", each.getKey() + "/", "", each.getValue().get(0));
            assertDone("DELETE", each.getKey() + "/", "", "");
        }
        assertDone("PUT", "/structure/apps/app1", "", APPLICATION);
        assertDone("PUT", "/structure/container/cont1", "", CONTAINER);
        assertDone("PUT", "/structure/container/cont1/app1/", "", "");
        assertDone("DELETE", "/structure/container/cont1/app1/", "", "");
        assertDone("DELETE", "/structure/container/cont1", "", "");
        assertDone("DELETE", "/structure/host/host1/", "", "");
    }

    private void assertSlashes(URI server, Description description) throws IOException {
        for (String operation : description.operations()) {
            String path = path(operation);
            if (operation.startsWith("GET ") && !path.equals("/metrics")) {
                RawHttp.Answer answer = ask(server, "GET", path, "", "");
                assertThat(ask(server, "GET", path + "/", "", "").body())
                        .as(path)
                        .isEqualTo(answer.body());
                assertThat(answer.status()).as(path).isEqualTo(200);
            }
        }
    }

    private static String path(String operation) {
        String path = operation.substring(operation.indexOf(' ') + 1);
        return path.replace("{resource}", "cpu")
                .replace("{parameter}", "max")
                .replace("{key}", "ACTIVE")
                .replace("rule/{name}", "rule/CpuRescaleUp")
                .replace("service/{name}", "service/guardian")
                .replace("user/{name}", "user/user0")
                .replaceAll("\\{[a-z]+}", "cont0");
    }

    @Test
    void no_type_of_content_is_looked_at() throws Exception {
        for (String header : List.of("", CURLS_TYPE, JSON_TYPE, "Content-Type: text/plain; charset=latin1\r\n")) {
            for (Map.Entry<String, String> change : CHANGES.entrySet()) {
                assertDone("PUT", change.getKey(), header, change.getValue());
            }
            for (Map.Entry<String, List<String>> each : COMES.entrySet()) {
                assertDone("PUT", each.getKey(), header, each.getValue().get(0));
                assertDone("DELETE", each.getKey(), header, "");
            }
            assertThat(ask(
                                    orchestrator.scaler().url(),
                                    "PUT",
                                    "/container/cont1",
                                    header,
                                    "{\"cpu\":{\"cpu_allowance_limit\":\"200\",\"cpu_num\":\"0,1\"}}")
                            .status())
                    .isEqualTo(201);
        }
    }

    @Test
    void asking_for_the_head_or_the_options_changes_nothing() throws Exception {
        Map<String, List<?>> state = orchestrator.state();
        Map<String, String> files = orchestrator.scaler().contents();
        for (URI server : List.of(orchestrator.url(), orchestrator.scaler().url())) {
            Class<?> beside =
                    server.equals(orchestrator.url()) ? OrchestratorServer.class : ContainerScalerServer.class;
            for (String operation : new Description(beside).operations()) {
                for (String method : List.of("HEAD", "OPTIONS")) {
                    try (var http = new RawHttp(server)) {
                        RawHttp.Answer answer = http.send(
                                        method, path(operation), "", HostileInput.sent("{\"value\":7}"))
                                .answerTo(method);
                        assertThat(answer.status()).as(method + " " + operation).isIn(200, 204, 404, 405);
                    }
                }
            }
        }
        assertThat(orchestrator.state()).isEqualTo(state);
        assertThat(orchestrator.scaler().contents()).isEqualTo(files);
    }

    /** Scripts say that JSON comes also where nothing comes. */
    @Test
    void the_scripts_of_the_original_are_understood() throws Exception {
        assertDone("PUT", "/structure/cont0/unguard", JSON_TYPE, "");
        assertDone("PUT", "/structure/cont0/guard", JSON_TYPE, "");
        assertDone("PUT", "/service/guardian/ACTIVE", JSON_TYPE, "{\"value\":\"true\"}");
        assertDone("PUT", "/service/guardian/ACTIVE", JSON_TYPE, "{\"value\":\"false\"}");
        assertThat(ask("GET", "/structure/cont0", "", "").status()).isEqualTo(200);
        URI scaler = orchestrator.scaler().url();
        assertThat(ask(scaler, "GET", "/container", "", "").status()).isEqualTo(200);
        for (String body : List.of(
                "{\"cpu\": {\"cpu_allowance_limit\": \"200\",\"cpu_num\": \"0,1\"}}",
                "{\"cpu\": {\"cpu_allowance_limit\": \"200\",\"cpu_num\": \"2,3\"}}")) {
            assertThat(ask(scaler, "PUT", "/container/cont0", JSON_TYPE, body).status())
                    .isEqualTo(201);
        }
    }

    private Map<String, List<?>> documents() {
        Map<String, List<?>> documents = orchestrator.state();
        documents.replaceAll((kind, all) -> all.stream()
                .map(each -> each instanceof Revisioned<?> it ? it.document() : each)
                .toList());
        return documents;
    }

    private String sent(String body) {
        return body.replace("KEPT", KEPT).replace("SCALER", Integer.toString(orchestrator.scalerPort()));
    }

    private RawHttp.Answer ask(String method, String path, String header, String body) throws IOException {
        return ask(orchestrator.url(), method, path, header, sent(body));
    }

    private static RawHttp.Answer ask(URI server, String method, String path, String header, String body)
            throws IOException {
        try (var http = new RawHttp(server)) {
            return http.send(method, path, header, HostileInput.sent(body)).answer();
        }
    }

    private void assertDone(String method, String path, String header, String body) throws IOException {
        RawHttp.Answer answer = ask(method, path, header, body);
        assertThat(answer.body()).as(method + " " + path + " " + body).isEqualTo("201\n");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.headers()).containsEntry("content-type", "application/json");
    }
}

package io.serverlesscontainers.examples.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.serverlesscontainers.examples.Ran;
import io.serverlesscontainers.examples.init.Initializer;
import io.serverlesscontainers.examples.init.StartingDocuments;
import io.serverlesscontainers.examples.orchestrator.OrchestratorServer;
import io.serverlesscontainers.examples.service.HostAccess;
import io.serverlesscontainers.examples.service.Service;
import io.serverlesscontainers.examples.service.http.Listen;
import io.serverlesscontainers.examples.services.RemoteHosts;
import io.serverlesscontainers.store.StateStore;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.document.Structure;
import io.serverlesscontainers.store.memory.InMemoryStateStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What an operator types, against a real Orchestrator with the stock installation in memory. */
class CtlTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final StateStore store = new InMemoryStateStore();
    private final RemoteHosts hosts = new RemoteHosts(store, HostAccess.plain());
    private OrchestratorServer server;

    @TempDir
    private Path directory;

    @BeforeEach
    void begin() throws IOException {
        new Initializer(store).write(StartingDocuments.stock(), false);
        server = new OrchestratorServer(store, hosts, Listen.loopback(0), 1_000_000);
    }

    @AfterEach
    void end() {
        server.close();
        hosts.close();
        store.close();
    }

    private Ran ctl(String... words) {
        String[] asked = {"ctl", "--orchestrator", server.url().toString()};
        return Ran.of(Stream.concat(Arrays.stream(asked), Arrays.stream(words)).toArray(String[]::new));
    }

    private Ran done(String... words) {
        Ran ran = ctl(words);
        assertThat(ran.exitCode()).as(ran.err()).isZero();
        assertThat(ran.err()).isEmpty();
        return ran;
    }

    private void assertFails(String sentence, String... words) {
        Ran ran = ctl(words);
        assertThat(ran.err()).isEqualToIgnoringNewLines(sentence);
        assertThat(ran.exitCode()).isOne();
    }

    private JsonNode stored(DocumentKind<?> kind, String name) {
        return store.find(kind, name).orElseThrow().document().toJson();
    }

    private JsonNode structure(String name) {
        return stored(DocumentKind.STRUCTURES, name);
    }

    @Test
    void lists_structures_with_a_row_for_each_resource() {
        assertThat(done("structure", "list").out()).isEqualToNormalizingNewlines("""
                name   subtype      host   guard  resource  guard   min  current    max  free
                app1   application  -      true   cpu       false   100  -          400     -
                app1   application  -      true   mem       false  2048  -         8196     -
                cont0  container    host0  false  cpu       true     50  -          200     -
                cont0  container    host0  false  mem       true   1024  -         8192     -
                cont1  container    host0  false  cpu       true     50  -          200     -
                cont1  container    host0  false  mem       true   1024  -         8192     -
                host0  host         host0  -      cpu       -         -  -          400     0
                host0  host         host0  -      mem       -         -  -        16384     0
                """);
        assertThat(done("container", "list").out()).contains("cont1").doesNotContain("app1", "host0  host");
        assertThat(done("host", "list").out()).contains("host0").doesNotContain("cont0");
        assertThat(done("app", "list").out()).contains("app1").doesNotContain("cont0");
    }

    @Test
    void shows_one_structure_with_its_thresholds() {
        String shown = """
                field               value
                subtype             container
                name                cont0
                guard               false
                host                host0
                host_rescaler_ip    host0
                host_rescaler_port  8000
                guard_policy        serverless

                resource  guard   min  lower  upper   max  boundary
                cpu       true     50     50    100   200        25
                mem       true   1024    512   2048  8192       256
                """;
        assertThat(done("structure", "show", "cont0").out()).isEqualToNormalizingNewlines(shown);
        assertThat(done("container", "show", "cont0").out()).isEqualToNormalizingNewlines(shown);
        assertThat(done("host", "show", "host0").out()).isEqualToNormalizingNewlines("""
                field                   value
                subtype                 host
                name                    host0
                host                    host0
                cpu.core_usage_mapping  {"0":{"cont0":100,"free":0},"1":{"cont0":100,"free":0},"2":{"cont1":100,"free":0},"3":{"cont1":100,"free":0}}

                resource    max  free
                cpu         400     0
                mem       16384     0
                """);
        assertThat(done("application", "show", "app1").out()).contains("containers    [\"cont0\",\"cont1\"]");
    }

    @Test
    void guards_and_unguards_structures_and_resources() {
        assertThat(done("structure", "guard", "cont0", "cont1").out())
                .isEqualToNormalizingNewlines("cont0 is guarded\ncont1 is guarded\n");
        assertThat(structure("cont0").path("guard").booleanValue()).isTrue();
        assertThat(structure("cont1").path("guard").booleanValue()).isTrue();

        assertThat(done("structure", "unguard", "cont0").out()).isEqualToNormalizingNewlines("cont0 is not guarded\n");
        assertThat(structure("cont0").path("guard").booleanValue()).isFalse();

        assertThat(done("structure", "unguard", "--resource", "cpu", "--resource", "mem", "cont0", "cont1")
                        .out())
                .isEqualToNormalizingNewlines("cont0 is not guarded in cpu, mem\ncont1 is not guarded in cpu, mem\n");
        assertThat(structure("cont1").at("/resources/cpu/guard").booleanValue()).isFalse();
        assertThat(structure("cont1").at("/resources/mem/guard").booleanValue()).isFalse();

        done("structure", "guard", "cont1", "--resource", "mem");
        assertThat(structure("cont1").at("/resources/cpu/guard").booleanValue()).isFalse();
        assertThat(structure("cont1").at("/resources/mem/guard").booleanValue()).isTrue();
    }

    @Test
    void sets_bounds_and_boundaries() {
        assertThat(done("structure", "set", "cont0", "cpu", "max", "300").out())
                .isEqualToNormalizingNewlines("cont0: max of cpu is 300\n");
        done("structure", "set", "cont0", "cpu", "min", "20");
        done("structure", "set", "cont0", "cpu", "boundary", "10");
        done("structure", "set", "cont0", "cpu", "boundary-type", "percentage_of_max");
        done("structure", "set", "cont0", "mem", "boundary", "20");
        done("structure", "set", "cont0", "mem", "boundary_type", "percentage_of_current");

        assertThat(structure("cont0").at("/resources/cpu")).hasToString("{\"max\":300,\"min\":20,\"guard\":true}");
        assertThat(stored(DocumentKind.LIMITS, "cont0").at("/resources/cpu"))
                .hasToString("{\"upper\":100,\"lower\":50,\"boundary\":10,\"boundary_type\":\"percentage_of_max\"}");
        assertThat(stored(DocumentKind.LIMITS, "cont0")
                        .at("/resources/mem/boundary_type")
                        .textValue())
                .isEqualTo("percentage_of_current");
        assertFails(
                "set: max of cpu is \"many\", a whole number of 0 or more is needed",
                "structure",
                "set",
                "cont0",
                "cpu",
                "max",
                "many");
        assertFails("set: structure 'cont0' has no resource 'gpu'", "structure", "set", "cont0", "gpu", "max", "1");
    }

    @Test
    void shows_and_configures_services() {
        assertThat(done("service", "list").out()).contains("name                   ACTIVE  heartbeat\n", "guardian");
        assertThat(done("service", "show", "scaler").out())
                .contains("name               scaler", "POLLING_FREQUENCY", "ACTIVE");

        assertThat(done("service", "deactivate", "scaler", "guardian").out())
                .isEqualToNormalizingNewlines("scaler is not active\nguardian is not active\n");
        assertThat(stored(DocumentKind.SERVICES, "guardian")
                        .at("/config/ACTIVE")
                        .booleanValue())
                .isFalse();
        done("service", "activate", "guardian");
        assertThat(stored(DocumentKind.SERVICES, "guardian")
                        .at("/config/ACTIVE")
                        .booleanValue())
                .isTrue();

        assertThat(done("service", "set", "guardian", "WINDOW_TIMELAPSE", "5").out())
                .isEqualToNormalizingNewlines("guardian: WINDOW_TIMELAPSE is 5\n");
        done("service", "set", "guardian", "GUARDABLE_RESOURCES", "[\"cpu\"]");
        assertThat(stored(DocumentKind.SERVICES, "guardian").at("/config/WINDOW_TIMELAPSE"))
                .hasToString("5");
        assertThat(stored(DocumentKind.SERVICES, "guardian").at("/config/GUARDABLE_RESOURCES"))
                .hasToString("[\"cpu\"]");
        assertFails(
                "set: GUARDABLE_RESOURCES is \"[cpu\", a list of resources such as [\"cpu\",\"mem\"] is needed",
                "service",
                "set",
                "guardian",
                "GUARDABLE_RESOURCES",
                "[cpu");
        assertFails(
                "set: WINDOW_TIMELAPSE is 0, a whole number of seconds from 1 to 86400 is needed",
                "service",
                "set",
                "guardian",
                "WINDOW_TIMELAPSE",
                "0");
    }

    @Test
    void shows_and_tunes_rules() {
        assertThat(done("rule", "list").out())
                .contains(
                        "name                         resource    generates  active  policy        amount\n",
                        "CpuRescaleUp                 cpu         requests   true    amount            75\n");
        assertThat(done("rule", "show", "CpuRescaleUp").out())
                .contains("{\"and\":[{\">=\":[{\"var\":\"events.scale.up\"},2]}");

        assertThat(done("rule", "deactivate", "CpuRescaleUp").out())
                .isEqualToNormalizingNewlines("CpuRescaleUp is not active\n");
        assertThat(stored(DocumentKind.RULES, "CpuRescaleUp").path("active").booleanValue())
                .isFalse();
        done("rule", "activate", "CpuRescaleUp");
        done("rule", "amount", "CpuRescaleUp", "100");
        done("rule", "policy", "CpuRescaleUp", "proportional");
        assertThat(done("rule", "events-required", "CpuRescaleUp", "up", "4").out())
                .isEqualToNormalizingNewlines("CpuRescaleUp: up events required are 4\n");
        JsonNode rule = stored(DocumentKind.RULES, "CpuRescaleUp");
        assertThat(rule.path("active").booleanValue()).isTrue();
        assertThat(rule.path("amount").intValue()).isEqualTo(100);
        assertThat(rule.toString()).contains("\"proportional\"");
        assertThat(rule.at("/rule/and/0/>=/1").intValue()).isEqualTo(4);

        done("rule", "amount", "CpuRescaleDown", "-20");
        assertThat(stored(DocumentKind.RULES, "CpuRescaleDown").path("amount").intValue())
                .isEqualTo(-20);
        assertFails(
                "policy: the policy is \"more\", amount, fit_to_usage or proportional is needed",
                "rule",
                "policy",
                "CpuRescaleUp",
                "more");
    }

    /** Of a Container Scaler no more is asked than whether it answers, which this server does too. */
    @Test
    void subscribes_hosts() throws IOException {
        String scaler = "127.0.0.1:" + server.url().getPort();
        assertThat(done(
                                "host",
                                "subscribe",
                                "host1",
                                "--cpu-max",
                                "200",
                                "--memory-max=4096",
                                "--container-scaler",
                                scaler)
                        .out())
                .isEqualToNormalizingNewlines("host1 is subscribed\n");
        assertThat(structure("host1").path("resources"))
                .hasToString("{\"cpu\":{\"max\":200,\"free\":200,\"core_usage_mapping\":"
                        + "{\"0\":{\"free\":100},\"1\":{\"free\":100}}},\"mem\":{\"max\":4096,\"free\":4096}}");

        Path file = Files.writeString(
                directory.resolve("host2.yaml"), """
                name: host2
                host: host2
                subtype: host
                host_rescaler_ip: 127.0.0.1
                host_rescaler_port: %d
                resources:
                  cpu: {max: 400, free: 400}
                  disks: [{name: ssd, type: SSD}]
                """.formatted(server.url().getPort()));
        done("host", "subscribe", "--file", file.toString());
        assertThat(structure("host2").at("/resources/disks/0/type").textValue()).isEqualTo("SSD");

        assertThat(done("host", "desubscribe", "host1", "host2").out())
                .isEqualToNormalizingNewlines("host1 is no longer subscribed\nhost2 is no longer subscribed\n");
        assertThat(store.find(DocumentKind.STRUCTURES, "host1")).isEmpty();
        assertFails(
                "subscribe: the host's Container Scaler at 127.0.0.1:1 does not answer",
                "host",
                "subscribe",
                "host1",
                "--cpu-max",
                "200",
                "--container-scaler",
                "127.0.0.1:1");
        assertFails(
                "subscribe: --container-scaler is a:b:c, an address such as host0:8000 is needed",
                "host",
                "subscribe",
                "host1",
                "--container-scaler",
                "a:b:c");
        assertFails(
                "desubscribe: host 'host0' still has container 'cont0': its containers must go first",
                "host",
                "desubscribe",
                "host0");
    }

    @Test
    void subscribes_applications_and_what_is_in_them() throws IOException {
        Path file = Files.writeString(
                directory.resolve("app2.json"),
                "{\"app\":{\"name\":\"app2\",\"subtype\":\"application\",\"resources\":{\"cpu\":{\"max\":400,\"min\":100,"
                        + "\"guard\":false}}},\"limits\":{\"resources\":{\"cpu\":{\"boundary\":50}}}}");
        assertThat(done("application", "subscribe", "--file", file.toString()).out())
                .isEqualToNormalizingNewlines("app2 is subscribed\n");
        assertThat(done("app", "subscribe-container", "app2", "cont0", "cont1").out())
                .isEqualToNormalizingNewlines("cont0 is in app2\ncont1 is in app2\n");
        assertThat(structure("app2").path("containers")).hasToString("[\"cont0\",\"cont1\"]");
        assertThat(done("app", "desubscribe-container", "app2", "cont0").out())
                .isEqualToNormalizingNewlines("cont0 is no longer in app2\n");
        assertThat(structure("app2").path("containers")).hasToString("[\"cont1\"]");
        done("app", "desubscribe", "app2");
        assertThat(store.find(DocumentKind.STRUCTURES, "app2")).isEmpty();
        assertFails("desubscribe: there is no structure 'app2'", "app", "desubscribe", "app2");
    }

    @Test
    void subscribes_a_user_from_standard_input() {
        String yaml = "user: {name: user1, subtype: user, resources: {cpu: {max: 300, min: 50}}}\n";
        var ctl = new CtlCommand(Map.of(), new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)));
        CommandLine line = ctl.with(Service.commandLine(ctl));
        Ran ran = Ran.of(
                line,
                "user",
                "subscribe",
                "--file",
                "-",
                "--orchestrator",
                server.url().toString());
        assertThat(ran.exitCode()).as(ran.err()).isZero();
        assertThat(done("user", "list").out()).isEqualToNormalizingNewlines("""
                name   subtype  host  guard  resource  guard  min  current  max  free
                user1  user     -     -      cpu       -       50  -        300  -
                """);
        assertThat(done("user", "show", "user1").out()).contains("cpu        50  300");
        done("user", "desubscribe", "user1");
        assertThat(store.find(DocumentKind.USERS, "user1")).isEmpty();
    }

    @Test
    void ends_with_one_json_object_where_a_program_reads() throws IOException {
        Ran list = ctl("structure", "list", "--json");
        assertThat(list.out()).hasLineCount(1);
        assertThat(JSON.readTree(list.out()).path("structures")).hasSize(4);
        assertThat(list.err()).contains("cont0  container");

        JsonNode shown =
                JSON.readTree(ctl("--json", "structure", "show", "cont0").out());
        assertThat(shown.at("/structure/name").textValue()).isEqualTo("cont0");
        assertThat(shown.at("/limits/cpu/boundary").intValue()).isEqualTo(25);
        assertThat(JSON.readTree(ctl("service", "list", "--json").out()).path("services"))
                .isNotEmpty();
        assertThat(JSON.readTree(ctl("rule", "show", "CpuRescaleUp", "--json").out())
                        .at("/rule/amount")
                        .intValue())
                .isEqualTo(75);

        Ran guarded = ctl("structure", "guard", "cont0", "--json");
        assertThat(guarded.out()).isEqualToIgnoringNewLines("{\"changed\":[\"cont0\"]}");
        assertThat(guarded.err()).isEqualToIgnoringNewLines("cont0 is guarded");
    }

    @Test
    void what_was_done_before_a_refusal_is_told() {
        Ran ran = ctl("structure", "guard", "cont0", "cont7", "cont1", "--json");
        assertThat(ran.exitCode()).isOne();
        assertThat(ran.out())
                .isEqualToIgnoringNewLines("{\"changed\":[\"cont0\"],\"error\":\"there is no structure 'cont7'\"}");
        assertThat(ran.err()).isEqualToIgnoringNewLines("cont0 is guardedguard: there is no structure 'cont7'");
        assertThat(structure("cont1").path("guard").booleanValue()).isFalse();
    }

    @Test
    void a_name_leads_nowhere_else() {
        store.create(DocumentKind.STRUCTURES, Structure.of("a/../b ?c=%2F#é", Structure.Subtype.CONTAINER));
        done("structure", "guard", "a/../b ?c=%2F#é");
        assertThat(structure("a/../b ?c=%2F#é").path("guard").booleanValue()).isTrue();

        for (String name : new String[] {"", ".", ".."}) {
            assertFails("guard: '" + name + "' is no name that can be asked for", "structure", "guard", name);
        }
        for (String name :
                new String[] {"%2e%2e", "../cont0", "cont0/../cont0", "cont0/guard", "x".repeat(3_000), "\0"}) {
            Ran ran = ctl("structure", "guard", name);
            assertThat(ran.exitCode()).as(name).isOne();
            assertThat(ran.err()).as(name).startsWith("guard: ").hasLineCount(1);
        }
        assertThat(structure("cont0").path("guard").booleanValue()).isFalse();
    }

    @Test
    void what_is_shown_breaks_no_line() {
        store.create(DocumentKind.STRUCTURES, Structure.of("red\033[31m\nline\u202e", Structure.Subtype.CONTAINER));
        assertThat(done("container", "list").out())
                .contains("red\\u001b[31m\\u000aline\\u202e  container")
                .doesNotContain("\033", "\u202e");
        assertThat(done("structure", "guard", "red\033[31m\nline\u202e").out())
                .isEqualToIgnoringNewLines("red\\u001b[31m\\u000aline\\u202e is guarded");
    }

    @Test
    void a_file_of_no_use_is_one_sentence() throws IOException {
        Path none = directory.resolve("none.json");
        assertFails(
                "subscribe: " + none + " cannot be read: java.nio.file.NoSuchFileException: " + none,
                "user",
                "subscribe",
                "--file",
                none.toString());
        Path broken = Files.writeString(directory.resolve("broken.json"), "{\"user\": [");
        assertThat(ctl("user", "subscribe", "--file", broken.toString()).err())
                .startsWith("subscribe: " + broken + " is neither JSON nor YAML: ")
                .hasLineCount(1);
        Path nameless = Files.writeString(directory.resolve("nameless.json"), "{\"user\": {\"name\": 7}}");
        assertFails(
                "subscribe: " + nameless + ": the name at /user/name is 7, a text is needed",
                "user",
                "subscribe",
                "--file",
                nameless.toString());
        Path empty = Files.writeString(directory.resolve("empty.json"), "");
        assertFails(
                "subscribe: " + empty + ": the name at /user/name is missing, a text is needed",
                "user",
                "subscribe",
                "--file",
                empty.toString());
        Path large = Files.write(directory.resolve("large.json"), new byte[(1 << 20) + 1]);
        assertFails(
                "subscribe: " + large + " is longer than 1048576 bytes",
                "user",
                "subscribe",
                "--file",
                large.toString());
    }

    @Test
    void wrong_usage_is_told_from_failure() {
        for (String[] words : new String[][] {
            {},
            {"structure"},
            {"structure", "guard"},
            {"structure", "dance", "cont0"},
            {"structure", "set", "cont0", "cpu", "most", "1"},
            {"container", "subscribe"},
            {"container", "subscribe", "cont2"},
            {"container", "subscribe", "cont2", "--host", "host0", "--file", "x"},
            {"container", "subscribe", "cont2", "--host", "host0", "--cpu-max", "many"},
            {"host", "subscribe"},
            {"host", "subscribe", "host1", "--file", "x"},
            {"user", "subscribe"}
        }) {
            Ran ran = ctl(words);
            assertThat(ran.exitCode()).as(String.join(" ", words)).isEqualTo(2);
            assertThat(ran.err()).as(String.join(" ", words)).contains("--help' says what is possible.");
        }
        assertThat(ctl("structure", "set", "cont0", "cpu", "most", "1").err())
                .contains("it is 'most', max, min, boundary or boundary-type is needed");
        assertThat(Ran.of("ctl", "--orchestrator", "nowhere", "rule", "list").exitCode())
                .isEqualTo(2);
        assertThat(Ran.of("ctl", "--token-file", "/nowhere", "rule", "list").exitCode())
                .isEqualTo(2);
        for (String[] words : new String[][] {{"--help"}, {"structure", "--help"}, {"container", "subscribe", "-h"}}) {
            assertThat(done(words).out()).contains("Usage: serverless-containers ctl");
        }
    }
}

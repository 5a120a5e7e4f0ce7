package io.serverlesscontainers.store.memory;

import static io.serverlesscontainers.store.document.DocumentKind.SERVICES;
import static io.serverlesscontainers.store.document.DocumentKind.STRUCTURES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.serverlesscontainers.store.ConflictException;
import io.serverlesscontainers.store.Revisioned;
import io.serverlesscontainers.store.StateStore;
import io.serverlesscontainers.store.StateStoreException;
import io.serverlesscontainers.store.Stored;
import io.serverlesscontainers.store.document.Document;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.document.Limits;
import io.serverlesscontainers.store.document.Problem;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Rule;
import io.serverlesscontainers.store.document.ScaleEvents;
import io.serverlesscontainers.store.document.ScalingEvent;
import io.serverlesscontainers.store.document.ScalingRequest;
import io.serverlesscontainers.store.document.ServiceDocument;
import io.serverlesscontainers.store.document.Structure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurabilityTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_763_769_600);

    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = directory.resolve("state.jsonl");
    }

    @Test
    void everything_is_there_after_opening_again_with_its_revisions_and_ids() {
        Snapshot before;
        try (InMemoryStateStore store = InMemoryStateStore.open(file)) {
            fill(store);
            before = Snapshot.of(store);
        }
        try (InMemoryStateStore store = InMemoryStateStore.open(file)) {
            assertThat(Snapshot.of(store)).isEqualTo(before);
            assertThat(store.problems()).isEmpty();
        }
    }

    @Test
    void a_revision_is_never_given_twice_even_after_its_document_is_compacted_away() {
        String old;
        try (InMemoryStateStore store = InMemoryStateStore.open(file, 0)) {
            Revisioned<Structure> first = store.create(STRUCTURES, container("cont0"));
            old = first.revision();
            store.delete(STRUCTURES, "cont0", old);
            compact(store);
        }
        try (InMemoryStateStore store = InMemoryStateStore.open(file, 0)) {
            Revisioned<Structure> again = store.create(STRUCTURES, container("cont0"));
            assertThat(again.revision()).isNotEqualTo(old);
            assertThatThrownBy(() -> store.replace(STRUCTURES, container("cont0"), old))
                    .isInstanceOf(ConflictException.class);
        }
    }

    @Test
    void numbers_keep_every_digit() {
        var precise = DecimalNode.valueOf(new BigDecimal("0.12345678901234567890123456789"));
        JsonNode read = json("{\"tenth\":0.1,\"big\":123456789012345678901234567890,\"small\":1e-300}");
        try (InMemoryStateStore store = InMemoryStateStore.open(file)) {
            store.create(
                    SERVICES, service("guardian").withConfig("precise", precise).withConfig("read", read));
        }
        try (InMemoryStateStore store = InMemoryStateStore.open(file)) {
            Map<String, JsonNode> config =
                    store.find(SERVICES, "guardian").orElseThrow().document().config();
            assertThat(config.get("precise").decimalValue()).isEqualByComparingTo(precise.decimalValue());
            assertThat(config.get("read")).isEqualTo(read);
        }
    }

    @Test
    void text_that_is_no_proper_unicode_survives() {
        try (InMemoryStateStore store = InMemoryStateStore.open(file)) {
            store.create(SERVICES, service("half \ud83d pair").withConfig("x", TextNode.valueOf("\udc00\u2028\n")));
        }
        try (InMemoryStateStore store = InMemoryStateStore.open(file)) {
            assertThat(store.find(SERVICES, "half \ud83d pair")
                            .orElseThrow()
                            .document()
                            .config())
                    .containsEntry("x", TextNode.valueOf("\udc00\u2028\n"));
        }
    }

    @Test
    void what_cannot_be_written_is_refused_and_changes_nothing() {
        try (InMemoryStateStore store = InMemoryStateStore.open(file)) {
            JsonNode deep = IntNode.valueOf(1);
            for (int i = 0; i < 2_000; i++) {
                deep = new JsonMapper().createArrayNode().add(deep);
            }
            ServiceDocument tooDeep = service("guardian").withConfig("deep", deep);

            assertThatThrownBy(() -> store.create(SERVICES, tooDeep))
                    .isInstanceOf(StateStoreException.class)
                    .hasMessageContaining("'guardian' cannot be written as JSON");
            assertThat(store.find(SERVICES, "guardian")).isEmpty();
            store.create(SERVICES, service("guardian"));
        }
    }

    @Test
    void all_that_was_acknowledged_survives_a_kill() throws Exception {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        var builder = new ProcessBuilder(
                java.toString(),
                "-cp",
                System.getProperty("java.class.path"),
                KilledWriter.class.getName(),
                file.toString());
        Process child = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        var acknowledged = new ArrayList<String>();
        try (BufferedReader lines = child.inputReader(StandardCharsets.UTF_8)) {
            while (acknowledged.size() < 3_000) {
                acknowledged.add(lines.readLine());
            }
            child.toHandle().destroyForcibly(); // which, unlike the process's own, leaves the pipe open
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                acknowledged.add(line);
            }
        }
        assertThat(child.waitFor()).as("exit code of a killed process").isEqualTo(128 + 9);
        if (!acknowledged.get(acknowledged.size() - 1).endsWith(".")) {
            acknowledged.remove(acknowledged.size() - 1); // the pipe was cut in the middle of a line
        }

        try (InMemoryStateStore store = InMemoryStateStore.open(file)) {
            Map<String, Integer> expected = new HashMap<>();
            for (String line : acknowledged) {
                String[] words = line.substring(0, line.length() - 1).split(" ");
                expected.put(words[0], Integer.valueOf(words[1]));
            }
            expected.forEach((name, count) -> assertThat(store.find(SERVICES, name)
                            .orElseThrow()
                            .document()
                            .config()
                            .get("COUNT")
                            .asInt())
                    .as(name)
                    .isGreaterThanOrEqualTo(count));
            assertThat(store.events()).hasSizeGreaterThanOrEqualTo(acknowledged.size());
        }
    }

    @Test
    void a_file_cut_anywhere_serves_every_whole_line_and_is_kept_as_it_was() throws IOException {
        List<Snapshot> states = new ArrayList<>();
        try (InMemoryStateStore store = InMemoryStateStore.open(file)) {
            states.add(Snapshot.of(store));
            for (int i = 0; i < 4; i++) {
                store.create(STRUCTURES, container("cont" + i));
                states.add(Snapshot.of(store));
            }
            store.addEvents(List.of(event(1)));
            states.add(Snapshot.of(store));
            store.removeEvents(List.of(store.events().get(0).id()));
            states.add(Snapshot.of(store));
        }
        byte[] whole = Files.readAllBytes(file);
        String lines = new String(whole, StandardCharsets.US_ASCII);
        int lastLines = lines.stripTrailing().lastIndexOf('\n', whole.length - 100);
        for (int length = 1; length <= whole.length; length += length < lastLines ? 41 : 1) {
            boolean isWholeLine = length == whole.length || whole[length] == '\n' || whole[length - 1] == '\n';
            long sound =
                    lines.substring(0, length).chars().filter(it -> it == '\n').count()
                            + (isWholeLine && whole[length - 1] != '\n' ? 1 : 0);
            Path cut = directory.resolve("cut-" + length);
            Files.write(cut, Arrays.copyOf(whole, length));
            try (InMemoryStateStore store = InMemoryStateStore.open(cut)) {
                assertThat(Snapshot.of(store)).as("cut at %s", length).isEqualTo(states.get((int)
                        Math.max(sound - 1, 0)));
                assertThat(store.problems()).as("cut at %s", length).hasSize(isWholeLine ? 0 : 1);
                store.create(STRUCTURES, container("after"));
            }
            Path aside = directory.resolve("cut-" + length + ".damaged-1");
            assertThat(Files.exists(aside)).as("cut at %s", length).isEqualTo(!isWholeLine);
            if (!isWholeLine) {
                assertThat(aside).hasBinaryContent(Arrays.copyOf(whole, length));
            }
            try (InMemoryStateStore store = InMemoryStateStore.open(cut)) {
                assertThat(store.problems()).isEmpty();
                assertThat(store.find(STRUCTURES, "after")).isPresent();
            }
        }
    }

    @Test
    void garbage_in_the_middle_is_named_and_all_before_it_is_served() throws IOException {
        try (InMemoryStateStore store = InMemoryStateStore.open(file)) {
            for (int i = 0; i < 10; i++) {
                store.create(STRUCTURES, container("cont" + i));
            }
        }
        byte[] bytes = Files.readAllBytes(file);
        int sixthLine = new String(bytes, StandardCharsets.US_ASCII).indexOf("cont4");
        bytes[sixthLine + 2] ^= 1;
        Files.write(file, bytes);

        for (int opening = 1; opening <= 2; opening++) {
            Files.write(file, bytes);
            try (InMemoryStateStore store = InMemoryStateStore.open(file)) {
                assertThat(store.findAll(STRUCTURES)).hasSize(4);
                assertThat(store.problems())
                        .singleElement()
                        .extracting(Problem::sentence)
                        .isEqualTo("line 6 is damaged; everything before it is served, and the file is kept as it was"
                                + " found as 'state.jsonl.damaged-" + opening + "'");
                assertThat(directory.resolve("state.jsonl.damaged-" + opening)).hasBinaryContent(bytes);
            }
        }
    }

    @Test
    void a_file_that_is_no_store_file_is_left_alone() throws IOException {
        Files.writeString(file, "dear diary\n");

        assertThatThrownBy(() -> InMemoryStateStore.open(file))
                .isInstanceOf(StateStoreException.class)
                .hasMessageContaining("is no store file");
        assertThat(file).hasContent("dear diary\n");
    }

    @Test
    void a_file_of_a_later_format_is_left_alone() throws IOException {
        ObjectNode header = new JsonMapper().createObjectNode();
        header.put("format", "serverless-containers-store").put("version", 2);
        byte[] bytes = JournalLine.encode(header);
        Files.write(file, bytes);

        assertThatThrownBy(() -> InMemoryStateStore.open(file))
                .isInstanceOf(StateStoreException.class)
                .hasMessageContaining("has format version 2, this program reads version 1");
        assertThat(file).hasBinaryContent(bytes);
    }

    @Test
    void an_empty_file_becomes_a_store_file() throws IOException {
        Files.createFile(file);

        try (InMemoryStateStore store = InMemoryStateStore.open(file)) {
            fill(store);
            assertThat(store.problems()).isEmpty();
        }
    }

    @Test
    void a_directory_that_is_not_there_is_named() {
        Path nowhere = directory.resolve("nowhere").resolve("state.jsonl");

        assertThatThrownBy(() -> InMemoryStateStore.open(nowhere))
                .isInstanceOf(StateStoreException.class)
                .hasMessageContaining(nowhere.toString());
    }

    @Test
    void what_can_no_longer_be_read_is_reported_and_stays_in_the_file_across_compaction() throws IOException {
        ObjectNode strange = lineOf("{'kind':'structures','name':'odd','revision':7,'document':{'name':'odd','x':1}}");
        ObjectNode renamed = lineOf("{'kind':'limits','name':'a','revision':8,'document':{'name':'b'}}");
        ObjectNode unknown = lineOf("{'kind':'quotas','name':'q','revision':9,'document':{'y':2}}");
        ObjectNode event = lineOf("{'entry':'event','id':10,'added':{'name':'CpuBottleneck'}}");
        try (InMemoryStateStore store = InMemoryStateStore.open(file)) {
            store.create(STRUCTURES, container("cont0"));
        }
        for (ObjectNode line : List.of(strange, renamed, unknown, event)) {
            Files.write(file, JournalLine.encode(line), StandardOpenOption.APPEND);
        }

        for (int opening = 0; opening < 2; opening++) {
            try (InMemoryStateStore store = InMemoryStateStore.open(file, 0)) {
                assertThat(store.problems())
                        .extracting(Problem::toString)
                        .hasSize(4)
                        .anyMatch(it -> it.startsWith("structure 'odd': /subtype is missing"))
                        .anyMatch(it -> it.startsWith("limits 'b': is stored under the name 'a'"))
                        .anyMatch(it -> it.contains("quotas"))
                        .anyMatch(it -> it.startsWith("event 'CpuBottleneck': /action is missing"));
                assertThat(store.findAll(STRUCTURES)).hasSize(1);
                assertThat(store.events()).isEmpty();
                assertThatThrownBy(() -> store.find(STRUCTURES, "odd"))
                        .isInstanceOf(StateStoreException.class)
                        .hasMessageContaining("/subtype is missing");
                assertThatThrownBy(() -> store.create(STRUCTURES, container("odd")))
                        .isInstanceOf(ConflictException.class);
                compact(store);
            }
            assertThat(linesOf(file)).contains(strange, renamed, unknown, event);
        }
    }

    @Test
    void a_rule_that_is_too_deep_to_be_read_stays_in_the_file_and_the_others_are_served() throws IOException {
        ObjectNode deep = lineOf("{'kind':'rules','name':'deep','revision':7,'document':{'name':'deep'}}");
        ((ObjectNode) deep.path("document")).set("rule", arrays(1_050));
        Rule good = DocumentKind.RULES.read(lineOf("{'name':'good','rule':true}"));
        try (InMemoryStateStore store = InMemoryStateStore.open(file)) {
            store.create(STRUCTURES, container("cont0"));
        }
        Files.write(file, JournalLine.encode(deep), StandardOpenOption.APPEND);

        for (int opening = 0; opening < 2; opening++) {
            try (InMemoryStateStore store = InMemoryStateStore.open(file, 0)) {
                assertThat(store.problems())
                        .extracting(Problem::toString)
                        .containsExactly("rule 'deep': /rule is nested deeper than 1000 levels; it stays in the store"
                                + " file and is not served");
                assertThat(store.problems().get(0).field()).contains(JsonPointer.compile("/rule"));
                if (opening == 0) {
                    store.create(DocumentKind.RULES, good);
                }
                assertThat(store.findAll(DocumentKind.RULES))
                        .extracting(Revisioned::document)
                        .containsExactly(good);
                compact(store);
            }
        }
    }

    @Test
    void what_is_too_deep_to_be_read_again_is_not_written() {
        Limits deep = new Limits("deep", Map.of(), Map.of(), Map.of("x", arrays(10_000)), List.of());
        var event = new ScalingEvent(
                "e", "cont0", Resource.CPU, ScaleEvents.UP, Instant.EPOCH, Map.of("x", arrays(10_000)));
        try (InMemoryStateStore store = InMemoryStateStore.open(file)) {
            assertThatThrownBy(() -> store.create(DocumentKind.LIMITS, deep))
                    .isInstanceOf(StateStoreException.class)
                    .hasMessage(
                            "limits 'deep' cannot be written as JSON: its field 'x' is nested deeper than 1000 levels");
            assertThatThrownBy(() -> store.addEvents(List.of(event)))
                    .isInstanceOf(StateStoreException.class)
                    .hasMessage(
                            "this event cannot be written as JSON: its field 'x' is nested deeper than 1000 levels");
            assertThat(store.findAll(DocumentKind.LIMITS)).isEmpty();
            assertThat(store.events()).isEmpty();
        }
    }

    private static JsonNode arrays(int depth) {
        JsonNode deep = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i < depth; i++) {
            deep = JsonNodeFactory.instance.arrayNode().add(deep);
        }
        return deep;
    }

    @Test
    void compaction_keeps_everything_and_the_file_stays_small() throws IOException {
        long floor = 10_000;
        Snapshot before;
        long largest = 0;
        try (InMemoryStateStore store = InMemoryStateStore.open(file, floor)) {
            fill(store);
            for (int i = 0; i < 2_000; i++) {
                churn(store);
                largest = Math.max(largest, Files.size(file));
            }
            before = Snapshot.of(store);
            assertThat(Files.exists(directory.resolve("state.jsonl.new"))).isFalse();
        }
        assertThat(largest).as("bytes").isBetween(floor / 2, 2 * floor);
        try (InMemoryStateStore store = InMemoryStateStore.open(file, floor)) {
            assertThat(Snapshot.of(store)).isEqualTo(before);
        }
    }

    @Test
    void what_a_crash_in_a_compaction_left_behind_does_no_harm() throws IOException {
        Snapshot before;
        try (InMemoryStateStore store = InMemoryStateStore.open(file, 0)) {
            fill(store);
            before = Snapshot.of(store);
        }
        Files.writeString(directory.resolve("state.jsonl.new"), "half a li");

        try (InMemoryStateStore store = InMemoryStateStore.open(file, 0)) {
            assertThat(Snapshot.of(store)).isEqualTo(before);
            compact(store);
        }
        assertThat(directory.resolve("state.jsonl.new")).doesNotExist();
    }

    @Test
    void a_file_serves_one_store_at_a_time() {
        try (InMemoryStateStore first = InMemoryStateStore.open(file)) {
            assertThatThrownBy(
                            () -> InMemoryStateStore.open(directory.resolve(".").resolve("state.jsonl")))
                    .isInstanceOf(StateStoreException.class)
                    .hasMessageEndingWith(
                            "is in use by another store of this process; a store file serves one store at a time");
            first.create(STRUCTURES, container("cont0"));
        }
        try (InMemoryStateStore second = InMemoryStateStore.open(file)) {
            assertThat(second.find(STRUCTURES, "cont0")).isPresent();
        }
    }

    @Test
    void a_file_serves_one_process_at_a_time() throws Exception {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Process child = new ProcessBuilder(
                        java.toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledWriter.class.getName(),
                        file.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader lines = child.inputReader(StandardCharsets.UTF_8)) {
            assertThat(lines.readLine()).isNotNull();

            for (int attempt = 0; attempt < 2; attempt++) {
                assertThatThrownBy(() -> InMemoryStateStore.open(file))
                        .isInstanceOf(StateStoreException.class)
                        .hasMessage("the store file '" + file.toRealPath()
                                + "' is in use by another process; a store file serves one store at a time");
            }
        } finally {
            child.destroyForcibly().waitFor();
        }
        InMemoryStateStore.open(file).close();
    }

    @Test
    void an_interrupted_thread_can_write_and_leaves_the_store_usable() {
        try (InMemoryStateStore store = InMemoryStateStore.open(file, 0)) {
            Thread.currentThread().interrupt();
            store.create(STRUCTURES, container("cont0"));
            compact(store);
            assertThat(Thread.interrupted()).isTrue();
            store.create(STRUCTURES, container("cont1"));
        }
        try (InMemoryStateStore store = InMemoryStateStore.open(file)) {
            assertThat(store.findAll(STRUCTURES)).hasSize(2);
        }
    }

    @Test
    void a_change_must_keep_the_name() {
        try (InMemoryStateStore store = new InMemoryStateStore()) {
            store.create(STRUCTURES, container("cont0"));

            assertThatThrownBy(() -> store.change(STRUCTURES, "cont0", it -> container("cont1")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("'cont1'");
            assertThat(store.find(STRUCTURES, "cont1")).isEmpty();
        }
    }

    /** Everything that a store serves. */
    private record Snapshot(
            Map<String, Revisioned<?>> documents,
            List<Stored<ScalingEvent>> events,
            List<Stored<ScalingRequest>> requests) {
        static Snapshot of(StateStore store) {
            Map<String, Revisioned<?>> documents = new HashMap<>();
            for (DocumentKind<? extends Document> kind : DocumentKind.all()) {
                store.findAll(kind)
                        .forEach(it -> documents.put(kind + " " + it.document().name(), it));
            }
            return new Snapshot(documents, store.events(), store.requests());
        }
    }

    private static void fill(StateStore store) {
        Revisioned<Structure> first = store.create(STRUCTURES, container("cont0"));
        store.create(STRUCTURES, container("cont1"));
        store.delete(STRUCTURES, "cont0", first.revision());
        store.create(SERVICES, service("guardian"));
        store.create(DocumentKind.USERS, Structure.of("anna", Structure.Subtype.USER));
        List<Stored<ScalingEvent>> events = store.addEvents(
                IntStream.range(0, 10).mapToObj(DurabilityTest::event).toList());
        store.removeEvents(List.of(events.get(3).id(), events.get(0).id()));
        List<Stored<ScalingRequest>> requests = store.addRequests(List.of(request(75), request(-75)));
        store.removeRequests(List.of(requests.get(0).id()));
    }

    /** Writes that leave the store as it was, but for one counting service. */
    private static void churn(StateStore store) {
        if (store.find(SERVICES, "churn").isEmpty()) {
            store.create(SERVICES, service("churn"));
        }
        store.change(
                SERVICES,
                "churn",
                it -> it.withConfig(
                        "COUNT", IntNode.valueOf(it.config().get("COUNT").asInt() + 1)));
        store.removeEvents(store.addEvents(List.of(event(1), event(2))).stream()
                .map(Stored::id)
                .toList());
    }

    /** Enough of them to make a store of a few documents and without a floor write its file anew. */
    private void compact(StateStore store) {
        try {
            for (long before = -1, size = 0; size > before; size = Files.size(file)) {
                before = size;
                churn(store);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Structure container(String name) {
        return Structure.of(name, Structure.Subtype.CONTAINER).withGuard(true);
    }

    private static ServiceDocument service(String name) {
        return new ServiceDocument(name, Map.of("COUNT", IntNode.valueOf(0)), Map.of(), List.of());
    }

    private static ScalingEvent event(int number) {
        return ScalingEvent.of("cont" + number, Resource.CPU, ScaleEvents.UP, NOW.plusSeconds(number));
    }

    private static ScalingRequest request(long amount) {
        return ScalingRequest.of(container("cont1"), Resource.CPU, amount, 0, NOW);
    }

    private static List<JsonNode> linesOf(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.map(line -> (JsonNode) JournalLine.decode(line.getBytes(StandardCharsets.US_ASCII))
                            .orElseThrow())
                    .toList();
        }
    }

    private static ObjectNode lineOf(String text) {
        return (ObjectNode) json(text.replace('\'', '"'));
    }

    private static JsonNode json(String text) {
        try {
            return new JsonMapper().readTree(text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}

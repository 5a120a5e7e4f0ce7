package io.serverlesscontainers.examples.services;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.ServiceDocument;
import io.serverlesscontainers.store.document.Structure.Subtype;
import io.serverlesscontainers.store.memory.InMemoryStateStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a service makes of its document, window by window. */
class ConfigurationTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration USUAL = Duration.ofSeconds(10);

    private final InMemoryStateStore store = new InMemoryStateStore();
    private final List<String> problems = new ArrayList<>();
    private final Configuration configuration = new Configuration(store, "guardian", problems::add);

    @Test
    void without_a_document_the_stock_values_hold_and_that_is_told_once() {
        configuration.refresh();
        configuration.refresh();

        assertThat(configuration.span("WINDOW_TIMELAPSE", USUAL)).isEqualTo(USUAL);
        assertThat(configuration.isActive()).isTrue();
        assertThat(problems).containsExactly("there is no service 'guardian' in the state, so its stock values hold");
    }

    @Test
    void values_are_those_of_the_document() {
        set("WINDOW_TIMELAPSE", "5");
        set("WINDOW_DELAY", "0");
        set("GUARDABLE_RESOURCES", "[\"cpu\", \"disk_read\"]");
        set("STRUCTURE_GUARDED", "\"application\"");
        set("FIELDS_PERSISTED", "[\"max\"]");
        set("ACTIVE", "false");
        configuration.refresh();

        assertThat(configuration.span("WINDOW_TIMELAPSE", USUAL)).isEqualTo(Duration.ofSeconds(5));
        assertThat(configuration.delay("WINDOW_DELAY", USUAL)).isZero();
        assertThat(configuration.resources("GUARDABLE_RESOURCES", Set.of()))
                .containsExactlyInAnyOrder(Resource.CPU, Resource.DISK_READ);
        assertThat(configuration.subtype("STRUCTURE_GUARDED", Subtype.CONTAINER))
                .isEqualTo(Subtype.APPLICATION);
        assertThat(configuration.words("FIELDS_PERSISTED", Set.of())).containsExactly("max");
        assertThat(configuration.isActive()).isFalse();
        assertThat(problems).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"'\"7\"', PT7S", "'2.5', PT2.5S", "'\" 3 \"', PT3S"})
    void a_span_may_be_a_text_and_a_fraction(String json, Duration expected) {
        set("WINDOW_TIMELAPSE", json);
        configuration.refresh();

        assertThat(configuration.span("WINDOW_TIMELAPSE", USUAL)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"abc\"", "-1", "0", "null", "true", "[5]", "{}", "1e99", "1e999999999", "\"NaN\""})
    void a_value_of_no_use_leaves_the_last_good_one(String json) {
        set("WINDOW_TIMELAPSE", "5");
        configuration.refresh();
        configuration.span("WINDOW_TIMELAPSE", USUAL);
        set("WINDOW_TIMELAPSE", json);
        for (int window = 0; window < 3; window++) {
            configuration.refresh();
            assertThat(configuration.span("WINDOW_TIMELAPSE", USUAL)).isEqualTo(Duration.ofSeconds(5));
        }

        assertThat(problems)
                .singleElement()
                .satisfies(sentence -> assertThat(sentence)
                        .startsWith("service 'guardian': WINDOW_TIMELAPSE is ")
                        .endsWith(", a number of seconds above 0 is needed; PT5S stays"));
    }

    @Test
    void a_list_with_one_word_of_no_use_is_of_no_use() {
        set("GUARDABLE_RESOURCES", "[\"cpu\", \"gpu\"]");
        configuration.refresh();

        assertThat(configuration.resources("GUARDABLE_RESOURCES", Set.of(Resource.MEMORY)))
                .containsExactly(Resource.MEMORY);
        assertThat(problems).hasSize(1);
    }

    @Test
    void what_was_wrong_is_told_again_when_it_comes_back() {
        set("ACTIVE", "\"perhaps\"");
        configuration.refresh();
        configuration.isActive();
        set("ACTIVE", "true");
        configuration.refresh();
        configuration.isActive();
        set("ACTIVE", "\"perhaps\"");
        configuration.refresh();

        assertThat(configuration.isActive()).isTrue();
        assertThat(problems).hasSize(2);
    }

    @Property(tries = 300)
    void any_text_is_a_value_or_one_sentence(@ForAll @StringLength(max = 200) String text) {
        var sentences = new ArrayList<String>();
        try (var own = new InMemoryStateStore()) {
            own.create(
                    DocumentKind.SERVICES,
                    new ServiceDocument(
                            "guardian",
                            Map.of("WINDOW_TIMELAPSE", JSON.getNodeFactory().textNode(text)),
                            Map.of(),
                            List.of()));
            var any = new Configuration(own, "guardian", sentences::add);
            any.refresh();
            Duration span = any.span("WINDOW_TIMELAPSE", USUAL);
            assertThat(span).isPositive();
            assertThat(sentences.size()).isEqualTo(sentences.isEmpty() ? 0 : 1);
            assertThat(sentences).allSatisfy(sentence -> assertThat(sentence).hasSizeLessThan(250));
        }
    }

    private void set(String key, String json) {
        JsonNode value;
        try {
            value = JSON.readTree(json);
        } catch (JsonProcessingException wrong) {
            throw new IllegalArgumentException(wrong);
        }
        if (store.find(DocumentKind.SERVICES, "guardian").isEmpty()) {
            store.create(DocumentKind.SERVICES, new ServiceDocument("guardian", Map.of(), Map.of(), List.of()));
        }
        store.change(DocumentKind.SERVICES, "guardian", document -> document.withConfig(key, value));
    }
}

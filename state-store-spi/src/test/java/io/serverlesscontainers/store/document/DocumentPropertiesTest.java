package io.serverlesscontainers.store.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serverlesscontainers.store.tck.JsonMeaning;
import java.math.BigInteger;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

class DocumentPropertiesTest {
    /** A way to read a tree and write it again. */
    private record Form<T>(String samples, Function<JsonNode, T> reader, Function<T, ObjectNode> writer) {
        /** What comes out: a record that is read again as itself and has lost nothing, or one exception. */
        void check(JsonNode found) {
            T record;
            try {
                record = reader.apply(found);
            } catch (DocumentException e) {
                assertThat(e.problem().subject()).isNotEmpty();
                assertThat(e.problem().sentence()).isNotEmpty();
                return;
            }
            ObjectNode written = writer.apply(record);
            assertThat(reader.apply(written)).isEqualTo(record);
            assertThat(JsonMeaning.missing(comparable(found), written)).isEmpty();
        }
    }

    private static final List<Form<?>> FORMS = List.of(
            new Form<>("structures", DocumentKind.STRUCTURES::read, Document::toJson),
            new Form<>("limits", DocumentKind.LIMITS::read, Document::toJson),
            new Form<>("rules", DocumentKind.RULES::read, Document::toJson),
            new Form<>("services", DocumentKind.SERVICES::read, Document::toJson),
            new Form<>("event", ScalingEvent::fromJson, ScalingEvent::toJson),
            new Form<>("request", ScalingRequest::fromJson, ScalingRequest::toJson));

    @Property(tries = 3_000)
    void any_tree_gives_a_record_that_keeps_all_of_it_or_one_exception(@ForAll long seed) {
        JsonNode tree = Trees.tree(new Random(seed));
        FORMS.forEach(form -> form.check(tree));
    }

    @Property(tries = 1_000)
    void a_sample_with_anything_changed_gives_a_record_that_keeps_all_of_it_or_one_exception(@ForAll long seed) {
        var random = new Random(seed);
        for (Form<?> form : FORMS) {
            for (ObjectNode sample : Trees.samples(form.samples())) {
                for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
                    Trees.damage(sample, random);
                }
                form.check(sample);
            }
        }
    }

    @Property(tries = 100)
    void a_sample_with_more_fields_everywhere_is_read_and_keeps_them(@ForAll long seed) {
        JsonNode extra = Trees.tree(new Random(seed));
        for (Form<?> form : FORMS) {
            for (ObjectNode sample : Trees.samples(form.samples())) {
                addEverywhere(sample, "x_unknown", extra);
                assertThatCode(() -> form.reader().apply(sample)).doesNotThrowAnyException();
                form.check(sample);
            }
        }
    }

    private static void addEverywhere(JsonNode tree, String name, JsonNode extra) {
        if (tree instanceof ObjectNode object) {
            object.forEach(child -> addEverywhere(child, name, extra));
            object.set(name, extra);
        } else if (tree instanceof ArrayNode array) {
            array.forEach(child -> addEverywhere(child, name, extra));
        }
    }

    @Property
    void a_margin_is_what_big_numbers_say(
            @ForAll @LongRange(min = 0) long base, @ForAll @IntRange(max = 100) int percent, @ForAll long other) {
        long expected = BigInteger.valueOf(base)
                .multiply(BigInteger.valueOf(percent))
                .divide(BigInteger.valueOf(100))
                .max(BigInteger.ONE)
                .longValueExact();

        assertThat(Boundary.percentOfMax(percent).margin(base, other)).isEqualTo(expected);
        assertThat(Boundary.percentOfCurrent(percent).margin(other, base)).isEqualTo(expected);
    }

    @Property
    void an_absolute_margin_is_the_amount_and_at_least_one(
            @ForAll @LongRange(min = 0) long amount, @ForAll long max, @ForAll long current) {
        assertThat(Boundary.absolute(amount).margin(max, current)).isEqualTo(Math.max(1, amount));
    }

    @Property
    void whole_numbers_are_read_from_texts_as_well(@ForAll long max) {
        Structure number = structureWithMax(Long.toString(max));

        assertThat(number.resource(Resource.CPU).orElseThrow().max()).hasValue(max);
        assertThat(structureWithMax("'" + max + "'")).isEqualTo(number);
        assertThat(structureWithMax("' " + max + ".0 '")).isEqualTo(number);
    }

    @Property
    void the_marks_of_a_resource_come_back(@ForAll boolean guard, @ForAll boolean neverDown) {
        JsonNode found = Trees.json("{'name':'cont0','type':'structure','subtype':'container','resources':{"
                + "'cpu':{'guard':" + guard + ",'never_down':" + neverDown + "},'mem':{'max':1}}}");

        Structure read = DocumentKind.STRUCTURES.read(found);

        StructureResource cpu = read.resource(Resource.CPU).orElseThrow();
        StructureResource memory = read.resource(Resource.MEMORY).orElseThrow();
        assertThat(cpu.isGuarded()).isEqualTo(guard);
        assertThat(cpu.isNeverDown()).isEqualTo(neverDown);
        assertThat(memory.isGuarded()).isFalse();
        assertThat(memory.isNeverDown()).isFalse();
        assertThat(memory.withGuard(guard).withNeverDown(neverDown).toJson())
                .isEqualTo(cpu.toJson().put("max", 1L));
        assertThat(read.toJson().path("resources").path("mem").size()).isEqualTo(1);
        assertThat(JsonMeaning.missing(found, read.toJson())).isEmpty();
    }

    private static Structure structureWithMax(String max) {
        return DocumentKind.STRUCTURES.read(
                Trees.json("{'name':'cont0','subtype':'container','resources':{'cpu':{'max':" + max + ",'min':0}}}"));
    }

    @Property
    void both_spellings_of_an_amount_mean_the_same(@ForAll @LongRange(min = 1) long amount) {
        for (String policy : List.of("amount", "proportional")) {
            assertThat(rule("'rescale_by':'" + policy + "','amount':" + amount).rescale())
                    .isEqualTo(rule("'rescale_policy':'" + policy + "','rescale_type':'up','amount':" + amount)
                            .rescale());
            assertThat(rule("'rescale_by':'" + policy + "','amount':-" + amount).rescale())
                    .isEqualTo(rule("'rescale_policy':'" + policy + "','rescale_type':'down','amount':" + amount)
                            .rescale());
        }
    }

    @Property
    void both_spellings_of_fitting_mean_the_same(@ForAll Direction direction) {
        String word = direction.wireName();
        Rescale named = DocumentKind.RULES
                .read(Trees.json("{'name':'cpu_rescale_" + word + "','resource':'cpu','rescale_by':'fit_to_usage'}"))
                .rescale();

        assertThat(named).isEqualTo(new Rescale(Rescale.Policy.FIT_TO_USAGE, direction, 0));
        assertThat(rule("'rescale_policy':'fit_to_usage','rescale_type':'" + word + "'")
                        .rescale())
                .isEqualTo(named);
    }

    @Property
    void where_both_spellings_stand_the_newer_one_counts(@ForAll @LongRange(min = 1) long amount) {
        Rule both =
                rule("'rescale_by':'fit_to_usage','rescale_policy':'amount','rescale_type':'down','amount':" + amount);

        assertThat(both.rescale()).isEqualTo(Rescale.byAmount(-amount));
    }

    private static Rule rule(String fields) {
        return DocumentKind.RULES.read(Trees.json("{'name':'CpuRescale','resource':'cpu'," + fields + "}"));
    }

    @Property
    void the_counts_of_an_event_come_back(
            @ForAll @IntRange(max = 1_000) int up, @ForAll @IntRange(min = 1, max = 1_000) int down) {
        ObjectNode event = Trees.samples("event").get(0);
        event.set(
                "action", Trees.json("{'events':{'scale':{'up':" + up + ",'down':'" + down + "','x':1},'y':2},'z':3}"));

        ScalingEvent read = ScalingEvent.fromJson(event);

        assertThat(read.scale()).isEqualTo(new ScaleEvents(up, down));
        assertThat(JsonMeaning.missing(event, read.toJson())).isEmpty();
    }

    /** Without what the records do not promise to keep: fractions of a second, digits of a usage, shares of 0. */
    private static JsonNode comparable(JsonNode found) {
        JsonNode copy = found.deepCopy();
        if (copy instanceof ObjectNode document) {
            document.remove("timestamp");
            document.path("resources").forEach(resource -> {
                if (resource instanceof ObjectNode object) {
                    object.remove(List.of("usage", "core_usage_mapping"));
                }
            });
        }
        return copy;
    }
}

package io.serverlesscontainers.store.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import io.serverlesscontainers.store.tck.JsonMeaning;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BadFieldsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'cpu':{'max':'much'}        | /resources/cpu/max is \"much\", a whole number is needed",
                "'cpu':{'max':1.5}           | /resources/cpu/max is 1.5, a whole number is needed",
                "'cpu':{'max':1e400}         | /resources/cpu/max is \"Infinity\", a whole number is needed",
                "'cpu':{'min':9223372036854775808} | /resources/cpu/min is 9223372036854775808, a whole number is needed",
                "'cpu':{'usage':'1e350'}     | /resources/cpu/usage is \"1e350\", a number is needed",
                "'cpu':{'guard':'yes'}       | /resources/cpu/guard is \"yes\", true or false is needed",
                "'cpu':{'never_down':'yes'}  | /resources/cpu/never_down is \"yes\", true or false is needed",
                "'cpu':{'never_down':1}      | /resources/cpu/never_down is 1, true or false is needed",
                "'cpu':5                     | /resources/cpu is 5, a JSON object is needed",
                "'gpu':{'max':1}             | /resources/gpu is no resource; known are cpu, mem, disk_read, disk_write, net, energy",
                "'cpu':{'core_usage_mapping':{'0':{'free':'x'}}} | /resources/cpu/core_usage_mapping is {\"0\":{\"free\":\"x\"}}, a map from core to container to shares is needed",
                "'cpu':{'core_usage_mapping':{'00':{}}} | /resources/cpu/core_usage_mapping is {\"00\":{}}, a map from core to container to shares is needed",
            })
    void a_bad_field_of_a_structure_is_one_problem_and_harms_nothing_else(String resource, String sentence) {
        JsonNode found = Trees.json("{'name':'cont0','subtype':'container','resources':{" + resource
                + ",'mem':{'max':8192,'min':'1024'}}}");

        Structure read = DocumentKind.STRUCTURES.read(found);

        assertThat(read.problems()).extracting(Problem::toString).containsExactly("structure 'cont0': " + sentence);
        assertThat(read.resource(Resource.MEMORY).orElseThrow().max()).hasValue(8192);
        assertThat(read.resource(Resource.MEMORY).orElseThrow().min()).hasValue(1024);
        assertThat(JsonMeaning.missing(found, read.toJson())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'upper':[1]     | upper is [1], a whole number is needed",
                "'boundary':-1   | boundary is -1, an amount of 0 or more is needed",
                "'boundary':'101','boundary_type':'percentage_of_max' | boundary is 101, a percentage from 0 to 100 is needed",
                "'boundary':-1,'boundary_type':'percentage_of_current' | boundary is -1, a percentage from 0 to 100 is needed",
                "'boundary':10,'boundary_type':'percent' | boundary_type is \"percent\", percentage_of_max or percentage_of_current is needed",
            })
    void a_bad_field_of_limits_is_one_problem_and_harms_nothing_else(String fields, String sentence) {
        JsonNode found =
                Trees.json("{'name':'cont0','resources':{'cpu':{" + fields + "},'mem':{'upper':5,'boundary':1}}}");

        Limits read = DocumentKind.LIMITS.read(found);

        assertThat(read.problems())
                .extracting(Problem::toString)
                .containsExactly("limits 'cont0': /resources/cpu/" + sentence);
        assertThat(read.resource(Resource.MEMORY).orElseThrow().boundary()).contains(Boundary.absolute(1));
        assertThat(read.resource(Resource.CPU).orElseThrow().boundary().filter(Boundary::isUsable))
                .isEmpty();
        assertThat(JsonMeaning.missing(found, read.toJson())).isEmpty();
    }

    @Test
    void the_problem_of_a_field_is_found_by_its_pointer() {
        Structure read = DocumentKind.STRUCTURES.read(Trees.json(
                "{'name':'a','subtype':'container','guard':'yes','resources':{'g/p~u':{},'cpu':{'max':'x','min':1}}}"));

        assertThat(read.problem(JsonPointer.compile("/guard")).orElseThrow().sentence())
                .startsWith("/guard is \"yes\"");
        assertThat(read.problem(JsonPointer.compile("/resources/cpu/max"))
                        .orElseThrow()
                        .sentence())
                .startsWith("/resources/cpu/max is \"x\"");
        assertThat(read.problem(JsonPointer.compile("/resources/g~1p~0u"))
                        .orElseThrow()
                        .sentence())
                .startsWith("/resources/g~1p~0u is no resource");
        assertThat(read.problem(JsonPointer.compile("/resources/cpu"))).isEmpty();
        assertThat(read.problem(JsonPointer.compile("/resources/cpu/min"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'name':'up','rule':{'==':[1,TEXT]}}              | /rule/==/1",
                "{'name':'up','rule':{'==':[1,NUMBERS]}}           | /rule/==/1/[0-9]{5}",
                "{'rule':{'and':[true]},'name':'up','note':TEXT}   | /note",
                "{'name':'up','no~te/s':{'of':[TEXT,1]},'x':TEXT}  | /no~0te~1s/of/0",
            })
    void a_rule_that_is_too_long_is_a_problem_at_the_place_where_it_is_and_kept(String text, String place) {
        JsonNode found = Trees.json(text.replace("TEXT", "'" + "x".repeat(100_000) + "'")
                .replace("NUMBERS", "[1" + ",1".repeat(60_000) + "]"));

        Rule read = DocumentKind.RULES.read(found);

        assertThat(read.problems()).hasSize(1);
        assertThat(read.problems().get(0).field().orElseThrow().toString()).matches(place);
        assertThat(read.problems().get(0).toString())
                .startsWith("rule 'up': " + read.problems().get(0).field().orElseThrow())
                .endsWith(" makes the document longer than the 100000 characters that are allowed");
        assertThat(JsonMeaning.missing(found, read.toJson())).isEmpty();
    }

    @Test
    void a_huge_value_is_not_in_the_sentence() {
        String huge = "x".repeat(40_000);
        Structure read =
                DocumentKind.STRUCTURES.read(Trees.json("{'name':'" + huge + "','subtype':'container','guard':'" + huge
                        + "','resources':{'" + huge + "':{},'cpu':{'" + huge + "':1,'max':'" + huge + "'}}}"));
        Rule rule = DocumentKind.RULES.read(Trees.json("{'name':'up','rescale_policy':'" + huge + "'}"));

        assertThat(read.problems())
                .hasSize(3)
                .allSatisfy(problem -> assertThat(problem.toString()).hasSizeLessThan(420));
        assertThatThrownBy(rule::rescale)
                .message()
                .hasSizeLessThan(400)
                .startsWith("rule 'up': /rescale_policy is 'xx");
    }

    @Test
    void a_new_value_takes_the_place_of_an_unreadable_one() {
        Structure read = DocumentKind.STRUCTURES.read(
                Trees.json("{'name':'a','subtype':'container','guard':'yes','resources':{'cpu':{'current':'x'}}}"));

        JsonNode written = read.withGuard(true)
                .withResource(
                        Resource.CPU, read.resource(Resource.CPU).orElseThrow().withCurrent(5))
                .toJson();

        assertThat(written.at("/guard").booleanValue()).isTrue();
        assertThat(written.at("/resources/cpu/current").longValue()).isEqualTo(5);
    }

    @Test
    void what_stands_in_the_place_of_a_section_or_a_list_is_kept() {
        for (String text : List.of(
                "{'name':'a','subtype':'application','type':'thing','resources':[1],'containers':[2]}",
                "{'name':'a','subtype':'container','resources':'none','containers':[]}")) {
            JsonNode found = Trees.json(text);
            assertThat(JsonMeaning.missing(
                            found, DocumentKind.STRUCTURES.read(found).toJson()))
                    .isEmpty();
        }
        JsonNode service = Trees.json("{'name':'guardian','config':'default'}");
        assertThat(JsonMeaning.missing(
                        service, DocumentKind.SERVICES.read(service).toJson()))
                .isEmpty();
    }

    @Test
    void a_core_map_comes_back() {
        Trees.samples("structures")
                .forEach(sample -> assertThat(JsonMeaning.missing(
                                sample, DocumentKind.STRUCTURES.read(sample).toJson()))
                        .isEmpty());
        CoreUsage map = CoreUsage.fromJson(Trees.json("{'1':{'free':'40','a':60.0,'b':0}}"));
        assertThat(map.cores().get(1).free()).isEqualTo(40);
        assertThat(map.cores().get(1).shares()).containsExactly(Map.entry("a", 60L));
        assertThat(CoreUsage.fromJson(map.toJson())).isEqualTo(map);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'up':'x','down':1}",
                "{'up':4294967297}",
                "{'up':1.5}",
                "{'up':true}",
                "{'up':-1}",
                "{'up':0}",
                "{}",
                "[]",
            })
    void an_event_whose_counts_cannot_be_read_is_refused(String scale) {
        JsonNode event = Trees.json("{'name':'CpuBottleneck','structure':'cont0','resource':'cpu','timestamp':1,"
                + "'action':{'events':{'scale':" + scale + "}}}");

        assertThatThrownBy(() -> ScalingEvent.fromJson(event))
                .isInstanceOf(DocumentException.class)
                .hasMessageStartingWith("event 'CpuBottleneck': /action is {");
    }

    @Test
    void a_request_for_another_field_is_refused_with_what_was_found() {
        JsonNode request = Trees.json(
                "{'structure':'a','resource':'cpu','amount':5,'timestamp':1,'field':'max','action':'CpuRescaleUp'}");

        assertThatThrownBy(() -> ScalingRequest.fromJson(request))
                .isInstanceOf(DocumentException.class)
                .hasMessage("request: /field is \"max\", 'current' is needed");
    }

    @Test
    void a_rule_says_which_amount_it_could_not_use() {
        Rule rule = DocumentKind.RULES.read(
                Trees.json("{'name':'up','resource':'cpu','amount':'lots','rescale_policy':'amount'}"));

        assertThatThrownBy(rule::rescale)
                .isInstanceOf(DocumentException.class)
                .hasMessageStartingWith("rule 'up': /amount is \"lots\", a whole number");
    }

    @Test
    void a_document_without_a_name_cannot_be_made() {
        assertThatThrownBy(() -> Limits.of("")).isInstanceOf(IllegalArgumentException.class);
    }
}

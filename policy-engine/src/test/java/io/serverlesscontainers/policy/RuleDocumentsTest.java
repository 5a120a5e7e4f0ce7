package io.serverlesscontainers.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serverlesscontainers.core.spi.EventRule;
import io.serverlesscontainers.core.spi.EventTally;
import io.serverlesscontainers.core.spi.RequestRule;
import io.serverlesscontainers.core.spi.ResourceState;
import io.serverlesscontainers.core.spi.ScalingPolicy.Firings;
import io.serverlesscontainers.core.spi.Signals;
import io.serverlesscontainers.store.document.DocumentException;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.document.Problem;
import io.serverlesscontainers.store.document.Rescale;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Rule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rule documents that are unusual, wrong or hostile. */
class RuleDocumentsTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final ResourceState STATE = Windows.bottleneck("c", Resource.CPU);

    private final List<Problem> problems = new ArrayList<>();
    private final List<String> fired = new ArrayList<>();
    private final List<String> failed = new ArrayList<>();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'frobnicate':[1,2]} | /rule/frobnicate has the unknown operator 'frobnicate', one of var ?: if and or ! !! == != === !== < <= > >= + - * / % max min missing missing_some map filter reduce all none some merge in cat substr log is needed",
                "{'and':[1,{'<':[{'var':'cpu.usage'},1]}]} | /rule/and/1/</0/var is the unknown variable \"cpu.usage\", one of cpu.limits.cpu.boundary, cpu.limits.cpu.lower, cpu.limits.cpu.upper, cpu.structure.cpu.current, cpu.structure.cpu.limit_hits, cpu.structure.cpu.max, cpu.structure.cpu.min, cpu.structure.cpu.oom_kills, cpu.structure.cpu.pressure_full, cpu.structure.cpu.pressure_some, cpu.structure.cpu.throttled, cpu.structure.cpu.usage is needed",
                "{'/':[{'!=':[1]},2]} | /rule/~1/0/!= has 1 operands, 2 are needed",
                "{'>':[1,1e999]} | /rule/>/1 is \"Infinity\", a finite number is needed",
                "{'>':[1,2],'<':[1,2]} | /rule is {\">\":[1,2],\"<\":[1,2]}, a value or one operator with its operands is needed",
                "{} | /rule is {}, a value or one operator with its operands is needed",
                "{'and':[]} | /rule/and has 0 operands, 1 or more are needed",
                "{'var':5} | /rule/var is the unknown variable 5, one of cpu.limits.cpu.boundary, cpu.limits.cpu.lower, cpu.limits.cpu.upper, cpu.structure.cpu.current, cpu.structure.cpu.limit_hits, cpu.structure.cpu.max, cpu.structure.cpu.min, cpu.structure.cpu.oom_kills, cpu.structure.cpu.pressure_full, cpu.structure.cpu.pressure_some, cpu.structure.cpu.throttled, cpu.structure.cpu.usage is needed",
            },
            quoteCharacter = '`')
    void a_condition_that_cannot_be_read_is_refused_at_its_place(String condition, String sentence) {
        Rule bad = eventRule("bad", condition.replace('\'', '"'));
        detect(bad, eventRule("good", "true"));
        assertThat(problems).extracting(Problem::toString).containsExactly("rule 'bad': " + sentence);
        assertThat(fired).containsExactly("good");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "resource | `gpu` | /resource is \"gpu\", one of cpu, mem, disk_read, disk_write, net, energy is needed",
                "resource | | /resource is missing, a resource is needed",
                "generates | | /generates is missing, 'events' or 'requests' is needed",
                "generates | `wonders` | /generates is \"wonders\", 'events' or 'requests' is needed",
                "rule | | /rule is missing, a JSON-logic expression is needed",
                "amount | | /amount is missing, a whole number is needed (rescale_policy is 'amount')",
                "amount | `much` | /amount is \"much\", a whole number is needed",
                "rescale_policy | `magic` | /rescale_policy is 'magic', 'amount', 'fit_to_usage' or 'proportional' is needed",
                "rescale_type | `sideways` | /rescale_type is 'sideways', 'up' or 'down' is needed",
                "events_to_remove | | /events_to_remove is missing, a whole number from 0 to 1000000 is needed",
                "events_to_remove | `-1` | /events_to_remove is -1, a whole number from 0 to 1000000 is needed",
                "active | `perhaps` | /active is \"perhaps\", true or false is needed",
                "priority | `first` | /priority is \"first\", a whole number is needed",
            },
            quoteCharacter = '`')
    void a_document_with_a_bad_field_is_refused_and_the_others_decide(String field, String value, String sentence) {
        var json = requestRule("bad", "true").toJson();
        json.remove(field);
        if (value != null) {
            json.put(field, value);
        }
        decide(new EventTally(STATE, 2, 0), DocumentKind.RULES.read(json), requestRule("good", "true"));
        assertThat(problems).extracting(Problem::toString).containsExactly("rule 'bad': " + sentence);
        assertThat(fired).containsExactly("good");
    }

    @Test
    void an_event_rule_whose_action_says_nothing_is_refused() {
        var json = eventRule("bad", "true").toJson();
        json.putObject("action");
        detect(DocumentKind.RULES.read(json), eventRule("good", "true"));
        assertThat(problems).hasSize(1);
        assertThat(problems.get(0).toString()).startsWith("rule 'bad': /action is {}");
        assertThat(fired).containsExactly("good");
    }

    @Test
    void an_inactive_rule_is_left_out_silently() {
        var json = eventRule("asleep", "{\"no such operator\":1}").toJson();
        json.put("active", false);
        detect(DocumentKind.RULES.read(json));
        assertThat(problems).isEmpty();
        assertThat(fired).isEmpty();
    }

    @Test
    void of_two_rules_with_one_name_the_first_counts() {
        detect(eventRule("twin", "true"), eventRule("twin", "true"));
        assertThat(fired).containsExactly("twin");
        assertThat(problems)
                .extracting(Problem::toString)
                .containsExactly("rule 'twin': /name is 'twin', which another active rule has");
    }

    @Test
    void a_rule_may_not_read_the_usage_of_another_resource() {
        detect(eventRule("nosy", "{\">\":[{\"var\":\"mem.structure.mem.usage\"},0]}"));
        assertThat(problems.get(0).sentence()).startsWith("/rule/>/0/var is the unknown variable");
    }

    @Test
    void a_rule_sees_facts_of_its_own_resource_only() {
        ResourceState memory = Windows.bottleneck("c", Resource.MEMORY);
        DroolsScalingPolicy policy = DroolsScalingPolicy.ofDocuments(
                List.of(
                        eventRule("cpu", "true"),
                        DocumentKind.RULES.read(
                                eventRule("mem", "true").toJson().put("resource", "mem"))),
                problems::add);
        policy.detectEvents(List.of(STATE, memory), recorder());
        assertThat(fired).containsExactlyInAnyOrder("cpu", "mem");
        assertThat(policy.resources()).containsExactlyInAnyOrder(Resource.CPU, Resource.MEMORY);
    }

    @Test
    void without_rules_nothing_is_decided() {
        DroolsScalingPolicy policy = DroolsScalingPolicy.ofDocuments(List.of(), problems::add);
        policy.detectEvents(List.of(STATE), recorder());
        assertThat(policy.resources()).isEmpty();
        assertThat(fired).isEmpty();
    }

    @Test
    void a_rule_that_divides_by_zero_fails_by_name_and_the_others_decide() {
        String dividing = "{\">\":[{\"/\":[1,{\"-\":[{\"var\":\"cpu.structure.cpu.usage\"},95]}]},0]}";
        detect(eventRule("one", dividing), eventRule("two", dividing), eventRule("good", "true"));
        assertThat(problems).isEmpty();
        assertThat(fired).containsExactly("good");
        assertThat(failed)
                .containsExactlyInAnyOrder(
                        "rule 'one' failed: division by zero", "rule 'two' failed: division by zero");
    }

    @Test
    void what_the_receiver_throws_at_a_failure_reaches_the_caller() {
        var boom = new IllegalStateException("no more");
        DroolsScalingPolicy policy =
                DroolsScalingPolicy.ofDocuments(List.of(eventRule("dividing", "{\"/\":[1,0]}")), problems::add);
        assertThatThrownBy(() -> policy.detectEvents(List.of(STATE), new Firings<>() {
                    @Override
                    public void fired(ResourceState state, EventRule rule) {}

                    @Override
                    public void failed(ResourceState state, String sentence) {
                        throw boom;
                    }
                }))
                .isSameAs(boom);
    }

    @Test
    void an_expression_behind_a_false_one_is_not_evaluated() {
        detect(eventRule("guarded", "{\"and\":[{\"<\":[2,1]},{\">\":[{\"/\":[1,0]},0]}]}"));
        assertThat(failed).isEmpty();
        assertThat(fired).isEmpty();
    }

    @Test
    void rules_that_share_an_expression_and_differ_in_another_stay_apart() {
        String shared = "{\">\":[{\"var\":\"cpu.structure.cpu.usage\"},90]}";
        detect(
                eventRule("both", "{\"and\":[" + shared + ",{\"<\":[{\"var\":\"cpu.structure.cpu.usage\"},96]}]}"),
                eventRule("neither", "{\"and\":[" + shared + ",{\"<\":[{\"var\":\"cpu.structure.cpu.usage\"},95]}]}"),
                eventRule("text", "{\"and\":[" + shared + ",{\"<\":[{\"var\":\"cpu.structure.cpu.usage\"},\"96\"]}]}"));
        assertThat(fired).containsExactlyInAnyOrder("both", "text");
    }

    @Test
    void a_rule_may_use_the_whole_language() {
        detect(
                eventRule("in", "{\"in\":[{\"var\":\"cpu.structure.cpu.usage\"},[94,95,96]]}"),
                eventRule("text", "{\"==\":[{\"cat\":[{\"var\":\"cpu.structure.cpu.usage\"},\"%\"]},\"95%\"]}"),
                eventRule("missing", "{\"if\":[{\"missing\":[\"cpu.structure.cpu.usage\"]},false,true]}"),
                eventRule("some", "{\"some\":[[90,100],{\">\":[{\"var\":\"\"},99]}]}"),
                eventRule("true as text", "{\"and\":[\"0\"]}"),
                eventRule("empty array", "{\"and\":[[]]}"),
                eventRule("null", "null"),
                eventRule("sum of truths", "{\"+\":[true,1]}"));
        assertThat(fired).containsExactlyInAnyOrder("in", "text", "missing", "some", "true as text");
        assertThat(failed).isEmpty();
    }

    @Test
    void expressions_that_differ_in_the_type_of_a_value_stay_apart() {
        String comparing = "{\"===\":[{\"-\":[{\"var\":\"cpu.structure.cpu.usage\"},94]},%s]}";
        detect(
                eventRule("number", String.format(comparing, "1")),
                eventRule("text", String.format(comparing, "\"1\"")),
                eventRule("truth", String.format(comparing, "true")));
        assertThat(fired).containsExactly("number");
    }

    @Test
    void a_rule_that_asks_for_too_much_fails_by_name_and_the_others_decide() {
        String items = "[1" + ",1".repeat(40) + "]";
        String doubling = "{\"cat\":[{\"var\":\"accumulator\"},{\"var\":\"accumulator\"}]}";
        detect(eventRule("greedy", "{\"reduce\":[" + items + "," + doubling + ",\"x\"]}"), eventRule("good", "true"));
        assertThat(fired).containsExactly("good");
        assertThat(failed).containsExactly("rule 'greedy' failed: takes more than 250000 steps");
    }

    @Test
    void a_long_condition_is_evaluated_and_a_huge_one_is_refused() {
        detect(
                eventRule("long", "{\"and\":[true" + ",{\"<\":[0,1]}".repeat(1_000) + "]}"),
                eventRule("huge", "{\"and\":[true" + ",true".repeat(10_000) + "]}"),
                eventRule("good", "true"));
        assertThat(fired).containsExactlyInAnyOrder("long", "good");
        assertThat(problems)
                .extracting(Problem::toString)
                .containsExactly(
                        "rule 'huge': /rule/and/4999 is one part too many, an expression of at most 5000 is needed");
    }

    @Test
    void a_condition_nested_ten_thousand_deep_is_refused_and_the_others_decide() {
        JsonNode deep = JsonNodeFactory.instance.booleanNode(true);
        for (int i = 0; i < 10_000; i++) {
            deep = JsonNodeFactory.instance.objectNode().set("!", deep);
        }
        Rule deepRule = withCondition(deep);
        detect(deepRule, eventRule("good", "true"));
        assertThat(problems).hasSize(1);
        assertThat(problems.get(0).sentence()).startsWith("/rule/!/!").endsWith("is nested deeper than 100 levels");
        assertThat(fired).containsExactly("good");
    }

    @Test
    void a_document_nested_ten_thousand_deep_is_refused_when_it_is_read() {
        ObjectNode json = eventRule("deep", "true").toJson();
        JsonNode deep = JsonNodeFactory.instance.booleanNode(true);
        for (int i = 0; i < 10_000; i++) {
            deep = JsonNodeFactory.instance.arrayNode().add(deep);
        }
        json.set("rule", deep);
        assertThatThrownBy(() -> DocumentKind.RULES.read(json))
                .isInstanceOf(DocumentException.class)
                .hasMessage("rule 'deep': /rule is nested deeper than 1000 levels");
    }

    @Test
    void nesting_has_a_limit() {
        detect(eventRule("deep", "{\"!\":[".repeat(101) + "true" + "]}".repeat(101)), eventRule("good", "true"));
        assertThat(problems).hasSize(1);
        assertThat(problems.get(0).sentence()).endsWith("is nested deeper than 100 levels");
        assertThat(fired).containsExactly("good");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"; System.exit(1); //",
                "end rule \"x\" when then System.exit(1); end",
                "${jndi:ldap://localhost/x}",
                "#{T(java.lang.Runtime).getRuntime().exec('id')}",
                "*/ static { System.exit(1); } /*",
                "\\u0022); System.exit(1); (\\u0022",
                "../../etc/passwd",
                "rule\nwith\ttwo lines\u0000"
            })
    void text_of_a_document_is_never_more_than_text(String hostile) throws Exception {
        String quoted = JSON.writeValueAsString(hostile);
        detect(
                eventRule(hostile, "true"),
                eventRule("operator", "{" + quoted + ":[1,2]}"),
                eventRule("variable", "{\"var\":" + quoted + "}"),
                eventRule("literal", "{\"==\":[" + quoted + ",1]}"),
                eventRule("text", "{\"===\":[{\"cat\":[" + quoted + "]}," + quoted + "]}"));
        assertThat(fired).containsExactlyInAnyOrder(hostile, "text");
        assertThat(failed).isEmpty();
        assertThat(problems).extracting(Problem::subject).containsExactly("rule 'operator'", "rule 'variable'");
    }

    @Test
    void a_request_rule_carries_what_its_document_says() {
        var json = requestRule("CpuRescaleDown", "true").toJson();
        json.put("amount", -30).put("events_to_remove", 0).put("priority", 7).remove("rescale_type");
        var rules = new ArrayList<RequestRule>();
        DroolsScalingPolicy.ofDocuments(List.of(DocumentKind.RULES.read(json)), problems::add)
                .decideRequests(List.of(new EventTally(STATE, 0, 3)), (tally, rule) -> rules.add(rule));
        assertThat(rules).containsExactly(new RequestRule("CpuRescaleDown", Resource.CPU, Rescale.byAmount(-30), 0, 7));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'rescale_by':'amount','amount':75 | 'rescale_policy':'amount','rescale_type':'up','amount':75",
                "'rescale_by':'amount','amount':-75 | 'rescale_policy':'amount','rescale_type':'down','amount':75",
                "'rescale_by':'fit_to_usage' | 'rescale_policy':'fit_to_usage','rescale_type':'down'",
                "'rescale_by':'proportional','amount':9 | 'rescale_policy':'proportional','rescale_type':'up','amount':9",
            })
    void both_spellings_of_a_rescale_are_the_same_rule(String older, String newer) {
        var rules = new ArrayList<RequestRule>();
        for (String spelling : List.of(older, newer)) {
            Rule rule = rule(
                    "CpuRescale",
                    "true",
                    "'generates':'requests','events_to_remove':2,".replace('\'', '"') + spelling.replace('\'', '"'));
            DroolsScalingPolicy.ofDocuments(List.of(rule), problems::add)
                    .decideRequests(List.of(new EventTally(STATE, 2, 0)), (tally, fired) -> rules.add(fired));
        }
        assertThat(problems).isEmpty();
        assertThat(rules).hasSize(2);
        assertThat(rules.get(0)).isEqualTo(rules.get(1));
    }

    @ParameterizedTest
    @CsvSource({"throttled, 0.5", "pressure_some, 0.25", "pressure_full, 0.125", "oom_kills, 1", "limit_hits, 2"})
    void a_rule_may_read_what_the_kernel_says(String signal, String value) {
        var state = new ResourceState(
                "c", Resource.CPU, 85, 400, 20, 100, 90, 80, 10, 10, new Signals(0.5, 0.25, 0.125, 1, 2));
        String condition = "{\"==\":[{\"var\":\"cpu.structure.cpu." + signal + "\"}," + value + "]}";
        DroolsScalingPolicy policy =
                DroolsScalingPolicy.ofDocuments(List.of(eventRule("signalled", condition)), problems::add);
        policy.detectEvents(List.of(state, STATE), recorder());
        assertThat(problems).isEmpty();
        assertThat(fired).containsExactly("signalled");
    }

    private static Rule withCondition(JsonNode condition) {
        Rule rule = eventRule("deep", "true");
        return new Rule(
                rule.name(),
                rule.resource(),
                Optional.of(condition),
                rule.generates(),
                rule.action(),
                rule.amount(),
                rule.rescalePolicy(),
                rule.rescaleType(),
                rule.rescaleBy(),
                rule.eventsToRemove(),
                rule.active(),
                rule.otherFields(),
                rule.problems());
    }

    private void detect(Rule... rules) {
        DroolsScalingPolicy.ofDocuments(List.of(rules), problems::add).detectEvents(List.of(STATE), recorder());
    }

    private void decide(EventTally tally, Rule... rules) {
        DroolsScalingPolicy.ofDocuments(List.of(rules), problems::add)
                .decideRequests(List.of(tally), (fact, rule) -> fired.add(rule.name()));
    }

    private Firings<ResourceState, EventRule> recorder() {
        return new Firings<>() {
            @Override
            public void fired(ResourceState state, EventRule rule) {
                fired.add(rule.name());
            }

            @Override
            public void failed(ResourceState state, String sentence) {
                failed.add(sentence);
            }
        };
    }

    private static Rule eventRule(String name, String condition) {
        return rule(name, condition, "\"generates\":\"events\",\"action\":{\"events\":{\"scale\":{\"up\":1}}}");
    }

    private static Rule requestRule(String name, String condition) {
        return rule(
                name,
                condition,
                "\"generates\":\"requests\",\"events_to_remove\":2,\"amount\":75,"
                        + "\"rescale_policy\":\"amount\",\"rescale_type\":\"up\"");
    }

    private static Rule rule(String name, String condition, String rest) {
        try {
            return DocumentKind.RULES.read(JSON.readTree("{\"name\":" + JSON.writeValueAsString(name)
                    + ",\"resource\":\"cpu\",\"rule\":" + condition + "," + rest + "}"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package io.serverlesscontainers.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serverlesscontainers.core.guardian.GuardianSettings;
import io.serverlesscontainers.policy.RuleSetCheck.Finding;
import io.serverlesscontainers.policy.RuleSetCheck.Severity;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.document.Rule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is found in rule sets, and what is nearly the same and all right. */
class RuleSetCheckTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern SHORT = Pattern.compile("\\b(USAGE|CURRENT|MAX|MIN|UPPER|LOWER|UP|DOWN)\\b");
    private static final Duration WINDOW = GuardianSettings.stock().window();
    private static final Duration TIMEOUT = GuardianSettings.stock().eventTimeout();

    @Test
    void nothing_is_wrong_with_the_stock_documents() {
        RuleSetCheck check = RuleSetCheck.of(StockRules.documents(), WINDOW, TIMEOUT);
        assertThat(check.findings()).isEmpty();
        assertThat(check.isClean()).isTrue();
        assertThat(check.report()).isEqualTo("21 rules: 0 errors, 0 warnings, 0 notes\n");
    }

    @Test
    void nothing_is_wrong_with_no_rules() {
        assertThat(findings()).isEmpty();
    }

    @Test
    void what_the_reader_refuses_is_an_error_in_its_words() {
        Rule unknown = eventRule("nosy", "up", "{'>':[{'var':'mem.structure.mem.usage'},0]}");
        var unreadable = eventRule("odd", "up", "true").toJson().put("resource", "gpu");
        assertThat(findings(up(), unknown, DocumentKind.RULES.read(unreadable)))
                .extracting(Finding::severity, Finding::rules)
                .containsExactly(tuple(Severity.ERROR, List.of("nosy")), tuple(Severity.ERROR, List.of("odd")));
        assertThat(findings(unknown).get(0).sentence())
                .startsWith("/rule/>/0/var is the unknown variable \"mem.structure.mem.usage\", one of");
    }

    @Test
    void of_two_rules_with_one_name_the_second_is_refused_and_the_first_takes_part() {
        Rule first = eventRule("twin", "up", "{'<':[USAGE,MIN]}");
        Rule second = eventRule("twin", "down", "{'>':[USAGE,MIN]}");
        assertThat(findings(first, second, eventRule("down", "down", "{'<':[USAGE,LOWER]}")))
                .map(Finding::toString)
                .containsExactly(
                        "error: twin: /name is 'twin', which another active rule has",
                        "warning: twin, down: hold at once, for instance at min 20, usage 0, lower 80: the first adds"
                                + " up events, the second adds down events");
    }

    @Test
    void of_two_rules_with_one_name_a_bad_one_does_not_count() {
        Rule bad = eventRule("twin", "up", "{'>':[{'var':'nothing'},0]}");
        assertThat(findings(bad, eventRule("twin", "up", "{'>':[USAGE,UPPER]}")))
                .singleElement()
                .satisfies(it -> assertThat(it.sentence()).contains("unknown variable \"nothing\""));
    }

    @Test
    void an_inactive_rule_is_read_and_takes_part_in_nothing_else() {
        Rule never = inactive(eventRule("never", "up", "{'<':[USAGE,0]}"));
        Rule opposite = inactive(eventRule("opposite", "down", "{'>':[USAGE,UPPER]}"));
        Rule sameName = inactive(up());
        Rule bad = inactive(eventRule("bad", "up", "{'and':[]}"));
        RuleSetCheck check = check(up(), never, opposite, sameName, bad);
        assertThat(check.findings())
                .containsExactly(new Finding(
                        Severity.NOTE,
                        List.of("bad"),
                        "is not active, and would be refused if it were: /rule/and has 0 operands, 1 or more are"
                                + " needed"));
        assertThat(check.isClean()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'and':[{'>':[USAGE,90]},{'<':[USAGE,80]}]} | usage > 90 and usage < 80 cannot hold together",
                "{'and':[{'>':[USAGE,90]},{'<=':[USAGE,90]}]} | usage > 90 and usage <= 90 cannot hold together",
                "{'and':[{'>':[USAGE,UPPER]},{'<':[USAGE,LOWER]}]} | usage > upper and usage < lower cannot hold together",
                "{'and':[{'>':[MAX,9]},{'>':[CURRENT,MAX]}]} | current > max cannot hold",
                "{'>=':[UPPER,CURRENT]} | upper >= current cannot hold",
                "{'<':[USAGE,0]} | usage < 0 cannot hold",
                "{'and':[{'>':[CURRENT,4]},{'<':[CURRENT,5]}]} | current > 4 and current < 5 cannot hold together",
                "{'<':[UPPER,USAGE,LOWER]} | upper < usage < lower cannot hold",
                "{'!':{'>=':[CURRENT,UPPER]}} | not (current >= upper) cannot hold",
                "{'and':[{'or':[{'<':[USAGE,10]},{'>':[USAGE,90]}]},{'==':[USAGE,50]}]} | (usage < 10 or usage > 90) and usage == 50 cannot hold together",
                "{'and':[{'and':[{'>':[USAGE,MAX]},{'<':[CURRENT,9]}]},{'<=':[USAGE,CURRENT]}]} | usage > max and usage <= current cannot hold together",
                "{'and':[{'>':[UPPER,50]},{'<':[LOWER,10]},{'<':[CURRENT,60]}]} | upper > 50 and lower < 10 and current < 60 cannot hold together",
                "{'and':[{'>':[{'+':[USAGE,1]},2]},false]} | false cannot hold",
                "{'and':[{'or':[{'<':[USAGE,1]},{'in':[USAGE,[]]}]},null]} | null cannot hold",
                "{'and':[{'or':[{'<':[USAGE,0]},{'and':[{'<':[MAX,0]},{'in':[USAGE,[1]]}]}]},{'<':[MIN,5]}]} | {\"or\":[{\"<\":[{\"var\":\"usage\"},0.0]},{\"and\":[{\"<\":[{\"var\":\"max\"},0.0]},{\"in\":[{\"var\":\"usage\"},[1.… cannot hold",
            },
            quoteCharacter = '`')
    void an_event_rule_whose_bounds_contradict_each_other_never_fires(String condition, String why) {
        assertThat(findings(eventRule("never", "up", condition)))
                .singleElement()
                .satisfies(it -> assertThat(it.severity()).isEqualTo(Severity.WARNING))
                .satisfies(it -> assertThat(it.sentence().replaceAll("cpu\\.[a-z]+\\.cpu\\.", ""))
                        .isEqualTo("can never fire: " + why));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'and':[{'>':[USAGE,80]},{'<':[USAGE,90]}]}",
                "{'and':[{'>=':[USAGE,90]},{'<=':[USAGE,90]}]}",
                "{'and':[{'>':[USAGE,LOWER]},{'<':[USAGE,UPPER]}]}",
                "{'>=':[CURRENT,MAX]}",
                "{'<':[CURRENT,MIN]}",
                "{'<':[LOWER,0]}",
                "{'and':[{'>':[CURRENT,4]},{'<':[CURRENT,6]}]}",
                "{'and':[{'>':[USAGE,4]},{'<':[USAGE,5]}]}",
                "{'and':[{'>':[UPPER,50]},{'<':[LOWER,10]},{'<':[CURRENT,100]}]}",
                "{'and':[{'or':[{'<':[USAGE,10]},{'>':[USAGE,90]}]},{'==':[USAGE,91]}]}",
                "{'and':[{'>':[{'+':[USAGE,1]},2]},{'<':[{'+':[USAGE,1]},2]}]}",
                "{'and':[{'<':['1',USAGE]},{'<':[USAGE,'0']}]}",
                "USAGE",
                "true",
            })
    void an_event_rule_that_may_hold_is_left_alone(String condition) {
        assertThat(findings(eventRule("may", "up", condition))).isEmpty();
    }

    @Test
    void too_many_alternatives_say_nothing() {
        String few = "{'or':[{'<':[USAGE,0]}" + ",{'>':[CURRENT,MAX]}".repeat(63) + "]}";
        String many = "{'or':[{'<':[USAGE,0]}" + ",{'>':[CURRENT,MAX]}".repeat(64) + "]}";
        assertThat(findings(eventRule("few", "up", few))).hasSize(1);
        assertThat(findings(eventRule("many", "up", many))).isEmpty();
    }

    @Test
    void a_request_rule_that_needs_more_events_than_can_be_alive_never_fires() {
        assertThat(findings(up(), requestRule("eager", "up", "{'>=':[UP,12]}")))
                .map(Finding::toString)
                .containsExactly("warning: eager: can never fire: it needs 12 live up events, and at most 11 can be"
                        + " alive at once: a window is 10 s, and an event counts for 100 s, and the rules add at most"
                        + " 1 in one window");
        assertThat(findings(up(), requestRule("patient", "up", "{'>=':[UP,11]}")))
                .isEmpty();
    }

    @Test
    void several_rules_may_add_events_in_one_window() {
        Rule more = eventRule("more", 2, 0, "{'>':[USAGE,MAX]}");
        assertThat(findings(up(), more, requestRule("eager", "up", "{'>=':[UP,34]}")))
                .hasSize(1);
        assertThat(findings(up(), more, requestRule("patient", "up", "{'>=':[UP,33]}")))
                .isEmpty();
    }

    @Test
    void a_rule_that_never_fires_adds_no_events() {
        Rule never = eventRule("never", "up", "{'<':[USAGE,0]}");
        assertThat(findings(never, requestRule("CpuRescaleUp", "up", "{'>=':[UP,1]}")))
                .map(Finding::sentence)
                .containsExactly(
                        "can never fire: cpu.structure.cpu.usage < 0 cannot hold",
                        "can never fire: it needs 1 live up event, and no active rule of cpu that can fire adds any");
    }

    @Test
    void events_of_another_resource_do_not_count() {
        ObjectNode memory = requestRule("mem", "up", "{'>=':[UP,2]}").toJson().put("resource", "mem");
        assertThat(findings(up(), DocumentKind.RULES.read(memory)))
                .map(Finding::sentence)
                .containsExactly(
                        "can never fire: it needs 2 live up events, and no active rule of mem that can fire adds any");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'and':[{'>':[UP,2]},{'<':[UP,3]}]} | events.scale.up > 2 and events.scale.up < 3 cannot hold together",
                "{'<':[DOWN,0]} | events.scale.down < 0 cannot hold",
                "{'and':[{'==':[UP,0]},{'==':[DOWN,0]}]} | it holds only without any live event, and a resource without one is not looked at",
                "{'or':[{'>':[UP,40]},{'>':[DOWN,30]}]} | it needs more live events than there can be, which is at most 11 up and 11 down",
            },
            quoteCharacter = '`')
    void a_request_rule_whose_counts_cannot_be_never_fires(String condition, String why) {
        assertThat(findings(up(), down(), requestRule("never", "up", condition)))
                .containsExactly(new Finding(Severity.WARNING, List.of("never"), "can never fire: " + why));
    }

    @Test
    void event_rules_of_both_directions_that_hold_at_once_are_told_with_an_example() {
        Rule high = eventRule("high", "up", "{'>':[USAGE,50]}");
        assertThat(findings(high, eventRule("low", "down", "{'<':[USAGE,60]}")))
                .map(Finding::toString)
                .containsExactly("warning: high, low: hold at once, for instance at usage 51: the first adds up"
                        + " events, the second adds down events");
        assertThat(findings(high, eventRule("low", "down", "{'<':[USAGE,50]}"))).isEmpty();
        assertThat(findings(high, eventRule("low", "down", "{'<=':[USAGE,50]}")))
                .isEmpty();
        assertThat(findings(high, eventRule("low", "up", "{'<':[USAGE,60]}"))).isEmpty();
    }

    @Test
    void an_overlap_is_told_up_first_whatever_the_order_of_the_documents() {
        Rule low = eventRule("low", "down", "{'<':[USAGE,60]}");
        assertThat(findings(low, eventRule("high", "up", "{'>':[USAGE,50]}"))
                        .get(0)
                        .rules())
                .containsExactly("high", "low");
    }

    @Test
    void an_overlap_that_no_evaluation_confirms_is_not_told() {
        Rule even = eventRule("even", "up", "{'and':[{'>':[USAGE,50]},{'==':[{'%':[USAGE,2]},0]}]}");
        Rule odd = eventRule("odd", "down", "{'and':[{'>':[USAGE,50]},{'==':[{'%':[USAGE,2]},1]}]}");
        assertThat(findings(even, odd)).isEmpty();
    }

    @Test
    void an_example_may_lie_between_whole_numbers_but_not_between_whole_limits() {
        Rule high = eventRule("high", "up", "{'and':[{'>':[USAGE,50]},{'<':[USAGE,51]}]}");
        assertThat(findings(high, eventRule("low", "down", "{'<':[USAGE,60]}"))
                        .get(0)
                        .sentence())
                .contains("usage 50.5");
        Rule limit = eventRule("limit", "up", "{'and':[{'>':[CURRENT,50]},{'<':[CURRENT,51]}]}");
        assertThat(findings(limit).get(0).sentence()).contains("cannot hold together");
    }

    @Test
    void request_rules_of_both_directions_that_hold_at_once_are_told_with_an_example() {
        Rule grow = requestRule("grow", "up", "{'>=':[UP,2]}");
        assertThat(findings(up(), down(), grow, requestRule("shrink", "down", "{'>=':[DOWN,8]}")))
                .map(Finding::toString)
                .containsExactly("warning: grow, shrink: hold at once, for instance at up 2, down 8: the first moves"
                        + " the limit up, the second moves the limit down");
        assertThat(findings(
                        up(), down(), grow, requestRule("shrink", "down", "{'and':[{'>=':[DOWN,8]},{'<':[UP,2]}]}")))
                .isEmpty();
    }

    @Test
    void a_request_rule_that_removes_no_event_is_told() {
        ObjectNode json = requestRule("sticky", "up", "{'>=':[UP,2]}").toJson().put("events_to_remove", 0);
        assertThat(findings(up(), DocumentKind.RULES.read(json)))
                .map(Finding::sentence)
                .containsExactly("removes no event (events_to_remove is 0), so it fires again in every window for as"
                        + " long as its events live");
        assertThat(findings(up(), DocumentKind.RULES.read(json.put("events_to_remove", 1))))
                .isEmpty();
    }

    @Test
    void a_request_rule_that_asks_for_the_other_direction_s_events_is_told() {
        assertThat(findings(up(), down(), requestRule("confused", "down", "{'>=':[UP,2]}")))
                .map(Finding::sentence)
                .containsExactly("moves the limit down and holds without any down event, for instance at up 2, down 0:"
                        + " it removes down events alone, so it fires again in every window for as long as the others"
                        + " live");
        assertThat(findings(up(), down(), requestRule("clear", "down", "{'and':[{'>=':[UP,2]},{'>':[DOWN,0]}]}")))
                .isEmpty();
        // Some event lives wherever a request rule is asked, so without up events there is a down event.
        assertThat(findings(up(), down(), requestRule("calm", "down", "{'==':[UP,0]}")))
                .isEmpty();
    }

    @Test
    void rules_with_the_same_condition_and_direction_are_told_together() {
        Rule again = eventRule("again", 3, 0, "{'>':[USAGE,UPPER]}");
        Rule third = eventRule("third", "up", "{'>':[USAGE,UPPER]}");
        Rule other = eventRule("other", "up", "{'>=':[USAGE,UPPER]}");
        assertThat(findings(up(), again, other, third))
                .containsExactly(new Finding(
                        Severity.WARNING,
                        List.of("cpu_exceeded_upper", "again", "third"),
                        "have the same condition and the same direction, so whenever one fires, all do"));
    }

    @Test
    void a_rule_whose_events_count_in_both_directions_is_noted() {
        assertThat(findings(eventRule("both", 1, 1, "{'>':[USAGE,UPPER]}")))
                .containsExactly(new Finding(Severity.NOTE, List.of("both"), "adds up and down events at once"));
    }

    @Test
    void errors_come_before_warnings_and_warnings_before_notes() {
        RuleSetCheck check = check(
                eventRule("both", 1, 1, "true"),
                eventRule("never", "up", "{'<':[USAGE,0]}"),
                eventRule("bad", "up", "{'and':[]}"));
        assertThat(check.findings())
                .extracting(Finding::severity)
                .containsExactly(Severity.ERROR, Severity.WARNING, Severity.NOTE);
        assertThat(check.isClean()).isFalse();
        assertThat(check.report()).isEqualTo("""
                        3 rules: 1 error, 1 warning, 1 note
                        error    bad    /rule/and has 0 operands, 1 or more are needed
                        warning  never  can never fire: cpu.structure.cpu.usage < 0 cannot hold
                        note     both   adds up and down events at once
                        """);
    }

    @Test
    void a_name_with_a_line_break_is_one_line_of_the_report() {
        RuleSetCheck check = check(eventRule("a\nerror    b\u2028c\rd", "up", "{'<':[USAGE,0]}"));
        assertThat(check.report().lines()).hasSize(2);
        assertThat(check.findings().get(0).rules()).containsExactly("a\nerror    b\u2028c\rd");
    }

    @Test
    void spans_of_nothing_are_refused() {
        assertThatThrownBy(() -> RuleSetCheck.of(List.of(), Duration.ZERO, TIMEOUT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the window is PT0S, more than 0 is needed");
        assertThatThrownBy(() -> RuleSetCheck.of(List.of(), WINDOW, Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the event timeout is PT-1S, more than 0 is needed");
    }

    @Test
    void spans_without_end_are_no_failure() {
        Duration endless = Duration.ofSeconds(Long.MAX_VALUE);
        assertThat(RuleSetCheck.of(StockRules.documents(), Duration.ofNanos(1), endless)
                        .findings())
                .isEmpty();
        assertThat(RuleSetCheck.of(StockRules.documents(), endless, endless).isClean())
                .isFalse();
    }

    @Test
    void a_condition_as_large_as_allowed_is_looked_at_in_a_bounded_time() {
        String comparisons = "{'or':[{'<':[USAGE,UPPER]},{'!=':[MIN,%d]}]}";
        var parts = new ArrayList<String>();
        IntStream.range(0, 550).forEach(i -> parts.add(String.format(comparisons, i)));
        Rule huge = eventRule("huge", "up", "{'and':[" + String.join(",", parts) + "]}");
        assertThat(findings(huge, down())).extracting(Finding::severity).doesNotContain(Severity.ERROR);
    }

    private static RuleSetCheck check(Rule... rules) {
        return RuleSetCheck.of(List.of(rules), WINDOW, TIMEOUT);
    }

    private static List<Finding> findings(Rule... rules) {
        return check(rules).findings();
    }

    private static Rule up() {
        return eventRule("cpu_exceeded_upper", "up", "{'>':[USAGE,UPPER]}");
    }

    private static Rule down() {
        return eventRule("cpu_dropped_lower", "down", "{'<':[USAGE,LOWER]}");
    }

    private static Rule inactive(Rule rule) {
        return DocumentKind.RULES.read(rule.toJson().put("active", false));
    }

    private static Rule eventRule(String name, String direction, String condition) {
        return eventRule(name, direction.equals("up") ? 1 : 0, direction.equals("up") ? 0 : 1, condition);
    }

    private static Rule eventRule(String name, int up, int down, String condition) {
        ObjectNode json = document(name, condition).put("generates", "events");
        json.putObject("action")
                .putObject("events")
                .putObject("scale")
                .put("up", up)
                .put("down", down);
        return DocumentKind.RULES.read(json);
    }

    private static Rule requestRule(String name, String direction, String condition) {
        return DocumentKind.RULES.read(document(name, condition)
                .put("generates", "requests")
                .put("events_to_remove", 2)
                .put("amount", 75)
                .put("rescale_policy", "amount")
                .put("rescale_type", direction));
    }

    /** A document whose condition is written in single quotes and short names. */
    private static ObjectNode document(String name, String condition) {
        String json = SHORT.matcher(condition)
                .replaceAll(it -> "{'var':'" + variable(it.group().toLowerCase(Locale.ROOT)) + "'}")
                .replace('\'', '"');
        try {
            ObjectNode document = JSON.createObjectNode().put("name", name).put("resource", "cpu");
            document.set("rule", JSON.readTree(json));
            return document;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String variable(String word) {
        return switch (word) {
            case "up", "down" -> "events.scale." + word;
            case "upper", "lower" -> "cpu.limits.cpu." + word;
            default -> "cpu.structure.cpu." + word;
        };
    }
}

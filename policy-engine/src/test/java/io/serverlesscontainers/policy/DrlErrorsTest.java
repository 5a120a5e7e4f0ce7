package io.serverlesscontainers.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.atIndex;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.serverlesscontainers.store.document.Resource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** DRL that does not compile: what is said of it, and where. */
@Tag("drl-compiler")
class DrlErrorsTest {
    private static final int FIRST = Drl.HEAD_LINES + 1;

    @Test
    void every_rule_with_an_error_is_named_whatever_stage_it_fails_in() {
        List<String> errors = errors(Drl.text("""
                rule "no such field"
                when
                    $state : ResourceState( usag > upper )
                then
                end
                rule "sound" when $state : ResourceState( usage > upper ) then end
                rule "no such type"
                when
                    Stade()
                then
                end
                rule "no such method"
                when
                    $state : ResourceState()
                then
                    firings.fird($state, null);
                    String text = 5;
                end
                """));
        assertThat(errors)
                .containsExactly(
                        "line " + FIRST
                                + ", rule 'no such field': Unable to parse left part of expression: usag > upper",
                        "line " + (FIRST + 6) + ", rule 'no such type': Unable to find class: Stade",
                        "line " + (FIRST + 11) + ", rule 'no such method': The method fird(ResourceState, null) is"
                                + " undefined for the type ScalingPolicy.Firings",
                        "line " + (FIRST + 11) + ", rule 'no such method': Type mismatch: cannot convert from int to"
                                + " String");
    }

    @Test
    void the_line_is_the_compilers_where_it_says_one() {
        assertThat(errors(Drl.text("rule \"sum\"\nwhen\n    ResourceState( $t.usage == 3 )\nthen\nend\n")))
                .containsExactly("line " + (FIRST + 2) + ", rule 'sum': Unable to Analyse Expression $t.usage == 3");
    }

    @Test
    void what_is_no_drl_is_refused_where_it_stops_to_be_some() {
        assertThat(errors(
                        Drl.text("rule \"half\"\nwhen\n    ResourceState( usage > )\nthen\nend\nrule \"next\" wen\n")))
                .hasSize(2)
                .satisfies(
                        error -> assertThat(error)
                                .startsWith("line " + (FIRST + 2) + ": ")
                                .contains("')'")
                                .contains("rule \"half\""),
                        atIndex(0))
                .satisfies(
                        error -> assertThat(error)
                                .startsWith("line " + (FIRST + 5) + ": ")
                                .contains("'wen'"),
                        atIndex(1));
    }

    @Test
    void an_error_outside_of_rules_is_told_once() {
        assertThat(errors(Drl.text(
                        "global NoSuchThing thing\n",
                        "rule \"a\" when Object() then end\n",
                        "rule \"b\" when Object() then end\n")))
                .containsExactly("line " + FIRST + ": Unable to find class 'NoSuchThing'");
    }

    @Test
    void two_rules_of_one_name_are_an_error() {
        assertThat(errors(Drl.text("rule \"a\" when Object() then end\n", "rule \"a\" when Object() then end\n")))
                .containsExactly("line " + (FIRST + 1) + ", rule 'a': Duplicate rule name: a");
    }

    @Test
    void a_rule_that_extends_another_is_compiled_with_it() {
        assertThat(errors(Drl.text(
                        "rule \"parent\" when $state : ResourceState() then end\n",
                        "rule \"child\" extends \"parent\" when eval( $state.frob() ) then end\n")))
                .singleElement()
                .asString()
                .startsWith("line " + (FIRST + 1) + ", rule 'child': ")
                .contains("frob");
    }

    @Test
    void rules_that_cannot_tell_anything_are_an_error() {
        assertThat(errors("rule \"mute\" when Object() then end"))
                .containsExactly("'global io.serverlesscontainers.core.spi.ScalingPolicy.Firings firings' is missing,"
                        + " through which rules tell that they hold");
        assertThat(errors(Drl.text())).containsExactly("it has no rules");
    }

    @Test
    void globals_are_those_given() {
        String text = Drl.text(
                "global Integer least\n",
                "global Integer most\n",
                "rule \"a\" when ResourceState( usage > least, usage < most ) then end\n");
        DrlException refused = catchThrowableOfType(
                DrlException.class, () -> DrlPolicy.of(text, Map.of("most", "five", "more", 3), Set.of(Resource.CPU)));
        assertThat(refused.errors())
                .containsExactly(
                        "global 'least' is given no value",
                        "global 'most' is given a java.lang.String, a java.lang.Integer is needed",
                        "global 'more' is given a value, but not declared");
        assertThat(refused).hasMessage("DRL text cannot be used: " + String.join("; ", refused.errors()));
    }

    private static List<String> errors(String text) {
        return catchThrowableOfType(DrlException.class, () -> DrlPolicy.of(text))
                .errors();
    }
}

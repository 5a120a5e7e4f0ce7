package io.serverlesscontainers.policy;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The class path that most users have, which the build makes for all tests without the tag {@code drl-compiler}. */
class NoDrlCompilerTest {
    private static final String SENTENCE =
            "rules in DRL need the DRL compiler: add org.drools:drools-engine to the class path";

    @Test
    void who_wants_rules_in_drl_is_told_what_to_add() {
        assertThatThrownBy(() -> DrlPolicy.of(Drl.text()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(SENTENCE);
        assertThatThrownBy(() -> DrlPolicy.ofFile(Path.of("my.drl")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(SENTENCE);
    }
}

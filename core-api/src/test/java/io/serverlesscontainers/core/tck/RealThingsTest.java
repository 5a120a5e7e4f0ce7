package io.serverlesscontainers.core.tck;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

class RealThingsTest {
    @Test
    void whatIsThereLetsTheTestGoOn() {
        assertThatCode(() -> RealThings.require(true, "LXC is missing", true)).doesNotThrowAnyException();
        assertThatCode(() -> RealThings.require(true, "LXC is missing", false)).doesNotThrowAnyException();
    }

    @Test
    void whatIsMissingSkipsTheTestWithOneLine() {
        assertThatThrownBy(() -> RealThings.require(false, "LXC is missing", false))
                .isInstanceOf(TestAbortedException.class)
                .hasMessageContaining("LXC is missing");
    }

    @Test
    void whatIsMissingFailsTheTestWhereItMustBeThere() {
        assertThatThrownBy(() -> RealThings.require(false, "LXC is missing", true))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("LXC is missing");
    }
}

package io.serverlesscontainers.core.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serverlesscontainers.store.document.Resource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Signals, and their way through {@link Usages}. */
class SignalsTest {
    private static final Signals SEEN = new Signals(0.5, 0.25, 0.125, 1, 2);

    @Test
    void each_may_be_told_by_itself() {
        assertThat(Signals.NONE
                        .withThrottledRatio(0.5)
                        .withPressure(0.25, 0.125)
                        .withOomKills(1)
                        .withLimitHits(2))
                .isEqualTo(SEEN);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.01, 1.01, Double.NaN, Double.POSITIVE_INFINITY})
    void a_share_is_from_0_to_1(double share) {
        String needed = " is " + share + ", a share from 0 to 1 is needed";
        assertThatThrownBy(() -> Signals.NONE.withThrottledRatio(share)).hasMessage("throttled ratio" + needed);
        assertThatThrownBy(() -> Signals.NONE.withPressure(share, 0)).hasMessage("pressure (some)" + needed);
        assertThatThrownBy(() -> Signals.NONE.withPressure(0, share)).hasMessage("pressure (full)" + needed);
    }

    @Test
    void a_count_is_not_negative() {
        assertThatThrownBy(() -> Signals.NONE.withOomKills(-1))
                .hasMessage("number of OOM kills is -1, 0 or more is needed");
        assertThatThrownBy(() -> Signals.NONE.withLimitHits(-1))
                .hasMessage("number of limit hits is -1, 0 or more is needed");
    }

    @Test
    void what_was_told_of_one_resource_is_known_of_that_one_only() {
        Usages usages = Usages.builder()
                .add("web-1", Resource.CPU, 50)
                .signals("web-1", Resource.CPU, SEEN)
                .build();

        assertThat(usages.signals("web-1", Resource.CPU)).isSameAs(SEEN);
        assertThat(usages.signals("web-1", Resource.MEMORY)).isSameAs(Signals.NONE);
        assertThat(usages.signals("web-2", Resource.CPU)).isSameAs(Signals.NONE);
        assertThat(Usages.none().signals("web-1", Resource.CPU)).isSameAs(Signals.NONE);
    }

    @Test
    void signals_alone_are_no_usage() {
        Usages usages = Usages.builder().signals("web-1", Resource.CPU, SEEN).build();

        assertThat(usages.structures()).isZero();
        assertThat(usages.of("web-1", Resource.CPU)).isEmpty();
    }

    @Test
    void a_state_has_none_unless_it_is_given_some() {
        assertThat(new ResourceState("web-1", Resource.CPU, 50, 400, 20, 100, 90, 80, 10, 10).signals())
                .isSameAs(Signals.NONE);
        assertThatThrownBy(() -> new ResourceState("web-1", Resource.CPU, 50, 400, 20, 100, 90, 80, 10, 10, null))
                .isInstanceOf(NullPointerException.class);
    }
}

package io.serverlesscontainers.examples.quickstart.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class DemandTest {
    @Property
    void isReadAsItWasWritten(@ForAll @IntRange(max = 6400) int shares, @ForAll @IntRange(max = 65536) int memory) {
        var demand = new Demand(shares, memory);

        assertThat(Demand.parse(demand.toLine())).isEqualTo(demand);
    }

    @Test
    void aLineThatIsNoneIsRefusedByName() {
        assertThatThrownBy(() -> Demand.parse("cpu 50")).hasMessageContaining("'cpu 50' is no demand");
        assertThatThrownBy(() -> Demand.parse("cpu x memory 1")).hasMessageContaining("'x'");
        assertThatThrownBy(() -> Demand.parse("cpu 9999 memory 1")).hasMessageContaining("outside 0 to 6400");
    }
}

package io.serverlesscontainers.examples.drl;

import static org.assertj.core.api.Assertions.assertThat;

import io.serverlesscontainers.core.Sample;
import io.serverlesscontainers.core.spi.ScalingPolicy;
import io.serverlesscontainers.policy.DroolsScalingPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NeighboursTest {
    private static final long NEVER_CROWDED = Long.MAX_VALUE;
    private static final long CROWDED = 500;

    @Test
    void on_a_crowded_host_cpu_is_given_back_early() {
        List<Long> stock = limits("idle", DroolsScalingPolicy.serverless());
        List<Long> alone = limits("idle", withNeighbours(NEVER_CROWDED));
        List<Long> crowded = limits("idle", withNeighbours(CROWDED));

        assertThat(windowBelow(400, stock)).isEqualTo(windowBelow(400, alone)).isEqualTo(8);
        assertThat(windowBelow(400, crowded)).isEqualTo(2);
    }

    @Test
    void a_container_short_of_both_gets_more_at_once() {
        assertThat(raises(limits("web", DroolsScalingPolicy.serverless()))).startsWith(75L);
        assertThat(raises(limits("web", withNeighbours(NEVER_CROWDED)))).startsWith(150L);
    }

    @Test
    void the_readme_shows_a_rule_of_this_very_file() throws Exception {
        String readme = Files.readString(Path.of("../README.md"));
        String shown = readme.substring(readme.indexOf("rule \"given work\""));
        shown = shown.substring(0, shown.indexOf("```"));

        assertThat(Files.readString(Path.of("src/main/resources/io/serverlesscontainers/examples/drl/neighbours.drl")))
                .contains(shown);
    }

    private static ScalingPolicy withNeighbours(long crowded) {
        return DroolsScalingPolicy.serverless().and(Neighbours.neighbours(crowded));
    }

    private static List<Long> limits(String container, ScalingPolicy policy) {
        try (policy) {
            return Neighbours.minuteUnder(policy).stream()
                    .filter(sample -> sample.container().equals(container))
                    .map(Sample::limit)
                    .toList();
        }
    }

    /** Counted from 1. */
    private static int windowBelow(long limit, List<Long> limits) {
        return 1 + (int) limits.stream().takeWhile(each -> each >= limit).count();
    }

    private static List<Long> raises(List<Long> limits) {
        var raises = new ArrayList<Long>();
        for (int i = 1; i < limits.size(); i++) {
            if (limits.get(i) > limits.get(i - 1)) {
                raises.add(limits.get(i) - limits.get(i - 1));
            }
        }
        return raises;
    }
}

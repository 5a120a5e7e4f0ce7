package io.serverlesscontainers.core.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.serverlesscontainers.core.spi.MetricSource;
import io.serverlesscontainers.core.spi.UsageQuery;
import io.serverlesscontainers.core.spi.Usages;
import io.serverlesscontainers.store.document.Problem;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Structure;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link MetricSource} promises. An implementation's test extends this class and gives it a source, two or
 * more structures to measure, and a way to let time pass. Sources that read counters have nothing to say at the first
 * call, so each test asks twice and looks at the second answer.
 */
public abstract class MetricSourceTck {
    private static final String UNKNOWN = "there-never-was-such-a-one";

    private MetricSource source;
    private Instant lastAsked;

    /** The source to test; asked for once per test, after {@link #structures()}, closed afterwards. */
    protected abstract MetricSource createSource();

    /** Names of two or more structures that are measured, the same throughout a test; the first call may start them. */
    protected abstract List<String> structures();

    /** The resources that are measured for all of them. */
    protected abstract Set<Resource> resources();

    /** The time that the source goes by. */
    protected abstract Instant now();

    /** Lets this much time pass, or a little more: by moving a virtual clock, or by waiting. */
    protected abstract void letTimePass(Duration duration);

    /** One of the structures whose CPU usage is known; empty if there is none, and its test is skipped. */
    protected abstract Optional<BusyCpu> busyCpu();

    /** Makes one of the structures vanish; false if this test cannot do that, and it is skipped. */
    protected abstract boolean vanish(String structure);

    /** What the structures are. */
    protected Structure.Subtype subtype() {
        return Structure.Subtype.CONTAINER;
    }

    /** Length of the windows that are asked for. */
    protected Duration window() {
        return Duration.ofSeconds(1);
    }

    /**
     * A structure that uses CPU at a known rate.
     *
     * @param structure its name
     * @param least the least usage that its measurement may say, in shares
     * @param most the most
     */
    public record BusyCpu(String structure, double least, double most) {}

    @BeforeEach
    final void startSource() {
        structures();
        source = createSource();
        lastAsked = now();
    }

    @AfterEach
    final void closeSource() {
        source.close();
    }

    @Test
    void everyStructureIsMeasured() {
        Usages usages = measure(structures(), resources());
        assertThat(usages.problems()).isEmpty();
        assertThat(usages.structures()).isEqualTo(structures().size());
        for (String structure : structures()) {
            for (Resource resource : resources()) {
                assertThat(usages.of(structure, resource))
                        .as("%s usage of %s", resource, structure)
                        .isPresent();
            }
        }
    }

    @Test
    void usageIsAFiniteNumberFromZeroOn() {
        Usages usages = measure(structures(), resources());
        for (String structure : structures()) {
            for (Resource resource : resources()) {
                double usage = usages.orNaN(structure, resource);
                assertThat(usage)
                        .as("%s usage of %s", resource, structure)
                        .isFinite()
                        .isNotNegative();
            }
        }
    }

    @Test
    void theUsageOfABusyCpuIsWhatItIs() {
        Optional<BusyCpu> busy = busyCpu();
        assumeTrue(busy.isPresent(), "there is no structure whose CPU usage is known");
        String structure = busy.orElseThrow().structure();
        Usages usages = measure(List.of(structure), Set.of(Resource.CPU));
        assertThat(usages.orNaN(structure, Resource.CPU))
                .isBetween(busy.orElseThrow().least(), busy.orElseThrow().most());
    }

    @Test
    void everyWindowIsMeasuredNotOnlyTheFirst() {
        measure(structures(), resources());
        for (int window = 0; window < 3; window++) {
            letTimePass(window());
            assertThat(ask(structures(), resources()).structures())
                    .isEqualTo(structures().size());
        }
    }

    @Test
    void aResourceThatWasNotAskedForIsAbsent() {
        for (Resource asked : resources()) {
            Usages usages = measure(structures(), Set.of(asked));
            Set<Resource> others = EnumSet.allOf(Resource.class);
            others.remove(asked);
            for (Resource other : others) {
                assertThat(usages.of(structures().get(0), other))
                        .as("%s usage", other)
                        .isEmpty();
            }
        }
    }

    @Test
    void aStructureThatWasNotAskedForIsAbsent() {
        Usages usages = measure(structures().subList(0, 1), resources());
        for (Resource resource : resources()) {
            assertThat(usages.of(structures().get(1), resource)).isEmpty();
        }
    }

    @Test
    void anUnknownStructureIsAbsentAndNotIdle() {
        Usages usages = measure(List.of(UNKNOWN), resources());
        assertThat(usages.structures()).isZero();
        for (Resource resource : resources()) {
            assertThat(usages.of(UNKNOWN, resource)).isEmpty();
        }
    }

    @Test
    void anUnknownStructureDoesNotCostTheOthersTheirData() {
        var names = new ArrayList<>(structures());
        names.add(1, UNKNOWN);
        assertOnlyTheOthersAreMeasured(measure(names, resources()), UNKNOWN);
    }

    @Test
    void aStructureThatVanishesDoesNotCostTheOthersTheirData() {
        String gone = structures().get(0);
        measure(structures(), resources());
        assumeTrue(vanish(gone), "no structure can be made to vanish");
        letTimePass(window());
        ask(structures(), resources());
        letTimePass(window());
        assertOnlyTheOthersAreMeasured(ask(structures(), resources()), gone);
    }

    private void assertOnlyTheOthersAreMeasured(Usages usages, String missing) {
        for (Resource resource : resources()) {
            assertThat(usages.of(missing, resource)).isEmpty();
            for (String structure : structures()) {
                if (!structure.equals(missing)) {
                    assertThat(usages.of(structure, resource))
                            .as("%s usage of %s", resource, structure)
                            .isPresent();
                }
            }
        }
        assertThat(usages.problems()).extracting(Problem::toString).allMatch(line -> line.contains(missing));
    }

    @Test
    void nothingIsKnownAboutNoStructuresAndNoResources() {
        Usages ofNobody = measure(List.of(), resources());
        assertThat(ofNobody.structures()).isZero();
        assertThat(ofNobody.problems()).isEmpty();
        assertThat(measure(structures(), Set.of()).structures()).isZero();
    }

    /** Asks once, lets a window pass, and asks for that window. */
    private Usages measure(List<String> names, Set<Resource> asked) {
        ask(names, asked);
        letTimePass(window());
        return ask(names, asked);
    }

    private Usages ask(List<String> names, Set<Resource> asked) {
        Instant now = now();
        Usages usages = source.usage(new UsageQuery(subtype(), names, asked, lastAsked, now));
        lastAsked = now;
        return usages;
    }
}

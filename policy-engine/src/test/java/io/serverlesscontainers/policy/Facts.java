package io.serverlesscontainers.policy;

import io.serverlesscontainers.core.spi.EventTally;
import io.serverlesscontainers.core.spi.ResourceState;
import io.serverlesscontainers.store.document.Resource;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;
import net.jqwik.api.providers.ArbitraryProvider;
import net.jqwik.api.providers.TypeUsage;

/** Random facts over all resources; neighbours of the chain are often equal, and usage often is one of them. */
public final class Facts implements ArbitraryProvider {

    @Override
    public boolean canProvideFor(TypeUsage target) {
        return target.isOfType(ResourceState.class) || target.isOfType(EventTally.class);
    }

    @Override
    public Set<Arbitrary<?>> provideFor(TypeUsage target, SubtypeProvider subtypes) {
        // No edge cases of jqwik's own: the generators aim at the edges that matter.
        return Set.of((target.isOfType(ResourceState.class) ? states() : tallies()).withoutEdgeCases());
    }

    static Arbitrary<ResourceState> states() {
        Arbitrary<Long> amounts = Arbitraries.frequencyOf(
                Tuple.of(8, Arbitraries.longs().between(0, 6)),
                Tuple.of(2, Arbitraries.longs().between(-10, 1_000_000_000_000L)));
        return Combinators.combine(
                        Arbitraries.of(Resource.class),
                        amounts,
                        amounts,
                        amounts,
                        amounts,
                        amounts,
                        Arbitraries.integers().between(0, 7),
                        Arbitraries.doubles().between(0, 10))
                .as((resource, max, min, current, upper, lower, choice, any) -> {
                    double usage = switch (choice) {
                        case 0 -> 0;
                        case 1 -> Math.max(0, upper);
                        case 2 -> Math.max(0, lower);
                        case 3 -> Math.max(0, Math.nextUp((double) upper));
                        case 4 -> Math.max(0, Math.nextDown((double) lower));
                        case 5 -> Double.MIN_VALUE;
                        default -> any;
                    };
                    return new ResourceState("c", resource, usage, max, min, current, upper, lower, 10, 1);
                });
    }

    static Arbitrary<EventTally> tallies() {
        Arbitrary<Integer> counts = Arbitraries.frequencyOf(
                Tuple.of(9, Arbitraries.integers().between(0, 10)),
                Tuple.of(1, Arbitraries.integers().between(0, Integer.MAX_VALUE)));
        return Combinators.combine(states(), counts, counts).as(EventTally::new);
    }
}

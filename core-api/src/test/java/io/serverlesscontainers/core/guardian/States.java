package io.serverlesscontainers.core.guardian;

import io.serverlesscontainers.core.spi.ResourceState;
import io.serverlesscontainers.store.document.Boundary;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.ResourceLimits;
import io.serverlesscontainers.store.document.StructureResource;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Resource states to draw from: small ones, where everything is near everything else, and huge ones. */
final class States {
    private static final List<Long> GREATEST = List.of(20L, 400L, 30_000L, Chain.GREATEST);

    private States() {}

    /** Any boundary that a margin can be told from. */
    static Arbitrary<Boundary> boundaries(long greatest) {
        Arbitrary<Boundary> absolute = Arbitraries.longs().between(0, greatest).map(Boundary::absolute);
        Arbitrary<Boundary> ofMax = Arbitraries.integers().between(0, 100).map(Boundary::percentOfMax);
        Arbitrary<Boundary> ofCurrent = Arbitraries.integers().between(0, 100).map(Boundary::percentOfCurrent);
        return Arbitraries.oneOf(absolute, ofMax, ofCurrent);
    }

    /** Chains of documents with {@code min ≤ max}; the limit may be anywhere. */
    static Arbitrary<Chain> chains() {
        return Arbitraries.of(GREATEST)
                .flatMap(greatest -> Combinators.combine(
                                Arbitraries.longs().between(0, greatest),
                                Arbitraries.longs().between(0, greatest),
                                Arbitraries.longs().between(0, greatest),
                                boundaries(greatest))
                        .as((one, other, current, boundary) -> Chain.of(
                                StructureResource.bounds(Math.min(one, other), Math.max(one, other), true)
                                        .withCurrent(current),
                                ResourceLimits.of(boundary))));
    }

    /** Chains of documents with {@code min ≤ current ≤ max}. */
    static Arbitrary<Chain> validChains() {
        return chains().filter(chain -> chain.current() >= chain.min());
    }

    /** A state of a chain, with a usage. */
    static ResourceState state(Chain chain, double usage) {
        return new ResourceState(
                "web-1",
                Resource.CPU,
                usage,
                chain.max(),
                chain.min(),
                chain.current(),
                chain.upper(),
                chain.lower(),
                chain.boundary(),
                chain.margin());
    }
}

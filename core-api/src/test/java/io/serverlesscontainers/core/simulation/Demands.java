package io.serverlesscontainers.core.simulation;

import java.time.Duration;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Provide;
import net.jqwik.api.domains.DomainContextBase;

/** Demands of every kind, alone and put together. */
final class Demands extends DomainContextBase {
    private static final double HIGHEST = 1_000;

    @Provide
    Arbitrary<Demand> demands() {
        Arbitrary<Demand> simple = Arbitraries.oneOf(constant(), phased(), wandering(), bursty(), unsteady());
        return Arbitraries.oneOf(
                simple,
                Combinators.combine(simple, seeds(), shares()).as(Demand::noisy),
                Combinators.combine(simple, Arbitraries.longs().between(-90_000, 90_000))
                        .as((demand, millis) -> demand.shifted(Duration.ofMillis(millis))),
                Combinators.combine(simple, simple).as(Demand::plus));
    }

    private static Arbitrary<Demand> constant() {
        return levels().map(Demand::constant);
    }

    private static Arbitrary<Demand> phased() {
        var phase = Combinators.combine(lengths(), levels()).as(Demand::phase);
        return Combinators.combine(phase.list().ofMinSize(1).ofMaxSize(4), Arbitraries.of(true, false))
                .as((phases, again) -> {
                    PhasedDemand all = phases.get(0);
                    for (PhasedDemand next : phases.subList(1, phases.size())) {
                        all = all.then(next.length(), next.at(Duration.ZERO));
                    }
                    return again ? all.repeated() : all;
                });
    }

    private static Arbitrary<Demand> wandering() {
        return Combinators.combine(
                        seeds(), levels(), levels(), Arbitraries.integers().between(2, 100))
                .as((seed, one, other, pace) ->
                        Demand.wandering(seed, Math.min(one, other), Math.max(one, other), Duration.ofSeconds(pace)));
    }

    private static Arbitrary<Demand> bursty() {
        return Combinators.combine(seeds(), levels(), levels(), lengths(), shares())
                .as(Demand::bursty);
    }

    /** One that cannot tell how long it stays as it is. */
    private static Arbitrary<Demand> unsteady() {
        return levels().map(level -> sinceStart -> level * (1 + Math.sin(sinceStart.toMillis() / 700.0)) / 2);
    }

    private static Arbitrary<Double> levels() {
        return Arbitraries.doubles().between(0, HIGHEST);
    }

    private static Arbitrary<Double> shares() {
        return Arbitraries.doubles().between(0, 1);
    }

    private static Arbitrary<Long> seeds() {
        return Arbitraries.longs();
    }

    private static Arbitrary<Duration> lengths() {
        return Arbitraries.longs().between(1, 60_000).map(Duration::ofMillis);
    }
}

package io.serverlesscontainers.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import io.serverlesscontainers.core.ControllerWindow;
import io.serverlesscontainers.core.Sample;
import io.serverlesscontainers.core.decision.ScalerDecision;
import io.serverlesscontainers.core.decision.ScalerDecision.Outcome;
import io.serverlesscontainers.core.simulation.VirtualClock;
import io.serverlesscontainers.store.document.Direction;
import io.serverlesscontainers.store.document.Resource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class RecorderTest {
    private final VirtualClock clock = VirtualClock.startingAt(Instant.EPOCH);
    private final Recorder recorder = new Recorder(clock, Instant.EPOCH);

    @Test
    void scalingsAreCountedEachWay() {
        recorder.decided(scaling(100, 30));
        recorder.decided(scaling(30, 60));
        recorder.decided(scaling(60, 90));

        assertThat(recorder.scalings("cont0", Direction.DOWN)).isEqualTo(1);
        assertThat(recorder.scalings("cont0", Direction.UP)).isEqualTo(2);
        assertThat(recorder.scalings("cont1", Direction.UP)).isZero();
    }

    @Test
    void whatIsMovedByHandIsDrawnButNotCounted() {
        recorder.decided(scaling(100, 30));
        recorder.byHand();
        recorder.decided(scaling(30, 100));

        assertThat(recorder.scalings("cont0", Direction.UP)).isZero();
        assertThat(recorder.scalings("cont0", Direction.DOWN)).isEqualTo(1);
        assertThat(recorder.series("cont0").get(0).marks()).hasSize(2);
    }

    @Test
    void aScalingCanBeReadForThreeSeconds() {
        recorder.ran(new ControllerWindow(clock.instant(), List.of(sample(30)), List.of()));
        recorder.decided(scaling(30, 60));

        clock.advance(Duration.ofSeconds(3));
        recorder.decided(refusal());
        assertThat(recorder.rows().get(0).lastDecision()).isEqualTo("limit 30 to 60 shares");

        clock.advance(Duration.ofMillis(1));
        recorder.decided(refusal());
        assertThat(recorder.rows().get(0).lastDecision()).isEqualTo("nothing is free");
    }

    @Test
    void aLimitOutsideItsBoundsIsAViolation() {
        recorder.ran(new ControllerWindow(clock.instant(), List.of(sample(100), sample(10)), List.of()));
        assertThat(recorder.violations()).isZero();

        recorder.ran(new ControllerWindow(clock.instant(), List.of(sample(101), sample(9)), List.of()));
        assertThat(recorder.violations()).isEqualTo(2);
    }

    @Test
    void aLimitThatTheKernelDoesNotHaveIsAViolation() {
        recorder.found(sample(50), OptionalLong.of(50));
        assertThat(recorder.violations()).isZero();

        recorder.found(sample(50), OptionalLong.of(60));
        recorder.found(sample(50), OptionalLong.empty());
        assertThat(recorder.violations()).isEqualTo(2);
    }

    private static Sample sample(long limit) {
        return new Sample("cont0", Resource.CPU, true, OptionalDouble.of(3), limit, 10, 100, OptionalLong.of(10));
    }

    private ScalerDecision scaling(long from, long to) {
        return decision(Outcome.APPLIED, from, OptionalLong.of(to), "limit " + from + " to " + to + " shares");
    }

    private ScalerDecision refusal() {
        return decision(Outcome.REFUSED, 60, OptionalLong.empty(), "nothing is free");
    }

    private ScalerDecision decision(Outcome outcome, long from, OptionalLong applied, String reason) {
        return new ScalerDecision(
                clock.instant(),
                "cont0",
                Resource.CPU,
                outcome,
                30,
                OptionalLong.of(from),
                applied,
                applied,
                Optional.empty(),
                reason);
    }
}

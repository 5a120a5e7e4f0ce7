package io.serverlesscontainers.examples.quickstart;

import io.serverlesscontainers.core.ControllerWindow;
import io.serverlesscontainers.core.Sample;
import io.serverlesscontainers.core.decision.Decision;
import io.serverlesscontainers.core.decision.GuardianDecision;
import io.serverlesscontainers.core.decision.ScalerDecision;
import io.serverlesscontainers.core.spi.ResourceState;
import io.serverlesscontainers.examples.quickstart.plot.Mark;
import io.serverlesscontainers.examples.quickstart.plot.ResourceSeries;
import io.serverlesscontainers.examples.quickstart.plot.TimedReading;
import io.serverlesscontainers.examples.quickstart.report.ReactionTimes;
import io.serverlesscontainers.examples.quickstart.report.Reading;
import io.serverlesscontainers.examples.quickstart.terminal.Row;
import io.serverlesscontainers.store.document.Direction;
import io.serverlesscontainers.store.document.Resource;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Keeps what a run shows: the samples of every window, the scalings, how long each took, and whether a limit was ever
 * where it must not be. The controller's thread writes, another one reads.
 */
final class Recorder {
    /** A scaling can be read for that long before what is decided next takes its place. */
    private static final Duration TIME_TO_READ = Duration.ofSeconds(3);

    private final Clock clock;
    private final Instant start;
    private final Map<Key, Track> tracks = new LinkedHashMap<>();
    private final List<Duration> reactions = new ArrayList<>();
    private long decisions;
    private long violations;
    private boolean byHand;

    /** One resource of one container. */
    record Key(String container, Resource resource) {}

    /** What there is to tell of it. */
    static final class Track {
        private final List<TimedReading> samples = new ArrayList<>();
        private final List<Mark> marks = new ArrayList<>();
        private String lastDecision = "";
        private Instant readUntil = Instant.MIN;
        private Direction beyond;
        private Instant beyondSince;
        private int scaledUp;
        private int scaledDown;
    }

    Recorder(Clock clock, Instant start) {
        this.clock = clock;
        this.start = start;
    }

    /** Notes a decision; called right after it was carried out. */
    synchronized void decided(Decision decision) {
        decisions++;
        Track track = track(decision.structure(), decision.resource());
        boolean scaling = decision instanceof ScalerDecision applied && applied.isScaling();
        Instant now = clock.instant();
        if (scaling || now.isAfter(track.readUntil)) {
            track.lastDecision = decision.explanation();
            track.readUntil = scaling ? now.plus(TIME_TO_READ) : track.readUntil;
        }
        if (decision instanceof GuardianDecision seen && seen.state().isPresent()) {
            checkChain(seen.state().get());
            crossing(track, seen);
        } else if (scaling) {
            scaled(track, (ScalerDecision) decision, now);
        }
    }

    private void checkChain(ResourceState state) {
        boolean valid = state.current() <= state.max()
                && state.current() - state.upper() == state.margin()
                && state.upper() - state.lower() == state.margin();
        violations += valid ? 0 : 1;
    }

    private static void crossing(Track track, GuardianDecision seen) {
        ResourceState state = seen.state().orElseThrow();
        Direction now =
                state.usage() > state.upper() ? Direction.UP : state.usage() < state.lower() ? Direction.DOWN : null;
        if (now != track.beyond) {
            track.beyond = now;
            track.beyondSince = seen.at();
        }
    }

    private void scaled(Track track, ScalerDecision applied, Instant now) {
        long from = applied.from().orElseThrow();
        long to = applied.applied().orElseThrow();
        Direction direction = to > from ? Direction.UP : Direction.DOWN;
        track.marks.add(new Mark(seconds(now), to, direction, applied.sentence()));
        if (byHand) {
            return;
        }
        track.scaledUp += direction == Direction.UP ? 1 : 0;
        track.scaledDown += direction == Direction.DOWN ? 1 : 0;
        if (direction == track.beyond) {
            reactions.add(Duration.between(track.beyondSince, now));
        }
        // The next scaling answers to what is seen from here on.
        track.beyond = null;
    }

    /** From now on limits are moved by hand: that is drawn, but neither counted nor timed. */
    synchronized void byHand() {
        byHand = true;
    }

    /** Notes a window; called at its end. */
    synchronized void ran(ControllerWindow window) {
        for (Sample sample : window.samples()) {
            violations += sample.limit() < sample.min() || sample.limit() > sample.max() ? 1 : 0;
            track(sample.container(), sample.resource())
                    .samples
                    .add(new TimedReading(seconds(window.at()), reading(sample)));
        }
    }

    /** Notes a limit found in the kernel. */
    synchronized void found(Sample expected, OptionalLong enforced) {
        violations += enforced.isEmpty() || enforced.getAsLong() != expected.limit() ? 1 : 0;
    }

    /** The latest of everything, to be shown now. */
    synchronized List<Row> rows() {
        var rows = new ArrayList<Row>();
        tracks.forEach((key, track) -> {
            if (!track.samples.isEmpty()) {
                Reading latest = track.samples.get(track.samples.size() - 1).reading();
                rows.add(new Row(key.container(), key.resource(), latest, track.lastDecision));
            }
        });
        return rows;
    }

    /** The whole course of a container, one series for each resource. */
    synchronized List<ResourceSeries> series(String container) {
        return tracks.entrySet().stream()
                .filter(each -> each.getKey().container().equals(container))
                .map(each ->
                        new ResourceSeries(each.getKey().resource(), each.getValue().samples, each.getValue().marks))
                .toList();
    }

    /** How often the policy scaled a container one way, all resources together. */
    synchronized int scalings(String container, Direction direction) {
        return tracks.entrySet().stream()
                .filter(each -> each.getKey().container().equals(container))
                .map(Map.Entry::getValue)
                .mapToInt(track -> direction == Direction.UP ? track.scaledUp : track.scaledDown)
                .sum();
    }

    /** How long it took from the window that first saw a usage beyond a threshold to the limit that answered it. */
    synchronized ReactionTimes reactions() {
        return ReactionTimes.of(reactions);
    }

    /** How many decisions there were, those to do nothing included. */
    synchronized long decisions() {
        return decisions;
    }

    /** How often a limit lay outside its bounds, differed from the kernel's, or hung in a chain that is none. */
    synchronized long violations() {
        return violations;
    }

    private static Reading reading(Sample sample) {
        var reading = new Reading(
                sample.usage().orElse(Double.NaN),
                sample.limit(),
                sample.upper().isPresent() ? sample.upper().getAsLong() : Double.NaN,
                sample.lower().isPresent() ? sample.lower().getAsLong() : Double.NaN,
                sample.min(),
                sample.max());
        return sample.guarded() ? reading : reading.unguarded();
    }

    private Track track(String container, Resource resource) {
        return tracks.computeIfAbsent(new Key(container, resource), key -> new Track());
    }

    private double seconds(Instant at) {
        return Duration.between(start, at).toNanos() / 1e9;
    }
}

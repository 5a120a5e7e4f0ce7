package io.serverlesscontainers.bench;

import io.serverlesscontainers.core.spi.DataPoint;
import io.serverlesscontainers.opentsdb.OpenTsdbWriter;
import io.serverlesscontainers.opentsdb.UsageMapping;
import io.serverlesscontainers.opentsdb.WhenFull;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Structure;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * CPU and memory of many containers that move: in each window one resource in ten is above its upper threshold for the
 * first time and makes an event, one in ten is above it for the second time and makes the event that makes a request. By
 * the next window its limit has moved as requested, and its usage is between the thresholds again. Each container has its
 * turn once in ten windows.
 */
final class MovingUsage {
    static final int MOST_WINDOWS = 10;
    static final Duration WINDOW = Duration.ofSeconds(10);

    /** Never at the border of two windows, where a sample belongs to both. */
    private static final List<Duration> SAMPLES = List.of(Duration.ofSeconds(2), Duration.ofSeconds(7));

    private static final double USER_SHARE = 0.75;

    /**
     * A resource, and where its limit starts.
     *
     * @param margin the distance of its thresholds, an absolute boundary
     * @param step by how much the stock rules raise it
     * @param turn in which window container 0 is above for the first time
     */
    record Guarded(Resource resource, long limit, long margin, long min, long max, long step, int turn) {}

    static final Guarded CPU = new Guarded(Resource.CPU, 100, 20, 20, 1_000, 75, 0);
    static final Guarded MEMORY = new Guarded(Resource.MEMORY, 4_096, 512, 1_024, 32_768, 2_048, 5);

    private final String prefix;
    private final List<String> containers;
    private final Instant start;

    /**
     * @param prefix of the metrics' names
     * @param start when the first window begins
     */
    MovingUsage(String prefix, List<String> containers, Instant start) {
        this.prefix = prefix;
        this.containers = containers;
        this.start = start;
    }

    String user() {
        return prefix + "cpu.user";
    }

    String kernel() {
        return prefix + "cpu.kernel";
    }

    String memory() {
        return prefix + "mem.resident";
    }

    List<String> metrics() {
        return List.of(user(), kernel(), memory());
    }

    UsageMapping mapping() {
        return UsageMapping.standard()
                .with(Structure.Subtype.CONTAINER, Resource.CPU, 1, user(), kernel())
                .with(Structure.Subtype.CONTAINER, Resource.MEMORY, 1, memory());
    }

    Instant from(int window) {
        return start.plus(WINDOW.multipliedBy(window));
    }

    private static double usage(Guarded guarded, int container, int window) {
        int place = Math.floorMod(container + guarded.turn + window, MOST_WINDOWS);
        // Whoever would be second in the first window had no window to be first in.
        boolean isAbove = place == 0 || place == 1 && window > 0;
        long limit = guarded.limit + (isMoved(guarded, container, window) ? guarded.step : 0);
        return limit - guarded.margin * (isAbove ? 0.5 : 1.5);
    }

    /** Whether it was second in an earlier window. */
    private static boolean isMoved(Guarded guarded, int container, int window) {
        int second = Math.floorMod(1 - container - guarded.turn, MOST_WINDOWS);
        return second > 0 && second < window;
    }

    /** Writes the samples of some windows, from the first on; up to {@link #MOST_WINDOWS}. */
    void write(String url, int windows, Consumer<String> progress) throws IOException {
        try (OpenTsdbWriter writer = OpenTsdbWriter.builder(url)
                .whenFull(WhenFull.WAIT)
                .pointsPerRequest(5_000)
                .closeTimeout(Duration.ofMinutes(10))
                .open()) {
            for (int window = 0; window < windows; window++) {
                for (Duration offset : SAMPLES) {
                    writer.write(points(window, from(window).plus(offset)));
                }
                progress.accept("usage of window " + (window + 1) + " of " + windows + " is on its way");
            }
        }
    }

    private List<DataPoint> points(int window, Instant time) {
        var points = new ArrayList<DataPoint>(containers.size() * metrics().size());
        for (int i = 0; i < containers.size(); i++) {
            Map<String, String> tags = Map.of("host", containers.get(i));
            double cpu = usage(CPU, i, window);
            points.add(new DataPoint(user(), tags, time, cpu * USER_SHARE));
            points.add(new DataPoint(kernel(), tags, time, cpu * (1 - USER_SHARE)));
            points.add(new DataPoint(memory(), tags, time, usage(MEMORY, i, window)));
        }
        return points;
    }
}

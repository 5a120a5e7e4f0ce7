package io.serverlesscontainers.core.scaler;

import io.serverlesscontainers.store.Stored;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.ScalingRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Sorts the requests of one poll: which are too old, which give way to another one for the same limit, and in which order
 * the rest is carried out. Decreases come first, because what they free is what increases need.
 *
 * @param expired older than the timeout
 * @param superseded another one for the same structure and action has a higher priority, or the same and is newer
 * @param toApply the rest, in order
 */
record RequestQueue(
        List<Stored<ScalingRequest>> expired,
        List<Stored<ScalingRequest>> superseded,
        List<Stored<ScalingRequest>> toApply) {

    private static final Comparator<Stored<ScalingRequest>> ORDER = Comparator.comparing(
                    (Stored<ScalingRequest> request) -> request.entry().amount() >= 0)
            .thenComparing(Comparator.comparingLong(
                            (Stored<ScalingRequest> request) -> request.entry().priority())
                    .reversed())
            .thenComparing(request -> request.entry().timestamp());

    private record Limit(String structure, Resource resource, String action) {}

    static RequestQueue of(List<Stored<ScalingRequest>> requests, Instant now, Duration timeout) {
        // Requests carry whole seconds: held against a fraction, they would expire up to a second early.
        Instant oldest = now.truncatedTo(ChronoUnit.SECONDS).minus(timeout);
        var expired = new ArrayList<Stored<ScalingRequest>>();
        var superseded = new ArrayList<Stored<ScalingRequest>>();
        Map<Limit, Stored<ScalingRequest>> best = new LinkedHashMap<>();
        for (Stored<ScalingRequest> request : requests) {
            ScalingRequest entry = request.entry();
            if (entry.timestamp().isBefore(oldest)) {
                expired.add(request);
                continue;
            }
            var limit = new Limit(entry.structure(), entry.resource(), entry.action());
            Stored<ScalingRequest> other = best.get(limit);
            if (other == null) {
                best.put(limit, request);
            } else if (beats(entry, other.entry())) {
                superseded.add(other);
                best.put(limit, request);
            } else {
                superseded.add(request);
            }
        }
        return new RequestQueue(
                expired, superseded, best.values().stream().sorted(ORDER).toList());
    }

    private static boolean beats(ScalingRequest later, ScalingRequest earlier) {
        return later.priority() != earlier.priority()
                ? later.priority() > earlier.priority()
                : !later.timestamp().isBefore(earlier.timestamp());
    }
}

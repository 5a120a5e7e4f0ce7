package io.serverlesscontainers.opentsdb;

import io.serverlesscontainers.store.document.Problem;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Looks now and then for samples that lie in the future: they say that clocks differ, of those who write them and of this
 * machine, and that a window sees the usage of another time. (Samples of a clock that is slow cannot be told from samples
 * that are missing.) For one thread.
 */
final class FutureSamples {
    private static final Duration INTERVAL = Duration.ofMinutes(1);
    /** Clocks that are kept by NTP differ by less. */
    private static final Duration TOLERATED = Duration.ofSeconds(5);

    /** Samples come some seconds apart, so the last one lies now nearer, now farther. */
    private static final Duration STEADY = Duration.ofSeconds(15);

    private static final Duration FARTHEST = Duration.ofHours(1);

    private final Http http;
    private final String subject;
    private final Clock clock;
    private Instant next = Instant.MIN;
    private Duration told = Duration.ZERO;
    private Problem problem;

    FutureSamples(Http http, String subject, Clock clock) {
        this.http = http;
        this.subject = subject;
        this.clock = clock;
    }

    /** The problem there is, as of the last look, which may be now if there is time for it. */
    Optional<Problem> problem(List<String> metrics, Deadline deadline) {
        Instant now = clock.instant();
        if (!metrics.isEmpty() && !now.isBefore(next) && !deadline.isOver()) {
            next = now.plus(INTERVAL);
            try {
                note(ahead(metrics, now, deadline));
            } catch (HttpFailure e) {
                return Optional.ofNullable(problem); // what is wrong with the server is told by who needs the answer
            }
        }
        return Optional.ofNullable(problem);
    }

    private Duration ahead(List<String> metrics, Instant now, Deadline deadline) throws HttpFailure {
        var last = new AtomicLong(Long.MIN_VALUE);
        http.post("api/query", question(metrics, now), deadline.left(), false, body -> {
            Answer.read(body, null, (metric, name, mean, second) -> last.accumulateAndGet(second, Math::max));
            return null;
        });
        return last.get() == Long.MIN_VALUE ? Duration.ZERO : Duration.between(now, Instant.ofEpochSecond(last.get()));
    }

    /** All series of a metric as one, however many there are. */
    private static byte[] question(List<String> metrics, Instant now) {
        return Gzip.json(json -> {
            json.writeStartObject();
            json.writeNumberField("start", now.plus(TOLERATED).toEpochMilli());
            json.writeNumberField("end", now.plus(FARTHEST).toEpochMilli());
            json.writeArrayFieldStart("queries");
            for (String metric : metrics) {
                json.writeStartObject();
                json.writeStringField("metric", metric);
                json.writeStringField("aggregator", "mimmax");
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    /** Keeps the sentence while the difference stays about the same, so that it is not told anew every minute. */
    private void note(Duration ahead) {
        if (ahead.compareTo(TOLERATED) < 0) {
            problem = null;
        } else if (problem == null || ahead.minus(told).abs().compareTo(STEADY) > 0) {
            told = ahead;
            problem = new Problem(
                    subject,
                    "there are samples from up to " + ahead.toSeconds() + " s in the future; the clocks of who writes"
                            + " them and of this machine differ, so usage is that of another time");
        }
    }
}

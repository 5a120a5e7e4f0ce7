package io.serverlesscontainers.opentsdb;

import io.serverlesscontainers.core.spi.MetricSource;
import io.serverlesscontainers.core.spi.UsageQuery;
import io.serverlesscontainers.core.spi.Usages;
import io.serverlesscontainers.store.document.Problem;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Shown;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Usage read from OpenTSDB 2.3 or later: that of many structures in one query.
 *
 * <p><b>What a usage is.</b> The mean of the samples of a metric from the first to the last instant of the window, both
 * inclusive, where a structure has several series (of several disks, for instance) the sum of their means, and where a
 * resource has several metrics the sum of these; see {@link UsageMapping} for metrics, tags and units. Without a sample
 * there is no usage, and without a sample of one of its metrics neither, because half a sum would look like idleness; the
 * latter is a problem. Times are seconds since 1970 on the wire, so that no time zone and no summer time come into it.
 *
 * <p><b>How it asks.</b> For all structures and metrics in one query, as far as the server can answer it: of more than
 * {@linkplain OpenTsdbMetricSourceBuilder#seriesPerQuery some series} there are several queries, one after the other. New
 * structures, which OpenTSDB has never seen, are looked for in each window and cost the others nothing. An unknown metric
 * does: it is dropped and the rest asked again, and it is remembered
 * {@linkplain OpenTsdbMetricSourceBuilder#rememberMissing for some time}. Once a minute there is a query for samples from
 * the future. Where nothing was ever written, the answer is empty and no problem.
 *
 * <p><b>When there is trouble.</b> A call takes no longer than four fifths of the window, or the
 * {@linkplain OpenTsdbMetricSourceBuilder#timeout timeout} if there is one. A server that is away, stands still, or answers with anything but an answer, leaves the
 * window without usage, or with that of the queries before, and is one problem. Samples from the future, looked for once
 * a minute, say that the clock of who writes them is ahead of ours: one problem that says by how much. A clock that is
 * behind cannot be told from samples that are late.
 *
 * <p>For one thread at a time. It starts no thread. Credentials are never part of a text.
 */
public final class OpenTsdbMetricSource implements MetricSource {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_WINDOW = Duration.ofMinutes(1);
    private static final Duration WITHOUT_WINDOW = Duration.ofSeconds(5);

    private final OpenTsdbMetricSourceBuilder.Settings settings;
    private final Http http;
    private final FutureSamples future;
    private final MissingMetrics missing;
    private boolean takesShortQueriesOnly;

    OpenTsdbMetricSource(OpenTsdbMetricSourceBuilder.Settings settings) {
        this.settings = settings;
        this.http = new Http(settings.server(), settings.longestAnswerBytes());
        this.missing = new MissingMetrics(settings.rememberMissing());
        this.future = new FutureSamples(http, settings.server().subject(), settings.clock());
    }

    /**
     * A source that is still to be told more.
     *
     * @param url where OpenTSDB listens, such as {@code http://opentsdb:4242}; may hold user and password
     * @throws IllegalArgumentException if that is no URL
     */
    public static OpenTsdbMetricSourceBuilder builder(String url) {
        return new OpenTsdbMetricSourceBuilder(url);
    }

    /**
     * As few queries as there can be; see the class.
     *
     * <p>A structure whose name OpenTSDB could not hold is a problem, and has no usage.
     */
    @Override
    public Usages usage(UsageQuery query) {
        Usages.Builder usages = Usages.builder();
        List<String> metrics = metrics(query);
        List<String> structures = structures(query, usages);
        if (metrics.isEmpty() || structures.isEmpty()) {
            return usages.build();
        }
        var deadline = Deadline.in(patience(query));
        var means = new Means(structures, metrics);
        HttpFailure failure = ask(query, metrics, structures, means, deadline);
        boolean some = new UsageSums(settings.mapping(), query, means, usages, failure == null).add(structures);
        if (failure == null) {
            metrics.removeIf(missing::contains);
            future.problem(metrics, deadline).ifPresent(usages::problem);
        } else {
            String consequence = "; there is " + (some ? "only some" : "no") + " usage of this window";
            usages.problem(new Problem(settings.server().subject(), failure.getMessage() + consequence));
        }
        return usages.build();
    }

    private List<String> metrics(UsageQuery query) {
        UsageMapping mapping = settings.mapping();
        if (mapping.tag(query.subtype()).isEmpty()) {
            return List.of();
        }
        var metrics = new LinkedHashSet<String>();
        for (Resource resource : Resource.values()) {
            if (query.resources().contains(resource)) {
                mapping.sum(query.subtype(), resource).ifPresent(sum -> metrics.addAll(sum.metrics()));
            }
        }
        return new ArrayList<>(metrics);
    }

    private static List<String> structures(UsageQuery query, Usages.Builder usages) {
        var structures = new LinkedHashSet<String>();
        for (String name : query.structures()) {
            if (Names.areAllowed(name)) {
                structures.add(name);
            } else {
                usages.problem(new Problem(
                        Shown.named(query.subtype().wireName(), name),
                        "OpenTSDB cannot hold a name like this, in which only " + Names.ALLOWED));
            }
        }
        return new ArrayList<>(structures);
    }

    /** So that who asks keeps its window, even if the server does not answer at all. */
    private Duration patience(UsageQuery query) {
        Duration window = Duration.between(query.from(), query.to());
        return settings.timeout().orElseGet(() -> {
            Duration most = window.compareTo(LONGEST_WINDOW) > 0 ? LONGEST_WINDOW : window;
            return most.isZero() ? WITHOUT_WINDOW : most.multipliedBy(4).dividedBy(5);
        });
    }

    /** Asks all there is to ask; returns what put an end to it, null if nothing did. */
    private HttpFailure ask(
            UsageQuery query, List<String> metrics, List<String> structures, Means means, Deadline deadline) {
        String tag = settings.mapping().tag(query.subtype()).orElseThrow();
        List<String> asked =
                metrics.stream().filter(metric -> !missing.contains(metric)).toList();
        try {
            for (Question question :
                    Question.about(tag, asked, structures, settings.seriesPerQuery(), query.from(), query.to())) {
                ask(question, means, deadline);
            }
            return null;
        } catch (HttpFailure e) {
            return e;
        }
    }

    /** Asks until there is an answer, or nothing left to ask. */
    private void ask(Question whole, Means means, Deadline deadline) throws HttpFailure {
        Question question = whole.without(missing::contains);
        while (!question.isEmpty()) {
            byte[] json = question.gzippedJson();
            boolean isLong = json.length > BatchSize.ALWAYS_TAKEN_BYTES
                    && question.halves().size() > 1;
            if (isLong && takesShortQueriesOnly) {
                askHalves(question, means, deadline);
                return;
            }
            try {
                askPatiently(json, question.tag(), means, deadline);
                return;
            } catch (HttpFailure e) {
                Optional<UnknownName> unknown = UnknownName.in(e);
                if (unknown.isPresent()) {
                    List<String> dropped = metricsLost(unknown.get(), question, e);
                    dropped.forEach(missing::add);
                    question = question.without(dropped::contains);
                } else if (isLong && e.isAboutLength()) {
                    takesShortQueriesOnly = true;
                } else {
                    throw e;
                }
            }
        }
    }

    private void askHalves(Question question, Means means, Deadline deadline) throws HttpFailure {
        for (Question half : question.halves()) {
            ask(half, means, deadline);
        }
    }

    /** The metrics that an unknown name makes it useless to ask for; at least one. */
    private static List<String> metricsLost(UnknownName unknown, Question question, HttpFailure failure)
            throws HttpFailure {
        if (unknown.kind().equals("tagk")) { // nothing was ever written with this tag, whatever the metric
            return question.metrics();
        }
        if (question.asksFor(unknown.name())) {
            return List.of(unknown.name());
        }
        throw failure;
    }

    private void askPatiently(byte[] json, String tag, Means means, Deadline deadline) throws HttpFailure {
        for (int attempt = 1; ; attempt++) {
            try {
                List<Means.Mean> answer = http.post("api/query", json, deadline.left(), false, body -> {
                    var found = new ArrayList<Means.Mean>();
                    Answer.read(
                            body, tag, (metric, name, mean, second) -> found.add(new Means.Mean(metric, name, mean)));
                    return found;
                });
                answer.forEach(means::take); // now that it is known to be whole
                return;
            } catch (HttpFailure e) {
                if (!e.mayPass() || attempt >= settings.attempts() || !pause(attempt, deadline)) {
                    throw e;
                }
            }
        }
    }

    /** Between half and all of a span that doubles; false if there is no time left for it. */
    private static boolean pause(int attempt, Deadline deadline) {
        long span = FIRST_PAUSE.toMillis() << Math.min(attempt - 1, 10);
        long millis = span / 2 + ThreadLocalRandom.current().nextLong(span / 2 + 1);
        if (deadline.left().toMillis() <= millis) {
            return false;
        }
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Ends a call that is under way, and all connections. */
    @Override
    public void close() {
        http.close();
    }
}

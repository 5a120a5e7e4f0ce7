package io.serverlesscontainers.opentsdb;

import com.github.benmanes.caffeine.cache.Ticker;
import io.serverlesscontainers.core.spi.MetricSource;
import io.serverlesscontainers.core.spi.UsageQuery;
import io.serverlesscontainers.core.spi.Usages;
import io.serverlesscontainers.store.document.Problem;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Shown;
import io.serverlesscontainers.store.document.Structure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Usage read from OpenTSDB 2.3 or later: that of all structures of a window in one query, whatever their number.
 *
 * <p><b>What a usage is.</b> The mean of the samples of a metric from the first to the last instant of the window, both
 * inclusive, where a structure has several series (of several disks, for instance) the sum of their means, and where a
 * resource has several metrics the sum of these; see {@link UsageMapping} for metrics, tags and units. Without a sample
 * there is no usage, and without a sample of one of its metrics neither, because half a sum would look like idleness; the
 * latter is a problem. Times are seconds since 1970 on the wire, so that no time zone and no summer time come into it.
 *
 * <p><b>How it asks.</b> Up to {@linkplain OpenTsdbMetricSourceBuilder#namesInFilter some hundred structures} are asked for
 * by name; of more, all series of the metrics are asked for and the wanted ones picked. One name that OpenTSDB has never
 * seen would cost the others their answer, so new names are asked for in a way that does not look them up. An unknown metric
 * is dropped and the rest asked again; it is remembered {@linkplain OpenTsdbMetricSourceBuilder#rememberMissing for some
 * time}, so that a window costs one query, and a second one now and then. Where nothing was ever written, the answer is
 * empty and no problem.
 *
 * <p><b>When there is trouble.</b> A call takes no longer than its {@linkplain OpenTsdbMetricSourceBuilder#timeout timeout}
 * and four fifths of the window. A server that is away, stands still, or answers with anything but an answer, leaves the
 * window without usage, and is one problem. Samples from the future, looked for once a minute, say that the clock of who
 * writes them is ahead of ours: one problem that says by how much. A clock that is behind cannot be told from samples that
 * are late.
 *
 * <p>For one thread at a time. It starts no thread. Credentials are never part of a text.
 */
public final class OpenTsdbMetricSource implements MetricSource {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final int MOST_UNKNOWN_NAMES = 3;
    /** What is missing of metrics is whole kinds of usage: less likely to come soon, and a query each time to find out. */
    private static final int METRICS_LONGER = 5;

    private final OpenTsdbMetricSourceBuilder.Settings settings;
    private final Http http;
    private final FutureSamples future;
    private final Map<Structure.Subtype, KnownNames> names = new EnumMap<>(Structure.Subtype.class);

    OpenTsdbMetricSource(OpenTsdbMetricSourceBuilder.Settings settings) {
        this.settings = settings;
        this.http = new Http(settings.server(), settings.longestAnswerBytes());
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
     * One query per window, however many structures; see the class.
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
        try {
            List<String> asked = ask(query, metrics, structures, means, deadline);
            new UsageSums(settings.mapping(), query, means, usages).add(structures);
            if (!asked.isEmpty()) {
                future.problem(asked, deadline).ifPresent(usages::problem);
            }
        } catch (HttpFailure e) {
            usages.problem(
                    new Problem(settings.server().subject(), e.getMessage() + "; there is no usage of this window"));
        }
        return usages.build();
    }

    private List<String> metrics(UsageQuery query) {
        UsageMapping mapping = settings.mapping();
        if (mapping.tag(query.subtype()).isEmpty()) {
            return List.of();
        }
        var metrics = new LinkedHashSet<String>();
        for (Resource resource : query.resources()) {
            mapping.sum(query.subtype(), resource).ifPresent(sum -> metrics.addAll(sum.metrics()));
        }
        return List.copyOf(metrics);
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
        Duration most =
                Duration.between(query.from(), query.to()).multipliedBy(4).dividedBy(5);
        return most.isZero() || most.compareTo(settings.timeout()) > 0 ? settings.timeout() : most;
    }

    /** Asks until there is an answer; returns the metrics that it is about. */
    private List<String> ask(
            UsageQuery query, List<String> metrics, List<String> structures, Means means, Deadline deadline)
            throws HttpFailure {
        KnownNames known = names.computeIfAbsent(query.subtype(), subtype -> newNames());
        for (int unknownNames = 0; ; ) {
            Question question = question(query, metrics, structures, known);
            if (question.isEmpty()) {
                return question.metrics();
            }
            try {
                askPatiently(question, known, means, deadline);
                return question.metrics();
            } catch (HttpFailure e) {
                UnknownName unknown = UnknownName.in(e).orElse(null);
                if (unknown == null) {
                    throw e;
                }
                if (unknown.kind().equals("tagv")) {
                    if (unknownNames++ > MOST_UNKNOWN_NAMES) {
                        throw e;
                    }
                    forget(unknown.name(), unknownNames, known);
                } else {
                    dropMetrics(unknown, question, known, e);
                }
            }
        }
    }

    private KnownNames newNames() {
        return new KnownNames(
                settings.rememberMissing(),
                settings.rememberMissing().multipliedBy(METRICS_LONGER),
                Ticker.systemTicker());
    }

    /** Several in a row: somebody has emptied the database, and each name that is known is to be found anew. */
    private static void forget(String name, int unknownNames, KnownNames known) {
        if (unknownNames < MOST_UNKNOWN_NAMES) {
            known.structureUnknown(name);
        } else {
            known.noStructureKnown();
        }
    }

    private static void dropMetrics(UnknownName unknown, Question question, KnownNames known, HttpFailure failure)
            throws HttpFailure {
        if (unknown.kind().equals("tagk")) { // nothing was ever written with this tag, whatever the metric
            question.metrics().forEach(known::metricMissing);
        } else if (question.metrics().contains(unknown.name())) {
            known.metricMissing(unknown.name());
        } else {
            throw failure;
        }
    }

    private Question question(UsageQuery query, List<String> metrics, List<String> structures, KnownNames known) {
        var asked = new ArrayList<String>(metrics);
        asked.removeIf(known::lacksMetric);
        boolean isOfAll = structures.size() > settings.namesInFilter();
        var sure = new ArrayList<String>();
        var unsure = new ArrayList<String>();
        if (!isOfAll) {
            for (String structure : structures) {
                if (known.hasStructure(structure)) {
                    sure.add(structure);
                } else if (!known.lacksStructure(structure)) {
                    unsure.add(structure);
                }
            }
        }
        String tag = settings.mapping().tag(query.subtype()).orElseThrow();
        return new Question(tag, asked, sure, unsure, isOfAll, query.from(), query.to());
    }

    private void askPatiently(Question question, KnownNames known, Means means, Deadline deadline) throws HttpFailure {
        byte[] json = question.gzippedJson();
        for (int attempt = 1; ; attempt++) {
            Set<String> found = new HashSet<>();
            try {
                http.post("api/query", json, deadline.left(), false, body -> {
                    Answer.read(body, question.tag(), (metric, name, mean, second) -> {
                        means.take(metric, name, mean);
                        found.add(name);
                    });
                    return null;
                });
                note(question, found, known);
                return;
            } catch (HttpFailure e) {
                if (!e.mayPass() || attempt >= settings.attempts() || !pause(attempt, deadline)) {
                    throw e;
                }
            }
        }
    }

    private static void note(Question question, Set<String> found, KnownNames known) {
        for (String structure : question.unsure()) {
            if (found.contains(structure)) {
                known.structureFound(structure);
            } else {
                known.structureMissing(structure);
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

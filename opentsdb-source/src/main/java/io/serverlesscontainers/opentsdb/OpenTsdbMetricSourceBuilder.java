package io.serverlesscontainers.opentsdb;

import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import okhttp3.OkHttpClient;

/** How an {@link OpenTsdbMetricSource} is to be; made by {@link OpenTsdbMetricSource#builder}. Not thread-safe. */
public final class OpenTsdbMetricSourceBuilder {
    private static final int MOST_SERIES = 8_000;

    private Server server;
    private UsageMapping mapping = UsageMapping.standard();
    private Optional<Duration> timeout = Optional.empty();
    private int attempts = 3;
    private int seriesPerQuery = 1_000;
    private Duration rememberMissing = Duration.ofSeconds(10);
    private long longestAnswerBytes = 64L << 20;
    private Clock clock = Clock.systemUTC();

    /** What was told. */
    record Settings(
            Server server,
            UsageMapping mapping,
            Optional<Duration> timeout,
            int attempts,
            int seriesPerQuery,
            Duration rememberMissing,
            long longestAnswerBytes,
            Clock clock) {}

    OpenTsdbMetricSourceBuilder(String url) {
        server = Server.at(url);
    }

    /** Signs each request with a user's name and password, as a proxy in front of OpenTSDB may want it. */
    public OpenTsdbMetricSourceBuilder user(String name, String secret) {
        server = server.withUser(Objects.requireNonNull(name, "name"), Objects.requireNonNull(secret, "secret"));
        return this;
    }

    /**
     * Speaks HTTP as this client does: TLS, proxies, interceptors, event listeners. Its time limits, connections and
     * redirects are not used.
     */
    public OpenTsdbMetricSourceBuilder client(OkHttpClient like) {
        server = server.withClient(Objects.requireNonNull(like, "like"));
        return this;
    }

    /** Which metrics and tags to read; {@link UsageMapping#standard()} unless told. */
    public OpenTsdbMetricSourceBuilder mapping(UsageMapping metrics) {
        mapping = Objects.requireNonNull(metrics, "metrics");
        return this;
    }

    /**
     * How long one call may take, all queries and retries included. Unless told, four fifths of the window that it asks
     * about, of a minute at most, so that who asks keeps its window.
     */
    public OpenTsdbMetricSourceBuilder timeout(Duration most) {
        timeout = Optional.of(Spans.positive("timeout", most));
        return this;
    }

    /** How often a query that may fare better is sent before it has failed, at least once; 3 times unless told. */
    public OpenTsdbMetricSourceBuilder attempts(int most) {
        if (most < 1 || most > 100) {
            throw new IllegalArgumentException("attempts is " + most + ", 1 to 100 are allowed");
        }
        attempts = most;
        return this;
    }

    /**
     * How many series one query may ask for: structures times metrics, 1 to 8000; 1000 unless told. OpenTSDB 2.4.1 never
     * answers a query for more than it has stack for, which is some 2,000 with the 1 MiB that its threads have unless told.
     * One that runs with {@code -Xss16m} answers 8,000, and the fewer the queries the better: the server reads all series
     * of a metric anew for each, whatever it asks for
     * (<a href="https://github.com/OpenTSDB/opentsdb/issues/812">812</a>,
     * <a href="https://github.com/OpenTSDB/opentsdb/issues/839">839</a>).
     */
    public OpenTsdbMetricSourceBuilder seriesPerQuery(int most) {
        if (most < 1 || most > MOST_SERIES) {
            throw new IllegalArgumentException(
                    "seriesPerQuery is " + most + ", 1 to " + MOST_SERIES + " series are allowed");
        }
        seriesPerQuery = most;
        return this;
    }

    /**
     * How long a metric that the server does not know is left alone before it is asked for again, which costs a query; 10 s
     * unless told. When the first sample of a metric is written, its usage is seen that much later at most.
     */
    public OpenTsdbMetricSourceBuilder rememberMissing(Duration span) {
        rememberMissing = Spans.positive("rememberMissing", span);
        return this;
    }

    /** The longest answer that is read, in bytes; 64 MiB unless told. A series takes some 120. */
    public OpenTsdbMetricSourceBuilder longestAnswer(long bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("longestAnswer is " + bytes + ", 1 byte or more is allowed");
        }
        longestAnswerBytes = bytes;
        return this;
    }

    /** The clock by which samples lie in the future; that of the system unless told. */
    public OpenTsdbMetricSourceBuilder clock(Clock now) {
        clock = Objects.requireNonNull(now, "now");
        return this;
    }

    /** The source. Nothing is asked of the server yet. */
    public OpenTsdbMetricSource build() {
        return new OpenTsdbMetricSource(new Settings(
                server, mapping, timeout, attempts, seriesPerQuery, rememberMissing, longestAnswerBytes, clock));
    }
}

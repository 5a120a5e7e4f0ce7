package io.serverlesscontainers.opentsdb;

import io.serverlesscontainers.store.document.Problem;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import okhttp3.OkHttpClient;

/** How an {@link OpenTsdbWriter} is to be; made by {@link OpenTsdbWriter#builder}. Not thread-safe. */
public final class OpenTsdbWriterBuilder {
    private static final int LARGEST_REQUEST = 50_000;

    private Server server;
    private Duration timeout = Duration.ofSeconds(10);
    private Duration retryInterval = Duration.ofSeconds(1);
    private Duration closeTimeout = Duration.ofSeconds(5);
    private int pointsPerRequest = 1_000;
    private int mostWaiting = 100_000;
    private WhenFull whenFull = WhenFull.DROP_OLDEST;
    private Consumer<? super Problem> onProblem = problem -> {};

    /** What was told. */
    record Settings(
            Server server,
            Duration timeout,
            Duration retryInterval,
            Duration closeTimeout,
            int pointsPerRequest,
            int mostWaiting,
            WhenFull whenFull,
            Consumer<? super Problem> onProblem) {}

    OpenTsdbWriterBuilder(String url) {
        server = Server.at(url);
    }

    /** Signs each request with a user's name and password, as a proxy in front of OpenTSDB may want it. */
    public OpenTsdbWriterBuilder user(String name, String secret) {
        server = server.withUser(Objects.requireNonNull(name, "name"), Objects.requireNonNull(secret, "secret"));
        return this;
    }

    /**
     * Speaks HTTP as this client does: TLS, proxies, interceptors, event listeners. Its time limits, connections and
     * redirects are not used.
     */
    public OpenTsdbWriterBuilder client(OkHttpClient like) {
        server = server.withClient(Objects.requireNonNull(like, "like"));
        return this;
    }

    /** How long one request may take; 10 s unless told. */
    public OpenTsdbWriterBuilder timeout(Duration most) {
        timeout = Spans.positive("timeout", most);
        return this;
    }

    /** The longest pause between two attempts, and so how soon after an outage all goes on; 1 s unless told. */
    public OpenTsdbWriterBuilder retryInterval(Duration most) {
        retryInterval = Spans.positive("retryInterval", most);
        return this;
    }

    /** How long {@link OpenTsdbWriter#close} may take to write what is waiting; 5 s unless told. */
    public OpenTsdbWriterBuilder closeTimeout(Duration most) {
        closeTimeout = Spans.positive("closeTimeout", most);
        return this;
    }

    /**
     * How many points travel in one request at most, 1 to 50000; 1000 unless told. Gzipped, these are some 10 to 30 KB. A
     * server whose {@code tsd.http.request.enable_chunked} is off takes 8 KiB; if it refuses a request, its halves are sent,
     * and shorter ones from then on.
     */
    public OpenTsdbWriterBuilder pointsPerRequest(int points) {
        if (points < 1 || points > LARGEST_REQUEST) {
            throw new IllegalArgumentException(
                    "pointsPerRequest is " + points + ", 1 to " + LARGEST_REQUEST + " points are allowed");
        }
        pointsPerRequest = points;
        return this;
    }

    /** How many points may wait, beside those of one request under way; 100,000 unless told, which take some 20 MB. */
    public OpenTsdbWriterBuilder mostWaiting(int points) {
        if (points < 1) {
            throw new IllegalArgumentException("mostWaiting is " + points + ", 1 point or more is allowed");
        }
        mostWaiting = points;
        return this;
    }

    /** What happens with more points than may wait; {@link WhenFull#DROP_OLDEST} unless told. */
    public OpenTsdbWriterBuilder whenFull(WhenFull choice) {
        whenFull = Objects.requireNonNull(choice, "choice");
        return this;
    }

    /**
     * Is told of each point that is refused, by the thread that writes or by the writer's own. It must not write to the
     * writer. Without it, one line is logged for each request with such points, which is logged anyway.
     */
    public OpenTsdbWriterBuilder onProblem(Consumer<? super Problem> listener) {
        onProblem = Objects.requireNonNull(listener, "listener");
        return this;
    }

    /** The writer, and its thread. Nothing is sent yet. */
    public OpenTsdbWriter open() {
        var writer = new OpenTsdbWriter(new Settings(
                server, timeout, retryInterval, closeTimeout, pointsPerRequest, mostWaiting, whenFull, onProblem));
        writer.start();
        return writer;
    }
}

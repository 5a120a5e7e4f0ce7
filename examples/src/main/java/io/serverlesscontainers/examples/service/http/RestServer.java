package io.serverlesscontainers.examples.service.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpResponseException;
import io.javalin.util.JavalinBindException;
import io.javalin.util.JavalinException;
import io.serverlesscontainers.examples.service.ServiceMetrics;
import io.serverlesscontainers.store.document.Shown;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.ConnectionLimit;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the routes of a service, and for every service {@code GET /heartbeat}, {@code GET /metrics} and {@code GET
 * /openapi.json}. Whoever shows no token, where one is needed, or asks too often, learns nothing else. Every answer is
 * JSON; every error is an object with one sentence. A slash at the end of a path makes no difference.
 */
public final class RestServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RestServer.class);

    private static final int MOST_THREADS = 32;
    private static final int LEAST_THREADS = 4;
    private static final Duration IDLE = Duration.ofSeconds(30);
    private static final Duration LAST_ANSWERS = Duration.ofMillis(500);
    private static final int MOST_CONNECTIONS = 1_024;
    private static final String ROUTE = "route";
    private static final String OTHER_METHOD = "X-HTTP-Method-Override";

    private final Javalin javalin;
    private final URI address;
    private final Builder settings;
    private final RateLimit rate;
    private final ReadWriteLock running = new ReentrantReadWriteLock();

    private RestServer(Builder settings) {
        this.settings = settings;
        this.rate = new RateLimit(settings.requestsPerSecond, System::nanoTime);
        this.javalin = Javalin.create(this::configure);
        javalin.before(this::admit);
        for (Route route : settings.all()) {
            javalin.addHttpHandler(
                    HandlerType.valueOf(route.method()), route.path(), context -> answer(route, context));
        }
        javalin.exception(RestException.class, this::refuse);
        javalin.exception(HttpResponseException.class, this::refuse);
        javalin.exception(Exception.class, this::fail);
        start();
        this.address = address();
    }

    private void start() {
        Listen listen = settings.listen;
        try {
            javalin.start();
        } catch (RuntimeException failed) {
            stop();
            boolean taken = failed instanceof JavalinBindException || failed.getCause() instanceof BindException;
            throw new UncheckedIOException(
                    "cannot listen at " + listen.address().getHostAddress() + " port " + listen.port() + ": "
                            + (taken ? "it is taken, or not this machine's" : failed.getMessage()),
                    new IOException(failed));
        }
    }

    private URI address() {
        InetAddress bound = settings.listen.address();
        String host = bound.getHostAddress();
        return URI.create((settings.listen.keystore().isPresent() ? "https" : "http") + "://"
                + (host.contains(":") ? "[" + host + "]" : host) + ":" + javalin.port() + "/");
    }

    /** Where it is reached. */
    public URI url() {
        return address;
    }

    private void configure(JavalinConfig config) {
        config.showJavalinBanner = false;
        config.startupWatcherEnabled = false;
        config.http.prefer405over404 = true;
        var threads = new QueuedThreadPool(MOST_THREADS, LEAST_THREADS, (int) IDLE.toMillis());
        threads.setStopTimeout(LAST_ANSWERS.toMillis());
        config.jetty.threadPool = threads;
        config.jetty.modifyServer(server -> {
            server.setErrorHandler(new JsonErrors(settings.errorField));
            server.setStopTimeout(0); // connections that nobody asks anything over are not waited for
            server.addBean(new ConnectionLimit(MOST_CONNECTIONS, server));
        });
        config.jetty.modifyServletContextHandler(
                context -> context.setErrorHandler(new JsonErrors(settings.errorField)));
        config.jetty.addConnector(this::connector);
        config.requestLogger.http((context, milliseconds) -> settings.metrics.request(
                context.method().name(),
                Optional.ofNullable(context.<String>attribute(ROUTE)).orElse("none"),
                context.statusCode(),
                Duration.ofNanos((long) (milliseconds * 1e6))));
    }

    private Connector connector(Server server, HttpConfiguration http) {
        http.setSendServerVersion(false);
        http.setSendDateHeader(false);
        http.addCustomizer((connector, same, request) -> forgetOtherMethod(request));
        // Who is refused is told at once, not when the body comes.
        http.setDelayDispatchUntilContent(false);
        // The names of containers may have slashes.
        http.setUriCompliance(UriCompliance.DEFAULT.with(
                "names",
                UriCompliance.Violation.AMBIGUOUS_PATH_SEPARATOR,
                UriCompliance.Violation.AMBIGUOUS_PATH_ENCODING));
        ServerConnector connector = settings.listen
                .keystore()
                .map(keystore -> secure(server, http, keystore))
                .orElseGet(() -> new ServerConnector(server, new HttpConnectionFactory(http)));
        connector.setHost(settings.listen.address().getHostAddress());
        connector.setPort(settings.listen.port());
        connector.setIdleTimeout(IDLE.toMillis());
        return connector;
    }

    /** The method is what the request's first line says; Javalin would take it from this header. */
    private static void forgetOtherMethod(Request request) {
        if (request.getHttpFields().contains(OTHER_METHOD)) {
            request.setHttpFields(HttpFields.build(request.getHttpFields()).remove(OTHER_METHOD));
        }
    }

    private static ServerConnector secure(Server server, HttpConfiguration http, Listen.Keystore keystore) {
        var secure = new HttpConfiguration(http);
        // Whoever asks by another name or address than the certificate's may do so: it is theirs to refuse.
        secure.addCustomizer(new SecureRequestCustomizer(false));
        var tls = new SslContextFactory.Server();
        tls.setKeyStorePath(keystore.file());
        tls.setKeyStorePassword(keystore.password());
        return new ServerConnector(
                server, new SslConnectionFactory(tls, "http/1.1"), new HttpConnectionFactory(secure));
    }

    /** Before anything else is done for whoever asks. */
    private void admit(Context context) {
        if (!rate.allows(context.req().getRemoteAddr())) {
            context.header("Retry-After", "1");
            throw new RestException(
                    429,
                    "more than " + settings.requestsPerSecond
                            + (settings.requestsPerSecond == 1 ? " request" : " requests")
                            + " a second: try again in a second");
        }
        Optional<Token> token = settings.listen.token();
        if (token.isPresent() && !token.get().isIn(context.header("Authorization"))) {
            context.header("WWW-Authenticate", "Bearer");
            throw new RestException(401, "a token is needed: Authorization: Bearer TOKEN");
        }
    }

    private void answer(Route route, Context context) {
        context.attribute(ROUTE, route.path());
        if (!running.readLock().tryLock()) {
            throw new RestException(503, "the service is ending");
        }
        try {
            write(context, route.handler().answer(new RestRequest(context)));
        } finally {
            running.readLock().unlock();
        }
    }

    private void refuse(RestException refusal, Context context) {
        LOG.debug("{} {}: {}", context.method(), Shown.of(context.path()), refusal.getMessage(), refusal);
        error(context, refusal.status(), refusal.getMessage(), refusal.more());
    }

    /** What Javalin refuses by itself: there is no such route. */
    private void refuse(HttpResponseException refusal, Context context) {
        int status = refusal.getStatus();
        String allowed = refusal.getDetails().getOrDefault("availableMethods", "");
        if (!allowed.isEmpty()) {
            context.header("Allow", allowed);
        }
        String path = Shown.of(context.path());
        String sentence = switch (status) {
            case 404 -> "there is no " + path + " here; /openapi.json says what there is";
            case 405 ->
                path + " cannot be asked for with " + Shown.of(context.req().getMethod()) + ", only with " + allowed;
            default -> Shown.of(refusal.getMessage());
        };
        error(context, status, sentence, JsonNodeFactory.instance.objectNode());
    }

    private void fail(Exception failure, Context context) {
        if (failure instanceof IllegalArgumentException && context.attribute(ROUTE) == null) {
            // Before any route: what is encoded in the path is nothing.
            refuse(new RestException(400, "the path " + Shown.of(context.path()) + " cannot be decoded"), context);
            return;
        }
        LOG.warn("{} {} failed", context.method(), Shown.of(context.path()), failure);
        error(
                context,
                500,
                "the request could not be answered, the log of the service says why",
                JsonNodeFactory.instance.objectNode());
    }

    private void error(Context context, int status, String sentence, ObjectNode more) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put(settings.errorField, sentence);
        json.setAll(more);
        write(context, new Route.Reply(status, "application/json", json + "\n"));
    }

    private static void write(Context context, Route.Reply reply) {
        context.status(reply.status())
                .contentType(reply.type())
                .result(reply.body().getBytes(StandardCharsets.UTF_8));
    }

    /** Takes no more requests, gives those that are running half a second, and closes all connections. */
    @Override
    public void close() {
        try {
            running.writeLock().tryLock(LAST_ANSWERS.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        stop();
    }

    private void stop() {
        try {
            javalin.stop();
        } catch (JavalinException late) {
            LOG.debug("the server ended with something still running", late);
        }
    }

    /** A server with no routes yet. */
    public static Builder builder(Listen listen, ServiceMetrics metrics) {
        return new Builder(listen, metrics);
    }

    /** Collects what a server serves; for one thread. */
    public static final class Builder {
        private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

        private final Listen listen;
        private final ServiceMetrics metrics;
        private final List<Route> routes = new ArrayList<>();
        private String errorField = "error";
        private int requestsPerSecond = 1_000;
        private Supplier<ObjectNode> heartbeat =
                () -> JsonNodeFactory.instance.objectNode().put("status", "alive");
        private String openApi = "";

        private Builder(Listen listen, ServiceMetrics metrics) {
            this.listen = Objects.requireNonNull(listen, "listen");
            this.metrics = Objects.requireNonNull(metrics, "metrics");
        }

        /** Serves these; of several that match a path, the first answers. */
        public Builder routes(List<Route> more) {
            routes.addAll(more);
            return this;
        }

        /** The field of an error's sentence; {@code error} unless said otherwise. */
        public Builder errorField(String name) {
            errorField = name;
            return this;
        }

        /**
         * How often each address may ask; 1000 times a second unless said otherwise, and twice as often for one second.
         *
         * @throws IllegalArgumentException if it is less than 1
         */
        public Builder requestsPerSecond(int most) {
            if (most < 1) {
                throw new IllegalArgumentException("there are " + most + " requests a second, at least 1 is needed");
            }
            requestsPerSecond = most;
            return this;
        }

        /** What {@code /heartbeat} answers. */
        public Builder heartbeat(Supplier<ObjectNode> json) {
            heartbeat = json;
            return this;
        }

        /** The description that {@code /openapi.json} serves: a resource beside a class. */
        public Builder openApi(Class<?> beside, String resource) {
            try (InputStream stream = beside.getResourceAsStream(resource)) {
                Objects.requireNonNull(stream, resource + " is missing in the jar");
                openApi = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException unreadable) {
                throw new UncheckedIOException(resource + " cannot be read from the jar", unreadable);
            }
            return this;
        }

        /** All routes, those of every service included. */
        List<Route> all() {
            var all = new ArrayList<Route>();
            all.add(Route.get("/heartbeat", request -> Route.Reply.ok(heartbeat.get())));
            all.add(Route.get("/metrics", request -> new Route.Reply(200, PROMETHEUS, metrics.scrape())));
            all.add(Route.get("/openapi.json", request -> new Route.Reply(200, "application/json", openApi)));
            all.addAll(routes);
            return all;
        }

        /** What it serves, as OpenAPI writes it: {@code GET /container/{name}}. */
        public List<String> operations() {
            return all().stream()
                    .map(route -> route.method() + " " + route.openApiPath())
                    .collect(Collectors.toList());
        }

        /**
         * Serves from now on.
         *
         * @throws UncheckedIOException if the address cannot be listened at
         */
        public RestServer start() {
            return new RestServer(this);
        }
    }
}

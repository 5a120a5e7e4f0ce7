package io.serverlesscontainers.cgroups.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.serverlesscontainers.cgroups.internal.lookup.ContainerName;
import io.serverlesscontainers.core.spi.CgroupDriver;
import io.serverlesscontainers.core.spi.CgroupException;
import io.serverlesscontainers.core.spi.ContainerLimits;
import io.serverlesscontainers.core.spi.CpuSet;
import io.serverlesscontainers.core.spi.HostCapacity;
import io.serverlesscontainers.core.spi.LimitChange;
import io.serverlesscontainers.core.spi.LimitOutcome;
import io.serverlesscontainers.core.spi.ManyLimits;
import io.serverlesscontainers.core.spi.MissingContainerException;
import io.serverlesscontainers.core.spi.UnreachableHostException;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Shown;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;

/**
 * The limits of the containers of another host, through the Container Scaler that runs there.
 *
 * <pre>{@code
 * try (var driver = RemoteCgroupDriver.builder("http://host0:8000").token(secret).build()) {
 *     driver.apply("web-1", LimitChange.to(Resource.CPU, 150));
 * }
 * }</pre>
 *
 * <p>May be used by any number of threads. Needs OkHttp, which this module does not bring.
 *
 * <p>Each request may take so long ({@link Builder#timeout}) and is tried so often ({@link Builder#attempts}), with
 * growing pauses; then, and if the server answers with anything else than limits, it is a {@link CgroupException} with
 * the server's sentence. To write the same limit twice changes nothing, so writes are tried again too; after one that was
 * never answered nobody knows whether the limit moved, and {@link #limits} tells.
 */
public final class RemoteCgroupDriver implements CgroupDriver {
    private static final MediaType JSON = MediaType.get("application/json");
    private static final int NOT_FOUND = 404;

    private final Asking asking;
    private final HttpUrl server;
    private final OkHttpClient client;
    private final boolean ownClient;
    private volatile Host host;

    /** What is known of the host. */
    private record Host(Optional<HostCapacity> capacity, Set<Resource> resources) {}

    private RemoteCgroupDriver(Builder settings) {
        this.server = settings.server;
        this.ownClient = settings.client.isEmpty();
        this.client = settings.client
                .orElseGet(OkHttpClient::new)
                .newBuilder()
                .retryOnConnectionFailure(true)
                .followRedirects(false) // the token stays with the server that it is for
                .connectTimeout(settings.timeout)
                .readTimeout(settings.timeout)
                .writeTimeout(settings.timeout)
                .callTimeout(settings.timeout)
                .build();
        this.asking = new Asking(client, shown(server), settings.token, settings.attempts);
        if (!settings.resources.isEmpty()) {
            this.host = new Host(settings.capacity, Collections.unmodifiableSet(EnumSet.copyOf(settings.resources)));
        }
    }

    /**
     * A driver for one host.
     *
     * @param url where its Container Scaler is, such as {@code http://host0:8000}
     * @throws IllegalArgumentException if the URL cannot be read
     */
    public static Builder builder(String url) {
        return new Builder(url);
    }

    /**
     * {@inheritDoc}
     *
     * @throws CgroupException if it was not told by {@link Builder#host}, and the server cannot tell either
     */
    @Override
    public HostCapacity host() {
        return known().capacity()
                .orElseThrow(() -> new CgroupException(
                        "nobody told what the host of " + shown(server) + " has in all, neither builder nor server"));
    }

    /**
     * {@inheritDoc}
     *
     * @throws CgroupException if they were not told by {@link Builder#host}, and the server cannot tell either
     */
    @Override
    public Set<Resource> resources() {
        return known().resources();
    }

    private Host known() {
        asking.refuseIfClosed();
        Host known = host;
        if (known == null) {
            known = askForHost();
            host = known;
        }
        return known;
    }

    private Host askForHost() {
        String about = "the host of " + shown(server);
        Asking.Answer answer = asking.ask(about, request("host").build());
        JsonNode json = answer.json();
        Set<Resource> resources = EnumSet.noneOf(Resource.class);
        json.path("resources")
                .forEach(each -> Resource.ofWireName(each.asText()).ifPresent(resources::add));
        if (!answer.isSuccess() || resources.isEmpty()) {
            throw refused(about, answer);
        }
        JsonNode cpus = json.path("cpus");
        JsonNode memory = json.path("mem");
        Optional<HostCapacity> capacity = cpus.isTextual() && memory.isNumber()
                ? Optional.of(new HostCapacity(CpuSet.parse(cpus.textValue()), memory.asLong()))
                : Optional.empty();
        return new Host(capacity, Collections.unmodifiableSet(resources));
    }

    @Override
    public ContainerLimits limits(String container) {
        String about = about(container);
        Asking.Answer answer = asking.ask(about, requestFor(container).build());
        return limits(container, about, answer);
    }

    /**
     * {@inheritDoc}
     *
     * <p>Of several containers the server is asked for all that it has, once; those that it does not list, such as plain
     * cgroups, one by one.
     */
    @Override
    public ManyLimits limitsOf(Collection<String> containers) {
        if (containers.size() < 2) {
            return CgroupDriver.super.limitsOf(containers);
        }
        JsonNode all;
        try {
            Asking.Answer answer =
                    asking.ask("its containers", request("container").build());
            all = answer.isSuccess() ? answer.json() : MissingNode.getInstance();
        } catch (UnreachableHostException hostAway) {
            return new ManyLimits(
                    Map.of(), containers.stream().distinct().collect(Collectors.toMap(name -> name, name -> hostAway)));
        }
        var found = new HashMap<String, ContainerLimits>();
        var unlisted = new ArrayList<String>();
        for (String container : containers) {
            JsonNode limits = all.path(container);
            if (limits.isObject()) {
                try {
                    found.put(container, read(container, about(container), limits));
                    continue;
                } catch (CgroupException unreadable) {
                    // Asked for by itself it may be told better, or what is wrong with it.
                }
            }
            unlisted.add(container);
        }
        ManyLimits others = CgroupDriver.super.limitsOf(unlisted);
        found.putAll(others.found());
        return new ManyLimits(found, others.failed());
    }

    /**
     * {@inheritDoc}
     *
     * <p>What the server read back after it wrote is in its answer, and is what the outcome tells.
     */
    @Override
    public LimitOutcome apply(String container, LimitChange change) {
        Resource resource = change.resource();
        if (!resources().contains(resource)) {
            throw new IllegalArgumentException(
                    resource + " cannot be limited at " + shown(server) + ", only " + resources() + " can");
        }
        String about = about(container);
        RequestBody body = RequestBody.create(WantedLimits.of(change).toJson().toString(), JSON);
        Asking.Answer answer = asking.ask(about, requestFor(container).put(body).build());
        JsonNode json = answer.json();
        if (!answer.isSuccess() && json.path("refused").asText().equals(resource.wireName())) {
            ContainerLimits left = read(container, about, json.path("in_force"));
            return new LimitOutcome(LimitOutcome.Status.REFUSED, left.limit(resource), answer.error());
        }
        ContainerLimits now = limits(container, about, answer);
        OptionalLong reached = now.limit(resource);
        String reason = json.path(resource.wireName()).path("reason").asText("");
        if (reason.isEmpty() && isAsWanted(now, change)) {
            return LimitOutcome.applied(reached);
        }
        return new LimitOutcome(
                LimitOutcome.Status.PARTIAL, reached, reason.isEmpty() ? difference(now, change) : reason);
    }

    private static boolean isAsWanted(ContainerLimits now, LimitChange change) {
        return now.limit(change.resource()).equals(change.limit())
                && (change.cpus().isEmpty() || change.cpus().equals(now.cpus()));
    }

    private String difference(ContainerLimits now, LimitChange change) {
        return shown(server) + " left the " + change.resource() + " limit at " + shown(now.limit(change.resource()))
                + ", not " + shown(change.limit())
                + change.cpus()
                        .map(cpus -> ", on CPUs " + now.cpus().orElse(CpuSet.NONE) + ", not " + cpus)
                        .orElse("");
    }

    private static String shown(OptionalLong limit) {
        return limit.isPresent() ? Long.toString(limit.getAsLong()) : "none";
    }

    private ContainerLimits limits(String container, String about, Asking.Answer answer) {
        if (answer.status() == NOT_FOUND) {
            throw new MissingContainerException(
                    ContainerName.shown(container),
                    shown(server) + " does not know it"
                            + (answer.error().isEmpty() ? "" : " (" + answer.error() + ")"));
        }
        if (!answer.isSuccess()) {
            throw refused(about, answer);
        }
        return read(container, about, answer.json());
    }

    private ContainerLimits read(String container, String about, JsonNode json) {
        try {
            return LimitsJson.read(container, json);
        } catch (IllegalArgumentException unreadable) {
            throw new CgroupException(
                    about + ": " + shown(server) + " gives an answer that is none: " + unreadable.getMessage(),
                    unreadable);
        }
    }

    private CgroupException refused(String about, Asking.Answer answer) {
        String why = answer.error().isEmpty() ? "" : ": " + answer.error();
        return new CgroupException(about + ": " + shown(server) + " answers " + answer.status() + why);
    }

    private static String about(String container) {
        return "container '" + ContainerName.shown(container) + "'";
    }

    /** A path in a name stays a path; nothing in it leads elsewhere. */
    private Request.Builder requestFor(String container) {
        Optional<String> complaint = ContainerName.complaint(container);
        if (complaint.isPresent()) {
            throw new MissingContainerException(ContainerName.shown(container), complaint.get());
        }
        HttpUrl.Builder url = server.newBuilder().addPathSegment("container");
        for (String segment : container.split("/")) {
            url.addPathSegment(segment);
        }
        return new Request.Builder().url(url.build());
    }

    private Request.Builder request(String path) {
        return new Request.Builder()
                .url(server.newBuilder().addPathSegment(path).build());
    }

    private static String shown(HttpUrl server) {
        return Shown.of(server.scheme() + "://" + server.host() + ":" + server.port());
    }

    /** Lets go of the server; limits stay as they are. Later calls throw {@link CgroupException}. */
    @Override
    public void close() {
        asking.close();
        if (ownClient) {
            client.connectionPool().evictAll();
        }
    }

    /** Collects the settings of a driver; for one thread. */
    public static final class Builder {
        private static final Duration LONGEST_TIMEOUT = Duration.ofMinutes(5);

        private final HttpUrl server;
        private Optional<String> token = Optional.empty();
        private Duration timeout = Duration.ofSeconds(5);
        private int attempts = 3;
        private Optional<OkHttpClient> client = Optional.empty();
        private Optional<HostCapacity> capacity = Optional.empty();
        private Set<Resource> resources = Set.of();

        private Builder(String url) {
            HttpUrl parsed = HttpUrl.parse(url);
            if (parsed == null) {
                throw new IllegalArgumentException("'" + Shown.of(url)
                        + "' is no URL of a Container Scaler, one like http://host0:8000 is needed");
            }
            server = parsed.newBuilder().query(null).fragment(null).build();
        }

        /** Shows this token with each request ({@code Authorization: Bearer …}); none unless said otherwise. */
        public Builder token(String secret) {
            token = Optional.of(secret);
            return this;
        }

        /**
         * How long one request may take, from the connection to the last byte of the answer; 5 s unless said otherwise.
         *
         * @throws IllegalArgumentException if it is not above 0, or more than 5 minutes
         */
        public Builder timeout(Duration most) {
            if (most.isNegative() || most.isZero() || most.compareTo(LONGEST_TIMEOUT) > 0) {
                throw new IllegalArgumentException(
                        "the timeout is " + most + ", above 0 and at most " + LONGEST_TIMEOUT + " is allowed");
            }
            timeout = most;
            return this;
        }

        /**
         * How often a request is tried that is not answered, or answered with a passing trouble; 3 times unless said
         * otherwise.
         *
         * @throws IllegalArgumentException if it is not from 1 to 100
         */
        public Builder attempts(int most) {
            if (most < 1 || most > 100) {
                throw new IllegalArgumentException("there are " + most + " attempts, from 1 to 100 is allowed");
            }
            attempts = most;
            return this;
        }

        /**
         * Speaks HTTP as this client does, and over its connections: TLS, proxies, interceptors. Its time limits and
         * redirects are not used. One client for the drivers of all hosts is enough; each has its own unless said
         * otherwise.
         */
        public Builder client(OkHttpClient like) {
            client = Optional.of(like);
            return this;
        }

        /**
         * What the host has and which limits can be set there, for servers that cannot tell: those of other make. Without
         * it the server is asked, once, when it is first needed.
         *
         * @throws IllegalArgumentException if there is no resource
         */
        public Builder host(HostCapacity has, Set<Resource> limited) {
            if (limited.isEmpty()) {
                throw new IllegalArgumentException("no resource can be limited, at least one is needed");
            }
            capacity = Optional.of(has);
            resources = Set.copyOf(limited);
            return this;
        }

        /** The driver. Asks the server nothing yet. */
        public RemoteCgroupDriver build() {
            return new RemoteCgroupDriver(this);
        }
    }
}

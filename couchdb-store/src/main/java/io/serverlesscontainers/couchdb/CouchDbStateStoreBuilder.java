package io.serverlesscontainers.couchdb;

import io.serverlesscontainers.store.document.Shown;
import java.time.Duration;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;

/** How a {@link CouchDbStateStore} is to be; made by {@link CouchDbStateStore#builder}. Not thread-safe. */
public final class CouchDbStateStoreBuilder {
    private static final Pattern DATABASE_NAME = Pattern.compile("[a-z][a-z0-9_$()+/-]{0,237}");
    private static final int LARGEST_PAGE = 1_000;

    private final HttpUrl server;
    private String user;
    private String password;
    private boolean byCookie;
    private UnaryOperator<String> databaseNames = UnaryOperator.identity();
    private OkHttpClient client = new OkHttpClient();
    private Duration timeout = Duration.ofSeconds(10);
    private int attempts = 3;
    private Duration retryInterval = Duration.ofSeconds(1);
    private Duration pollTimeout = Duration.ofSeconds(10);
    private int pageSize = LARGEST_PAGE;

    CouchDbStateStoreBuilder(String url) {
        HttpUrl parsed = HttpUrl.parse(url);
        if (parsed == null) {
            throw new IllegalArgumentException(
                    "the server's URL cannot be read; one like http://couchdb:5984 is needed"); // may hold a password
        }
        if (!parsed.username().isEmpty()) {
            user = parsed.username();
            password = parsed.password();
        }
        server = parsed.newBuilder()
                .username("")
                .password("")
                .query(null)
                .fragment(null)
                .build();
    }

    /** Signs each request with a user's name and password. Without, requests are sent by nobody. */
    public CouchDbStateStoreBuilder user(String name, String secret) {
        user = Objects.requireNonNull(name, "name");
        password = Objects.requireNonNull(secret, "secret");
        return this;
    }

    /** Sends the password only to sign on, and then the cookie of the session, which is renewed when it ends. */
    public CouchDbStateStoreBuilder cookies() {
        byCookie = true;
        return this;
    }

    /**
     * Names the databases other than {@code structures}, {@code limits}, {@code rules}, {@code services}, {@code events},
     * {@code requests} and {@code users}.
     *
     * @param names from the usual name to the one to use
     */
    public CouchDbStateStoreBuilder databases(UnaryOperator<String> names) {
        databaseNames = Objects.requireNonNull(names, "names");
        return this;
    }

    /**
     * Speaks HTTP as this client does: TLS, proxies, HTTP versions, interceptors, event listeners. Its time limits,
     * connections and redirects are not used. A server whose certificate the JDK does not trust needs one with the
     * {@code sslSocketFactory} of a trust manager that does. HTTP/2 is spoken where the server offers it with TLS.
     */
    public CouchDbStateStoreBuilder client(OkHttpClient like) {
        client = Objects.requireNonNull(like, "like");
        return this;
    }

    /** How long one request may take; 10 s unless told. */
    public CouchDbStateStoreBuilder timeout(Duration most) {
        timeout = positive("timeout", most);
        return this;
    }

    /** How often a request is sent before it has failed, at least once; 3 times unless told. */
    public CouchDbStateStoreBuilder attempts(int most) {
        if (most < 1 || most > 100) {
            throw new IllegalArgumentException("attempts is " + most + ", 1 to 100 are allowed");
        }
        attempts = most;
        return this;
    }

    /** The longest pause between two attempts, and so how soon after an outage all goes on; 1 s unless told. */
    public CouchDbStateStoreBuilder retryInterval(Duration most) {
        retryInterval = positive("retryInterval", most);
        return this;
    }

    /** How long a request for changes waits for one before it is sent anew, up to a minute; 10 s unless told. */
    public CouchDbStateStoreBuilder pollTimeout(Duration most) {
        pollTimeout = positive("pollTimeout", most);
        if (most.compareTo(Duration.ofMinutes(1)) > 0) {
            throw new IllegalArgumentException("pollTimeout is " + most + ", up to a minute is allowed");
        }
        return this;
    }

    /** How many documents travel in one request, 1 to 1000; 1000 unless told. */
    public CouchDbStateStoreBuilder pageSize(int documents) {
        if (documents < 1 || documents > LARGEST_PAGE) {
            throw new IllegalArgumentException(
                    "pageSize is " + documents + ", 1 to " + LARGEST_PAGE + " documents are allowed");
        }
        pageSize = documents;
        return this;
    }

    private static Duration positive(String what, Duration span) {
        if (span.toMillis() < 1 || span.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException(what + " is " + span + ", a millisecond to an hour is allowed");
        }
        return span;
    }

    /**
     * The store. Nothing is asked of the server yet.
     *
     * @throws IllegalArgumentException if a database would have a name that CouchDB does not allow
     */
    public CouchDbStateStore build() {
        Authentication authentication = user == null
                ? Authentication.none()
                : byCookie ? Authentication.cookie(user, password) : Authentication.basic(user, password);
        return new CouchDbStateStore(new Settings(
                server,
                authentication,
                this::databaseName,
                client,
                timeout,
                attempts,
                retryInterval,
                pollTimeout,
                pageSize));
    }

    private String databaseName(String usual) {
        String name = databaseNames.apply(usual);
        if (name == null || !DATABASE_NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("the database of the " + usual + " is to be called '"
                    + (name == null ? "null" : Shown.of(name))
                    + "'; lower-case letters, digits and _$()+/- are allowed, a letter first");
        }
        return name;
    }
}

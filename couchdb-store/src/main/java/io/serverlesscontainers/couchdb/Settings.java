package io.serverlesscontainers.couchdb;

import java.time.Duration;
import java.util.function.UnaryOperator;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;

/** How to reach the server and how patient to be with it; see {@link CouchDbStateStoreBuilder}. */
record Settings(
        HttpUrl server,
        Authentication authentication,
        UnaryOperator<String> databaseNames,
        OkHttpClient client,
        Duration timeout,
        int attempts,
        Duration retryInterval,
        Duration pollTimeout,
        int pageSize) {}

package io.serverlesscontainers.couchdb;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.EventListener;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;

/** Counts what a store asks of the server, and connections that it does not give back. */
final class Traffic extends EventListener {
    private final List<String> paths = new CopyOnWriteArrayList<>();
    private final List<String> wholePages = new CopyOnWriteArrayList<>();
    private final Set<Protocol> protocols = ConcurrentHashMap.newKeySet();
    private final AtomicInteger acquired = new AtomicInteger();
    private final AtomicInteger released = new AtomicInteger();

    OkHttpClient client() {
        return new OkHttpClient.Builder().eventListener(this).build();
    }

    @Override
    public void callStart(Call call) {
        HttpUrl url = call.request().url();
        paths.add(url.encodedPath());
        if (url.encodedPath().endsWith("/_all_docs") && call.request().method().equals("GET")) {
            wholePages.add(url.encodedPath());
        }
    }

    @Override
    public void connectionAcquired(Call call, Connection connection) {
        acquired.incrementAndGet();
        protocols.add(connection.protocol());
    }

    @Override
    public void connectionReleased(Call call, Connection connection) {
        released.incrementAndGet();
    }

    /** Requests since the last {@link #forget}, without those that only wait for changes. */
    List<String> requests() {
        return paths.stream()
                .filter(path -> !path.endsWith("/_changes") && !path.contains("/_local/"))
                .toList();
    }

    /** Of these, the ones that read a database from one end to the other. */
    List<String> wholePages() {
        return wholePages;
    }

    /** What was spoken on the connections that were used. */
    Set<Protocol> protocols() {
        return protocols;
    }

    void forget() {
        paths.clear();
        wholePages.clear();
    }

    /** Connections that were taken and not given back. */
    int held() {
        return acquired.get() - released.get();
    }
}

package io.serverlesscontainers.couchdb;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.EventListener;
import okhttp3.OkHttpClient;

/** Counts what a store asks of the server, and connections that it does not give back. */
final class Traffic extends EventListener {
    private final List<String> paths = new CopyOnWriteArrayList<>();
    private final AtomicInteger acquired = new AtomicInteger();
    private final AtomicInteger released = new AtomicInteger();

    OkHttpClient client() {
        return new OkHttpClient.Builder().eventListener(this).build();
    }

    @Override
    public void callStart(Call call) {
        paths.add(call.request().url().encodedPath());
    }

    @Override
    public void connectionAcquired(Call call, Connection connection) {
        acquired.incrementAndGet();
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

    void forget() {
        paths.clear();
    }

    /** Connections that were taken and not given back. */
    int held() {
        return acquired.get() - released.get();
    }
}

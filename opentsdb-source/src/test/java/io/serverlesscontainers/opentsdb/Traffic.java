package io.serverlesscontainers.opentsdb;

import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.EventListener;
import okhttp3.OkHttpClient;

/** Counts queries, and connections that are not given back. */
final class Traffic extends EventListener {
    private final AtomicInteger queries = new AtomicInteger();
    private final AtomicInteger held = new AtomicInteger();

    OkHttpClient client() {
        return new OkHttpClient.Builder().eventListener(this).build();
    }

    @Override
    public void callStart(Call call) {
        if (call.request().url().encodedPath().endsWith("/api/query")) {
            queries.incrementAndGet();
        }
    }

    @Override
    public void connectionAcquired(Call call, Connection connection) {
        held.incrementAndGet();
    }

    @Override
    public void connectionReleased(Call call, Connection connection) {
        held.decrementAndGet();
    }

    int queries() {
        return queries.get();
    }

    int held() {
        return held.get();
    }
}

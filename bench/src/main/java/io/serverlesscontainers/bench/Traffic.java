package io.serverlesscontainers.bench;

import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.EventListener;
import okhttp3.OkHttpClient;
import okhttp3.Request;

/** Counts requests by what they are for, and the bytes of their bodies. */
final class Traffic extends EventListener {
    /** An index of many documents takes its time to be built. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final LongAdder writes = new LongAdder();
    private final LongAdder reads = new LongAdder();
    private final LongAdder waits = new LongAdder();
    private final LongAdder bytes = new LongAdder();

    /**
     * How much there was.
     *
     * @param waits requests that wait for changes, and look whether the database is still the same when there were none
     */
    record Sum(long writes, long reads, long waits, long bytes) {
        /** All requests but those that wait. */
        long requests() {
            return writes + reads;
        }

        Sum minus(Sum before) {
            return new Sum(writes - before.writes, reads - before.reads, waits - before.waits, bytes - before.bytes);
        }
    }

    OkHttpClient client() {
        return new OkHttpClient.Builder()
                .eventListener(this)
                .readTimeout(PATIENCE)
                .build();
    }

    Sum sum() {
        return new Sum(writes.sum(), reads.sum(), waits.sum(), bytes.sum());
    }

    @Override
    public void connectionAcquired(Call call, Connection connection) {
        counter(call.request()).increment();
    }

    private LongAdder counter(Request request) {
        String path = request.url().encodedPath();
        if (path.endsWith("/_changes") || path.contains("/_local/")) {
            return waits;
        }
        boolean isRead = request.method().equals("GET") || path.endsWith("/_find") || path.endsWith("/_all_docs");
        return isRead ? reads : writes;
    }

    @Override
    public void requestBodyEnd(Call call, long byteCount) {
        bytes.add(byteCount);
    }

    @Override
    public void responseBodyEnd(Call call, long byteCount) {
        bytes.add(byteCount);
    }
}

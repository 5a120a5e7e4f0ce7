package io.serverlesscontainers.bench;

import java.util.concurrent.atomic.LongAdder;
import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.EventListener;
import okhttp3.OkHttpClient;

/** Counts requests and the bytes of their bodies. */
final class Traffic extends EventListener {
    private final LongAdder requests = new LongAdder();
    private final LongAdder bytes = new LongAdder();

    /** How much there was. */
    record Sum(long requests, long bytes) {
        Sum minus(Sum before) {
            return new Sum(requests - before.requests, bytes - before.bytes);
        }
    }

    OkHttpClient client() {
        return new OkHttpClient.Builder().eventListener(this).build();
    }

    Sum sum() {
        return new Sum(requests.sum(), bytes.sum());
    }

    @Override
    public void connectionAcquired(Call call, Connection connection) {
        requests.increment();
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

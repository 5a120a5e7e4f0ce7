package io.serverlesscontainers.opentsdb;

import io.serverlesscontainers.core.spi.DataPoint;
import io.serverlesscontainers.core.spi.TimeSeriesWriter;
import io.serverlesscontainers.opentsdb.HttpFailure.Reason;
import io.serverlesscontainers.store.document.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes points to OpenTSDB in the background, many in one gzipped request.
 *
 * <p>{@link #write} puts points into a bounded queue and returns; a daemon thread, which {@link OpenTsdbWriterBuilder#open}
 * starts for the purpose, sends them in the order in which they came. While the server cannot be reached, stands still or
 * fails, the points wait and are sent again, with pauses that grow up to the retry interval: to write the same value of
 * the same series and second twice is to write it once. If more points come than may wait, {@link WhenFull} says what
 * happens.
 *
 * <p>A point that OpenTSDB refuses is not sent again and costs the others nothing; so does a point that OpenTSDB is known
 * to refuse, which is never sent: names may have letters, digits and {@code -_./}, a point at most 8 tags. Each is one
 * problem for {@link OpenTsdbWriterBuilder#onProblem}.
 *
 * <p>A server that takes only short requests is found out by halving them; see
 * {@link OpenTsdbWriterBuilder#pointsPerRequest}. OpenTSDB answers when it has taken the points, shortly before HBase has
 * them.
 *
 * <p>Threads may share a writer. It logs one sentence when points begin to wait or to be dropped, and one when that is over.
 */
public final class OpenTsdbWriter implements TimeSeriesWriter {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final long LONGEST_ANSWER_BYTES = 16L << 20;
    private static final Duration END = Duration.ofSeconds(1);

    private final OpenTsdbWriterBuilder.Settings settings;
    private final Http http;
    private final PointQueue queue;
    private final BatchSize batchSize;
    private final WriterLog log;
    private final Thread thread;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final CountDownLatch abandoned = new CountDownLatch(1);

    private final AtomicLong written = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicLong sending = new AtomicLong();
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong retries = new AtomicLong();

    OpenTsdbWriter(OpenTsdbWriterBuilder.Settings settings) {
        this.settings = settings;
        this.http = new Http(settings.server(), LONGEST_ANSWER_BYTES);
        this.queue = new PointQueue(settings.mostWaiting(), settings.whenFull());
        this.batchSize = new BatchSize(settings.pointsPerRequest());
        this.log = new WriterLog(settings.server().subject());
        this.thread = new Thread(this::sendAll, "opentsdb-writer");
        thread.setDaemon(true);
    }

    /**
     * A writer that is still to be told more.
     *
     * @param url where OpenTSDB listens, such as {@code http://opentsdb:4242}; may hold user and password
     * @throws IllegalArgumentException if that is no URL
     */
    public static OpenTsdbWriterBuilder builder(String url) {
        return new OpenTsdbWriterBuilder(url);
    }

    void start() {
        thread.start();
    }

    /**
     * Takes points to write; waits only if {@link WhenFull#WAIT} is set and there is no room. A thread that is interrupted
     * meanwhile returns at once, interrupted, and what found no room is counted as dropped.
     *
     * @throws IllegalStateException if the writer is closed
     */
    @Override
    public void write(Collection<DataPoint> points) {
        if (queue.isClosed()) {
            throw new IllegalStateException("the writer is closed");
        }
        var good = new ArrayList<DataPoint>(points.size());
        var problems = new ArrayList<Problem>();
        for (DataPoint point : points) {
            Optional<Problem> problem = Points.problem(point);
            problem.ifPresentOrElse(problems::add, () -> good.add(point));
        }
        refuse(problems.size(), problems);
        drop(queue.add(good));
    }

    private void refuse(long points, List<Problem> problems) {
        if (points > 0) {
            failed.addAndGet(points);
            log.refused(points, problems.isEmpty() ? "not said" : problems.get(0));
            problems.forEach(this::tell);
        }
    }

    private void tell(Problem problem) {
        try {
            settings.onProblem().accept(problem);
        } catch (RuntimeException e) {
            log.listenerFailed(e); // the others' points have nothing to do with it
        }
    }

    private void drop(int points) {
        dropped.addAndGet(points);
        log.dropped(points, settings.mostWaiting());
    }

    private void sendAll() {
        for (List<DataPoint> batch = queue.take(batchSize.points());
                !batch.isEmpty();
                batch = queue.take(batchSize.points())) {
            sending.set(batch.size());
            send(batch);
        }
    }

    /** Until it is written, refused, or given up because the writer ends. */
    private void send(List<DataPoint> batch) {
        byte[] json = Points.gzippedJson(batch);
        for (int attempt = 1; !isAbandoned(); attempt++) {
            try {
                requests.incrementAndGet();
                note(batch, http.post("api/put?details", json, settings.timeout(), true, PutAnswer::read));
                return;
            } catch (HttpFailure e) {
                if (isTooLong(e, json, attempt)) {
                    sendHalves(batch, e);
                    return;
                }
                if (!isAbandoned()) {
                    log.failed(e.getMessage(), waiting());
                    retries.incrementAndGet();
                    pause(attempt);
                }
            }
        }
        giveUp(batch);
    }

    /** A body of many points that the server, having read or not read it, says it cannot take. */
    private static boolean isTooLong(HttpFailure e, byte[] json, int attempt) {
        return e.status() == 400
                || e.status() == 413
                || e.reason() == Reason.CUT_OFF && attempt > 1 && json.length > BatchSize.ALWAYS_TAKEN_BYTES;
    }

    private void sendHalves(List<DataPoint> batch, HttpFailure e) {
        if (batch.size() == 1) {
            DataPoint point = batch.get(0);
            settle(1);
            refuse(1, List.of(new Problem("data point of '" + point.metric() + "'", e.getMessage())));
            return;
        }
        if (e.serverSays().isEmpty()) { // with words it is about a point, without about the length
            batchSize.refused(batch.size());
        }
        int half = batch.size() / 2;
        send(batch.subList(0, half));
        send(batch.subList(half, batch.size()));
    }

    private void note(List<DataPoint> batch, PutAnswer answer) {
        long refused = Math.min(answer.failed(), batch.size());
        written.addAndGet(batch.size() - refused);
        settle(batch.size());
        refuse(refused, answer.problems());
        log.written(waiting(), settings.mostWaiting());
    }

    private void giveUp(List<DataPoint> batch) {
        dropped.addAndGet(batch.size());
        settle(batch.size());
    }

    private void settle(int points) {
        sending.addAndGet(-points);
    }

    private int waiting() {
        return queue.size() + (int) sending.get();
    }

    private boolean isAbandoned() {
        return abandoned.getCount() == 0;
    }

    /** Between half and all of a span that doubles up to the retry interval; ends early when the writer does. */
    private void pause(int attempt) {
        long span = Math.min(settings.retryInterval().toMillis(), FIRST_PAUSE.toMillis() << Math.min(attempt - 1, 20));
        long millis = span / 2 + ThreadLocalRandom.current().nextLong(span / 2 + 1);
        try {
            if (closing.getCount() > 0) {
                closing.await(millis, TimeUnit.MILLISECONDS);
            } else {
                abandoned.await(millis, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            return; // nobody but this class has the thread
        }
    }

    /** What has become of the points so far. */
    public WriterCounters counters() {
        return new WriterCounters(written.get(), failed.get(), dropped.get(), waiting(), requests.get(), retries.get());
    }

    /**
     * Writes what is waiting, for no longer than {@link OpenTsdbWriterBuilder#closeTimeout}, and ends the thread. What is
     * then still waiting is dropped, counted and logged. Does nothing the second time.
     */
    @Override
    public void close() {
        queue.close();
        closing.countDown();
        boolean interrupted = !join(settings.closeTimeout());
        long droppedBefore = dropped.get();
        abandoned.countDown();
        http.close();
        interrupted |= !join(END);
        dropped.addAndGet(queue.take(Integer.MAX_VALUE).size());
        log.closed(dropped.get() - droppedBefore);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** False if this thread was interrupted meanwhile. */
    private boolean join(Duration atMost) {
        try {
            thread.join(atMost.toMillis());
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }
}

package io.serverlesscontainers.opentsdb;

import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says once when something starts to go wrong, and once when it is over. Threads may share it. */
final class WriterLog {
    private static final Logger LOG = LoggerFactory.getLogger(OpenTsdbWriter.class);

    private final String subject;
    private boolean away;
    private long awaySince;
    private long dropped;

    WriterLog(String subject) {
        this.subject = subject;
    }

    synchronized void failed(String why, int waiting) {
        if (!away) {
            away = true;
            awaySince = System.nanoTime();
            LOG.warn("{}: {}; {} points wait and are sent again", subject, why, waiting);
        }
    }

    synchronized void dropped(int points, int most) {
        if (points > 0 && dropped == 0) {
            LOG.warn("{}: {} points wait, which is the most that may; the oldest are dropped", subject, most);
        }
        dropped += points;
    }

    /** @param waiting how many points still wait: while they are many, more may be dropped */
    synchronized void written(int waiting, int most) {
        if (away) {
            away = false;
            long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - awaySince);
            LOG.info("{}: points are written again, after {} s", subject, seconds);
        }
        if (dropped > 0 && waiting <= most / 2) {
            LOG.info("{}: no more points are dropped; {} were", subject, dropped);
            dropped = 0;
        }
    }

    void closed(long left) {
        if (left > 0) {
            LOG.warn("{}: closed while {} points were still to be written; they are dropped", subject, left);
        }
    }

    void listenerFailed(RuntimeException e) {
        LOG.error("{}: the listener for refused points failed", subject, e);
    }

    void refused(long points, Object first) {
        LOG.warn("{}: {} points of a request are refused; the first: {}", subject, points, first);
    }
}

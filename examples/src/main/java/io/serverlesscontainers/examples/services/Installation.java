package io.serverlesscontainers.examples.services;

import io.serverlesscontainers.cgroups.CgroupMetricSource;
import io.serverlesscontainers.cgroups.KernelCgroupDriver;
import io.serverlesscontainers.core.Mode;
import io.serverlesscontainers.core.lease.Lease;
import io.serverlesscontainers.core.spi.HostDrivers;
import io.serverlesscontainers.core.spi.MetricSource;
import io.serverlesscontainers.core.spi.ScalingPolicy;
import io.serverlesscontainers.core.spi.TimeSeriesWriter;
import io.serverlesscontainers.core.spi.Usages;
import io.serverlesscontainers.couchdb.CouchDbStateStore;
import io.serverlesscontainers.examples.service.HostAccess;
import io.serverlesscontainers.examples.service.StateOptions;
import io.serverlesscontainers.opentsdb.OpenTsdbMetricSource;
import io.serverlesscontainers.opentsdb.OpenTsdbWriter;
import io.serverlesscontainers.policy.StoredRulesPolicy;
import io.serverlesscontainers.store.StateStore;
import io.serverlesscontainers.store.memory.InMemoryStateStore;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the services of an installation share: its state, its time series, its hosts, its rules. Each is opened when it is
 * first asked for, and closed with this. For one thread.
 */
final class Installation implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Installation.class);
    // Whoever ends a service waits 2 seconds for all of it.
    private static final Duration LAST_POINTS = Duration.ofMillis(700);

    private final StateOptions options;
    private final HostAccess access;
    private final String member;
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private Optional<KernelCgroupDriver> here = Optional.empty();
    private Mode mode = Mode.ENFORCE;
    private StateStore store;
    private TimeSeriesWriter history;
    private HostDrivers hosts;
    private ScalingPolicy policy;

    /**
     * Nothing is opened yet.
     *
     * @param access how Container Scalers are asked
     * @param member the name of this process among those of its kind
     */
    Installation(StateOptions options, HostAccess access, String member) {
        this.options = options;
        this.access = access;
        this.member = member;
    }

    Clock clock() {
        return Clock.systemUTC();
    }

    /**
     * The same on one host alone, whose driver stays open: where no CouchDB is named the state is in memory, where no
     * OpenTSDB is named usage comes from the cgroups.
     */
    Installation onThisHost(KernelCgroupDriver driver) {
        here = Optional.of(driver);
        return this;
    }

    /** The same with a Guardian that does not act. */
    Installation deciding(Mode how) {
        mode = how;
        return this;
    }

    Mode mode() {
        return mode;
    }

    StateStore store() {
        if (store == null) {
            store = keep(
                    here.isPresent() && options.couchDb().isEmpty()
                            ? new InMemoryStateStore()
                            : CouchDbStateStore.builder(options.requireCouchDb())
                                    .build());
        }
        return store;
    }

    /** A source for one who asks: each is asked by one thread, and some remember what they told last. */
    MetricSource usage() {
        return keep(
                here.isPresent() && options.openTsdb().isEmpty()
                        ? new CgroupMetricSource(here.get())
                        : OpenTsdbMetricSource.builder(options.requireOpenTsdb())
                                .seriesPerQuery(options.openTsdbSeries())
                                .build());
    }

    /** The same, or one that knows of no usage where nobody says where it is. */
    MetricSource usageIfAny() {
        return here.isPresent() || options.openTsdb().isPresent() ? usage() : query -> Usages.none();
    }

    /** A lease of this process among those of a role; whoever takes it closes it. */
    Lease lease(String role) {
        return new Lease(store(), role, member, clock());
    }

    TimeSeriesWriter history() {
        if (history == null) {
            history = keep(OpenTsdbWriter.builder(options.requireOpenTsdb())
                    .closeTimeout(LAST_POINTS)
                    .onProblem(problem -> LOG.warn("{}", problem))
                    .open());
        }
        return history;
    }

    HostDrivers hosts() {
        if (hosts == null) {
            hosts = here.isPresent() ? HostDrivers.only(here.get()) : keep(new RemoteHosts(store(), access));
        }
        return hosts;
    }

    ScalingPolicy policy() {
        if (policy == null) {
            ExecutorService builder = Executors.newSingleThreadExecutor(work -> {
                Thread thread = new Thread(work, "rules");
                thread.setDaemon(true);
                return thread;
            });
            keep(builder::shutdownNow);
            policy = keep(StoredRulesPolicy.following(store(), builder, problem -> LOG.warn("{}", problem)));
        }
        return policy;
    }

    private <C extends AutoCloseable> C keep(C opening) {
        opened.push(opening);
        return opening;
    }

    /** Closes all that was opened, the last first. */
    @Override
    public void close() {
        for (AutoCloseable each : opened) {
            try {
                each.close();
            } catch (Exception failed) {
                LOG.warn("{} could not be closed", each, failed);
            }
        }
        opened.clear();
    }
}

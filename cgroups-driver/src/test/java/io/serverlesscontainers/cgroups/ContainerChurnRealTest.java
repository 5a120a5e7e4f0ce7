package io.serverlesscontainers.cgroups;

import static org.assertj.core.api.Assertions.assertThat;

import io.serverlesscontainers.core.spi.CgroupException;
import io.serverlesscontainers.core.spi.LimitChange;
import io.serverlesscontainers.core.spi.MissingContainerException;
import io.serverlesscontainers.core.spi.UsageQuery;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Structure;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A container that is killed, removed and made again, over and over, while one thread measures it and another scales it. */
class ContainerChurnRealTest {
    private static final int RESTARTS = 200;
    private static final long WINDOW_MILLIS = 50;

    private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(2);
    private final Queue<Throwable> surprises = new ConcurrentLinkedQueue<>();
    private final AtomicInteger windowsBegun = new AtomicInteger();
    private final AtomicInteger missed = new AtomicInteger();
    private final AtomicInteger problems = new AtomicInteger();
    private final ConcurrentSkipListSet<Integer> windowsThatScaled = new ConcurrentSkipListSet<>();

    private RealCgroups cgroups;
    private KernelCgroupDriver driver;
    private CgroupMetricSource source;
    private String container;
    private UsageQuery query;

    @BeforeEach
    void prepare() {
        cgroups = RealCgroups.require();
        driver = Cgroups.detect();
        source = new CgroupMetricSource(driver);
        container = cgroups.create();
        query = new UsageQuery(
                Structure.Subtype.CONTAINER,
                List.of(container),
                Set.of(Resource.CPU, Resource.MEMORY),
                Instant.EPOCH,
                Instant.EPOCH);
    }

    @AfterEach
    void end() {
        threads.shutdownNow();
        if (cgroups != null) {
            source.close();
            driver.close();
            cgroups.close();
        }
    }

    @Test
    void the_new_one_is_scaled_within_two_windows_and_nothing_leaks() throws Exception {
        cgroups.remove(container);
        long before = OpenDescriptors.onTestsCgroups();
        threads.scheduleAtFixedRate(this::measure, 0, WINDOW_MILLIS, TimeUnit.MILLISECONDS);
        threads.scheduleAtFixedRate(this::scale, 0, WINDOW_MILLIS, TimeUnit.MILLISECONDS);
        for (int restart = 0; restart < RESTARTS; restart++) {
            cgroups.create(container);
            cgroups.run(container, "exec sleep 1000");
            int firstWindow = windowsBegun.get() + 1;
            Awaitility.await()
                    .pollInterval(Duration.ofMillis(2))
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> windowsThatScaled.ceiling(firstWindow) != null);
            // Counted, not timed: whoever shares this machine may delay a window, but not make it miss.
            assertThat(windowsThatScaled.ceiling(firstWindow) - firstWindow)
                    .as("windows that did not scale restart %d", restart)
                    .isLessThan(2);
            assertThat(cgroups.quota(container)).isEqualTo("50000");
            assertThat(cgroups.memoryLimit(container)).isEqualTo("" + (64L << 20));
            cgroups.kill(container);
            cgroups.remove(container);
        }
        threads.shutdown();
        assertThat(threads.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
        measure();
        scale();
        assertThat(surprises).isEmpty();
        assertThat(missed.get()).as("writes while it was away").isPositive();
        assertThat(problems.get()).as("each absence is told once at most").isBetween(1, RESTARTS + 1);
        assertThat(OpenDescriptors.onTestsCgroups()).isEqualTo(before);
    }

    private void measure() {
        try {
            problems.addAndGet(source.usage(query).problems().size());
        } catch (RuntimeException surprise) {
            surprises.add(surprise);
        }
    }

    private void scale() {
        int window = windowsBegun.incrementAndGet();
        try {
            driver.apply(container, LimitChange.to(Resource.CPU, 50));
            driver.apply(container, LimitChange.to(Resource.MEMORY, 64));
            windowsThatScaled.add(window);
        } catch (MissingContainerException away) {
            missed.incrementAndGet();
        } catch (CgroupException halfThere) {
            // Its cgroups are made and removed one after the other.
            if (!halfThere.getMessage().contains("controller at work in its cgroups")) {
                surprises.add(halfThere);
            }
        } catch (RuntimeException surprise) {
            surprises.add(surprise);
        }
    }
}

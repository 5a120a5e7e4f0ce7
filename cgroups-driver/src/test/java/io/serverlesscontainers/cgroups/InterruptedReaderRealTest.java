package io.serverlesscontainers.cgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serverlesscontainers.core.spi.LimitChange;
import io.serverlesscontainers.core.spi.MissingContainerException;
import io.serverlesscontainers.core.spi.UsageQuery;
import io.serverlesscontainers.core.spi.Usages;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Structure;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Interrupting a thread closes what Java reads files with, and must not be noticed by who asks for limits and usage. */
class InterruptedReaderRealTest {
    private RealCgroups cgroups;
    private KernelCgroupDriver driver;
    private CgroupMetricSource source;
    private String container;

    @BeforeEach
    void makeACgroup() {
        cgroups = RealCgroups.require();
        driver = Cgroups.detect();
        source = new CgroupMetricSource(driver);
        container = cgroups.create();
        driver.apply(container, LimitChange.to(Resource.CPU, 50));
    }

    @AfterEach
    void removeIt() {
        // Of this thread, whatever became of the test.
        Thread.interrupted();
        if (cgroups != null) {
            source.close();
            driver.close();
            cgroups.close();
        }
    }

    @Test
    void an_interrupted_thread_gets_its_answers_and_stays_interrupted() {
        measure();
        for (int i = 0; i < 5; i++) {
            assertThat(measure().of(container, Resource.CPU)).isPresent();
        }
        long before = OpenDescriptors.onTestsCgroups();
        Thread.currentThread().interrupt();
        for (int i = 0; i < 200; i++) {
            assertThat(driver.limits(container).limit(Resource.CPU)).hasValue(50);
            assertThat(measure().of(container, Resource.CPU)).isPresent();
        }
        assertThat(Thread.interrupted()).isTrue();
        assertThat(measure().of(container, Resource.CPU)).isPresent();
        assertThat(OpenDescriptors.onTestsCgroups()).isLessThanOrEqualTo(before + 4);
    }

    @Test
    void threads_that_are_interrupted_all_the_time_get_their_answers() throws Exception {
        ExecutorService reader = Executors.newSingleThreadExecutor();
        try {
            Thread[] itself = new Thread[1];
            reader.submit(() -> itself[0] = Thread.currentThread()).get();
            Future<?> reading = reader.submit(() -> {
                for (int i = 0; i < 3_000; i++) {
                    assertThat(driver.limits(container).limit(Resource.CPU)).hasValue(50);
                    Thread.interrupted();
                }
            });
            while (!reading.isDone()) {
                itself[0].interrupt();
                Thread.onSpinWait();
            }
            reading.get();
        } finally {
            reader.shutdownNow();
        }
    }

    @Test
    void a_container_that_ended_is_missing_for_an_interrupted_thread_too() {
        for (int i = 0; i < 5; i++) {
            driver.limits(container);
        }
        cgroups.remove(container);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> driver.limits(container)).isInstanceOf(MissingContainerException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    private Usages measure() {
        return source.usage(new UsageQuery(
                Structure.Subtype.CONTAINER,
                List.of(container),
                Set.of(Resource.CPU, Resource.MEMORY),
                Instant.EPOCH,
                Instant.EPOCH));
    }
}

package io.serverlesscontainers.cgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serverlesscontainers.core.spi.LimitChange;
import io.serverlesscontainers.core.spi.UsageQuery;
import io.serverlesscontainers.core.spi.Usages;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Structure;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Far more containers than files may be open. */
class OpenFilesRealTest {
    private static final int CONTAINERS = 12;
    private static final int MOST = 5;

    private final List<String> names = new ArrayList<>();
    private RealCgroups cgroups;
    private KernelCgroupDriver driver;
    private CgroupMetricSource source;
    private long before;

    @BeforeEach
    void makeThem() {
        cgroups = RealCgroups.require();
        for (int i = 0; i < CONTAINERS; i++) {
            names.add(cgroups.create());
        }
        driver = Cgroups.builder().mostOpenFiles(MOST).build();
        source = new CgroupMetricSource(driver);
        before = OpenDescriptors.onTestsCgroups();
    }

    @AfterEach
    void removeThem() {
        if (cgroups != null) {
            source.close();
            driver.close();
            cgroups.close();
        }
    }

    @Test
    void no_more_files_are_open_than_allowed_and_everything_is_measured() {
        assertThat(measure().structures()).isEqualTo(CONTAINERS);
        for (int window = 0; window < 5; window++) {
            Usages usages = measure();
            assertThat(usages.problems()).isEmpty();
            for (String name : names) {
                assertThat(usages.of(name, Resource.CPU)).as("cpu of %s", name).isPresent();
                assertThat(usages.of(name, Resource.MEMORY))
                        .as("memory of %s", name)
                        .isPresent();
            }
            assertThat(OpenDescriptors.onTestsCgroups() - before).isEqualTo(MOST);
        }
        driver.close();
        assertThat(OpenDescriptors.onTestsCgroups()).isEqualTo(before);
    }

    @Test
    void a_cgroup_that_was_made_anew_while_its_file_was_closed_is_told_apart() {
        String restarted = names.get(0);
        measure();
        measure();
        cgroups.remove(restarted);
        cgroups.create(restarted);
        cgroups.burnCpu(restarted);
        // The new counter gets ahead of the old one, which was still 0.
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> cgroups.cpuNanoseconds(restarted) > 50_000_000);
        Usages usages = measure();
        assertThat(usages.of(restarted, Resource.CPU)).isEmpty();
        assertThat(usages.of(names.get(1), Resource.CPU)).isPresent();
        assertThat(usages.problems()).isEmpty();
        assertThat(measure().of(restarted, Resource.CPU)).isPresent();
    }

    @Test
    void threads_that_close_each_others_files_all_get_their_answers() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<Void>> all = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                int first = thread;
                Callable<Void> work = () -> {
                    for (int i = 0; i < 200; i++) {
                        String name = names.get((first + i) % CONTAINERS);
                        long shares = 100 + i;
                        driver.apply(name, LimitChange.to(Resource.CPU, shares));
                        assertThat(driver.limits(name).limit(Resource.CPU)).isPresent();
                    }
                    return null;
                };
                all.add(threads.submit(work));
            }
            for (Future<Void> one : all) {
                one.get();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(OpenDescriptors.onTestsCgroups() - before).isLessThanOrEqualTo(MOST);
    }

    @Test
    void no_file_at_all_is_refused_at_once() {
        assertThatThrownBy(() -> Cgroups.builder().mostOpenFiles(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the most open files are 0, 1 or more is needed");
    }

    private Usages measure() {
        return source.usage(new UsageQuery(
                Structure.Subtype.CONTAINER,
                names,
                Set.of(Resource.CPU, Resource.MEMORY),
                Instant.EPOCH,
                Instant.EPOCH));
    }
}

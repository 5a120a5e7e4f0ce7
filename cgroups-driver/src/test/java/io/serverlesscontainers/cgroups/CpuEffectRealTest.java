package io.serverlesscontainers.cgroups;

import static org.assertj.core.api.Assertions.assertThat;

import io.serverlesscontainers.cgroups.internal.mount.Version;
import io.serverlesscontainers.core.spi.CpuSet;
import io.serverlesscontainers.core.spi.LimitChange;
import io.serverlesscontainers.core.tck.RealThings;
import io.serverlesscontainers.store.document.Resource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What CPU limits do to processes that use all they can get. */
class CpuEffectRealTest {
    private static final double TOLERANCE = 0.05;
    private static final int ATTEMPTS = 3;
    // Long enough that a period more than its share, of 0.1 s, is within the tolerance.
    private static final Duration WINDOW = Duration.ofSeconds(3);
    // Field 39 in proc_pid_stat(5), counted from the state on, which comes after the name.
    private static final int LAST_CPU = 39 - 3;

    private RealCgroups cgroups;
    private KernelCgroupDriver driver;

    @BeforeEach
    void begin() {
        cgroups = RealCgroups.require();
        driver = Cgroups.detect();
    }

    @AfterEach
    void end() {
        if (driver != null) {
            driver.close();
            cgroups.close();
        }
    }

    @Test
    void nobody_uses_more_than_the_quota() {
        Map<String, Long> quotas = new LinkedHashMap<>();
        for (long shares : new long[] {100, 50, 20}) {
            String container = cgroups.create();
            quotas.put(container, shares);
            driver.apply(container, LimitChange.to(Resource.CPU, shares));
            cgroups.burnCpu(container);
        }
        quotas.keySet().forEach(container -> await(() -> cgroups.cpuNanoseconds(container) > 20_000_000));
        Map<String, Double> least = new LinkedHashMap<>();
        for (int attempt = 0; attempt < ATTEMPTS && !areWithin(least, quotas); attempt++) {
            measure(quotas).forEach((container, shares) -> least.merge(container, shares, Math::min));
        }
        quotas.forEach((container, shares) -> assertThat(least.get(container))
                .as("used of %d shares", shares)
                // On a busy machine nobody is owed the whole quota.
                .isBetween(shares * 0.1, shares * (1 + TOLERANCE)));
    }

    private static boolean areWithin(Map<String, Double> used, Map<String, Long> quotas) {
        return !used.isEmpty()
                && used.entrySet().stream()
                        .allMatch(each -> each.getValue() <= quotas.get(each.getKey()) * (1 + TOLERANCE));
    }

    /** Shares used by each, by the kernel's counter. */
    private Map<String, Double> measure(Map<String, Long> containers) {
        Map<String, Double> shares = new LinkedHashMap<>();
        Map<String, Long> began = new LinkedHashMap<>();
        containers.keySet().forEach(container -> {
            shares.put(container, (double) -cgroups.cpuNanoseconds(container));
            began.put(container, System.nanoTime());
        });
        long end = System.nanoTime() + WINDOW.toNanos();
        await(() -> System.nanoTime() >= end);
        containers.keySet().forEach(container -> {
            double used = shares.get(container) + cgroups.cpuNanoseconds(container);
            shares.put(container, 100 * used / (System.nanoTime() - began.get(container)));
        });
        return shares;
    }

    @Test
    void processes_run_where_they_are_pinned_and_move_when_the_pins_do() throws IOException {
        CpuSet all = driver.host().cpus();
        RealThings.require(all.size() >= 2, "two CPUs are needed");
        String container = cgroups.create();
        cgroups.burnCpu(container);
        await(() -> cgroups.cpuNanoseconds(container) > 20_000_000);
        int[] two = all.stream().limit(2).toArray();
        for (int cpu : new int[] {two[0], two[1], two[0]}) {
            driver.apply(container, LimitChange.cpu(100, CpuSet.of(cpu)));
            Optional<long[]> before = nanosecondsByCpu(container);
            long used = cgroups.cpuNanoseconds(container);
            await(() -> cgroups.cpuNanoseconds(container) > used + 100_000_000);
            assertThat(allowed(container)).isNotEmpty().containsOnly(Integer.toString(cpu));
            assertThat(lastCpus(container)).isNotEmpty().containsOnly(cpu);
            if (before.isPresent()) {
                long[] now = nanosecondsByCpu(container).orElseThrow();
                long elsewhere = 0;
                for (int other = 0; other < now.length; other++) {
                    elsewhere += other == cpu ? 0 : now[other] - before.get()[other];
                }
                // A tick may still be charged where it began.
                assertThat(elsewhere).as("ns beside CPU %d", cpu).isLessThan(20_000_000);
            }
        }
    }

    private Set<String> allowed(String container) throws IOException {
        var allowed = new TreeSet<String>();
        for (String status : ofProcesses(container, "status")) {
            allowed.add(status.replaceFirst("(?s).*Cpus_allowed_list:\\s*([0-9,-]*).*", "$1"));
        }
        return allowed;
    }

    private Set<Integer> lastCpus(String container) throws IOException {
        var cpus = new TreeSet<Integer>();
        for (String stat : ofProcesses(container, "stat")) {
            cpus.add(Integer.valueOf(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[LAST_CPU]));
        }
        return cpus;
    }

    private List<String> ofProcesses(String container, String file) throws IOException {
        var texts = new ArrayList<String>();
        for (String process : cgroups.read("cpuset", container, "cgroup.procs").split("\\s+")) {
            try {
                texts.add(Files.readString(Path.of("/proc", process, file)));
            } catch (NoSuchFileException ended) {
                // Others are left.
            }
        }
        return texts;
    }

    /** Version 2 does not tell. */
    private Optional<long[]> nanosecondsByCpu(String container) {
        return cgroups.version() == Version.V2
                ? Optional.empty()
                : Optional.of(Arrays.stream(cgroups.read("cpuacct", container, "cpuacct.usage_percpu")
                                .split("\\s+"))
                        .mapToLong(Long::parseLong)
                        .toArray());
    }

    private static void await(Callable<Boolean> condition) {
        Awaitility.await()
                .pollInterval(Duration.ofMillis(10))
                .atMost(Duration.ofSeconds(60))
                .until(condition);
    }
}

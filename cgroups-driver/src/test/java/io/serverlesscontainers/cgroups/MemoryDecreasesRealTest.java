package io.serverlesscontainers.cgroups;

import static org.assertj.core.api.Assertions.assertThat;

import io.serverlesscontainers.cgroups.internal.mount.Version;
import io.serverlesscontainers.core.spi.LimitChange;
import io.serverlesscontainers.core.spi.LimitOutcome;
import io.serverlesscontainers.core.spi.LimitOutcome.Status;
import io.serverlesscontainers.store.document.Resource;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A container at work while its memory limit is lowered at random: it lives on, and does not wait. */
class MemoryDecreasesRealTest {
    private static final long SEED = 1_896;
    private static final int DECREASES = 1_000;
    private static final int MARGIN_MIB = 8;
    private static final Duration PATIENCE = Duration.ofMillis(250);
    private static final long PLENTY_MIB = 300;
    private static final int LEAST_MIB = 40;
    private static final int MOST_MIB = 120;
    private static final int FILE_MIB = 64;

    private final Random random = new Random(SEED);
    private RealCgroups cgroups;
    private KernelCgroupDriver driver;
    private String container;
    private Path file;
    private Process process;
    private Writer to;
    private BufferedReader from;
    private int holdsMiB;

    @BeforeEach
    void startAContainer() throws IOException {
        cgroups = RealCgroups.require();
        driver = Cgroups.builder()
                .memoryMarginMiB(MARGIN_MIB)
                .memoryPatience(PATIENCE)
                .build();
        container = cgroups.create();
        // A directory for temporary files may lie in memory, where pages of files are no cache.
        file = Files.createTempFile(Path.of("").toAbsolutePath(), "sc-test-", ".sparse");
        try (var sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength((long) FILE_MIB << 20);
        }
        process = cgroups.start(container, command());
        to = process.outputWriter(StandardCharsets.US_ASCII);
        from = process.inputReader(StandardCharsets.US_ASCII);
        holdsMiB = (LEAST_MIB + MOST_MIB) / 2;
        order(holdsMiB);
        awaitDone();
        // A program that is being started pauses for reasons of its own.
        longestPause();
    }

    private List<String> command() {
        return List.of(
                // Each block of memory is the kernel's again when it is freed.
                "env",
                "MALLOC_MMAP_THRESHOLD_=131072",
                "MALLOC_ARENA_MAX=1",
                System.getProperty("java.home") + "/bin/java",
                "-Xms8m",
                "-Xmx8m",
                "-XX:MaxDirectMemorySize=512m",
                "-XX:+AlwaysPreTouch",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-cp",
                System.getProperty("java.class.path"),
                Workload.class.getName(),
                file.toString());
    }

    @AfterEach
    void removeIt() throws IOException {
        if (cgroups != null) {
            driver.close();
            cgroups.close();
        }
        if (file != null) {
            Files.delete(file);
        }
    }

    @Test
    void a_thousand_random_decreases_kill_nobody_stop_nobody_and_tell_the_truth() throws IOException {
        Map<Status, Integer> outcomes = new EnumMap<>(Status.class);
        long begin = System.nanoTime();
        Duration ownPause;
        long longestStall = 0;
        try (var own = new OwnPause()) {
            for (int i = 0; i < DECREASES; i++) {
                long stalled = stalledMicroseconds();
                driver.apply(container, LimitChange.to(Resource.MEMORY, PLENTY_MIB));
                // It changes while the driver lowers the limit and, if that was faster, right after.
                order(another());
                outcomes.merge(lower(), 1, Integer::sum);
                awaitDone();
                longestStall = Math.max(longestStall, stalledMicroseconds() - stalled);
            }
            ownPause = own.longest();
        }
        Duration pause = longestPause();
        System.out.println(DECREASES + " decreases of memory on " + cgroups.version() + " in "
                + (System.nanoTime() - begin) / 1_000_000 + " ms: " + outcomes + ", longest pause of the workload "
                + pause.toMillis() + " ms, of nobody in particular " + ownPause.toMillis() + " ms, longest stall "
                + longestStall / 1000 + " ms");

        assertThat(cgroups.kills(container)).as("processes killed").isZero();
        assertThat(process.isAlive()).isTrue();
        assertThat(outcomes).containsKeys(Status.APPLIED, Status.PARTIAL);
        if (cgroups.version() == Version.V2) {
            // In a virtual machine that is emulated any step may take long; the kernel says what memory is to blame
            // for.
            assertThat(longestStall).isLessThan(PATIENCE.toNanos() / 1000);
        } else {
            // On a busy machine everybody stands still now and then.
            assertThat(pause).isLessThan(PATIENCE.plus(ownPause));
        }
        assertThatTheLimitEndsWithinTheMarginOfTheUse();
    }

    /** For how long processes have waited for memory so far; version 1 does not tell. */
    private long stalledMicroseconds() {
        if (cgroups.version() == Version.V1) {
            return 0;
        }
        String some = cgroups.read("memory", container, "memory.pressure")
                .lines()
                .findFirst()
                .orElseThrow();
        return Long.parseLong(some.substring(some.indexOf("total=") + "total=".length()));
    }

    private int another() {
        int step = random.nextInt(MARGIN_MIB + 1) - MARGIN_MIB / 2;
        holdsMiB = Math.max(LEAST_MIB, Math.min(MOST_MIB, holdsMiB + step));
        return holdsMiB;
    }

    /** Two of three times to less than is in use. */
    private Status lower() {
        long wanted = random.nextInt(3) > 0 ? random.nextLong(1, holdsMiB) : random.nextLong(holdsMiB, PLENTY_MIB);
        LimitOutcome outcome = driver.apply(container, LimitChange.to(Resource.MEMORY, wanted));
        long reached = outcome.reached().orElseThrow();
        assertThat(cgroups.memoryLimit(container)).isEqualTo("" + (reached << 20));
        assertThat(reached).isBetween(Math.max(wanted, LEAST_MIB), PLENTY_MIB);
        assertThat(outcome.status())
                .isEqualTo(
                        reached == wanted ? Status.APPLIED : reached == PLENTY_MIB ? Status.REFUSED : Status.PARTIAL);
        assertThat(outcome.reason().isEmpty()).isEqualTo(outcome.status() == Status.APPLIED);
        return outcome.status();
    }

    private void assertThatTheLimitEndsWithinTheMarginOfTheUse() {
        // The workload fills the cache again and again; in the end it does not get ahead of the driver.
        driver.apply(container, LimitChange.to(Resource.MEMORY, PLENTY_MIB));
        LimitOutcome outcome = driver.apply(container, LimitChange.to(Resource.MEMORY, 1));
        long used = usedMiB();
        assertThat(used).isGreaterThanOrEqualTo(holdsMiB);
        assertThat(outcome.reached().orElseThrow()).isBetween(used, used + MARGIN_MIB + 2);
        assertThat(cgroups.kills(container)).isZero();
    }

    /** All that is charged but the pages of files. */
    private long usedMiB() {
        String prefix = cgroups.version() == Version.V1 ? "total_" : "";
        long files = cgroups.read("memory", container, "memory.stat")
                .lines()
                .filter(line -> line.startsWith(prefix + "active_file ") || line.startsWith(prefix + "inactive_file "))
                .mapToLong(line -> Long.parseLong(line.split(" ")[1]))
                .sum();
        return cgroups.charged(container) - files >> 20;
    }

    private void order(int mib) {
        say(Integer.toString(mib));
    }

    private void awaitDone() throws IOException {
        assertThat(from.readLine())
                .as("answer of the workload, killed: %d", cgroups.kills(container))
                .isEqualTo("holds " + holdsMiB);
    }

    private Duration longestPause() throws IOException {
        say("");
        String answer = from.readLine();
        assertThat(answer).startsWith("pause ");
        return Duration.ofNanos(1000 * Long.parseLong(answer.substring("pause ".length())));
    }

    private void say(String line) {
        try {
            to.write(line + "\n");
            to.flush();
        } catch (IOException gone) {
            throw new AssertionError("the workload has ended, killed: " + cgroups.kills(container), gone);
        }
    }

    /** How long somebody without a limit has to wait for a turn on this machine. */
    private static final class OwnPause implements AutoCloseable {
        private static final long REST = Duration.ofMillis(10).toNanos();

        private final AtomicBoolean ended = new AtomicBoolean();
        private final AtomicLong longest = new AtomicLong();
        private final Thread thread = new Thread(this::measure);

        OwnPause() {
            thread.setDaemon(true);
            thread.start();
        }

        private void measure() {
            for (long begin = System.nanoTime(); !ended.get(); begin = System.nanoTime()) {
                LockSupport.parkNanos(REST);
                longest.accumulateAndGet(System.nanoTime() - begin, Math::max);
            }
        }

        Duration longest() {
            return Duration.ofNanos(longest.get());
        }

        @Override
        public void close() {
            ended.set(true);
        }
    }
}

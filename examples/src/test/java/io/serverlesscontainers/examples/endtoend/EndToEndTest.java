package io.serverlesscontainers.examples.endtoend;

import static io.serverlesscontainers.examples.endtoend.Installation.AT_REST;
import static io.serverlesscontainers.examples.endtoend.Installation.MAX;
import static io.serverlesscontainers.examples.endtoend.Installation.MIN;
import static io.serverlesscontainers.examples.endtoend.Installation.PERIOD;
import static io.serverlesscontainers.examples.endtoend.Installation.WINDOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.serverlesscontainers.core.decision.GuardianDecision;
import io.serverlesscontainers.core.tck.RealThings;
import io.serverlesscontainers.examples.endtoend.Installation.Run;
import io.serverlesscontainers.opentsdb.fixture.RealOpenTsdb;
import io.serverlesscontainers.store.document.Problem;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * From what a container uses to its limit in the kernel, by way of a real OpenTSDB, a server like CouchDB, HTTP, and a
 * real LXC container.
 */
@Tag("long")
@Timeout(120)
class EndToEndTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration SETTLED = PERIOD.multipliedBy(4);
    private static final Duration OUTAGE = Duration.ofSeconds(10);

    private RealOpenTsdb openTsdb;
    private LoadedContainer container;
    private Installation installation;
    private LimitWatch limit;

    @BeforeEach
    void begin() throws IOException {
        RealThings.require(
                RealOpenTsdb.missing().isEmpty(), RealOpenTsdb.missing().orElse(""));
        openTsdb = RealOpenTsdb.shared();
        container = LoadedContainer.start();
        installation = new Installation(openTsdb, container.name());
        limit = new LimitWatch(container);
    }

    @AfterEach
    void leave_nothing_behind() throws IOException {
        if (container == null) {
            return;
        }
        try {
            openTsdb.resume();
            if (limit != null) {
                limit.close();
            }
            if (installation != null) {
                installation.close();
            }
        } finally {
            container.close();
        }
        assertThat(container.cgroups()).isEmpty();
        await().atMost(PATIENCE).until(() -> !container.isRunning());
    }

    @Test
    void the_limit_rises_with_the_load_settles_above_it_and_falls_when_it_is_over() throws IOException {
        container.busy();
        await("the limit rises").atMost(PATIENCE).until(() -> limit.now() > AT_REST);
        await("it settles")
                .atMost(PATIENCE)
                .until(() -> limit.unchanged().compareTo(SETTLED) > 0 && installation.isContent());
        assertThat(limit.now()).isStrictlyBetween(AT_REST, MAX);

        container.idle();
        await("the limit falls").atMost(PATIENCE).until(() -> limit.now() == AT_REST);

        installation.stop();
        assertThat(limit.limits()).allSatisfy(each -> assertThat(each).isBetween(MIN, MAX));
        assertThat(installation.decisions())
                .filteredOn(GuardianDecision::isScaling)
                .extracting(it -> it.rule().orElseThrow().name())
                .contains("CpuRescaleUp", "CpuRescaleDown");
        await("the state is what the kernel has").atMost(PATIENCE).untilAsserted(() -> {
            assertThat(installation.cpu().current()).hasValue(container.cpuLimit());
            assertThat(installation.hostCpu().free())
                    .hasValue(installation.hostCpu().max().orElseThrow() - container.cpuLimit());
        });
        assertThat(installation.requests()).isZero();
    }

    @Test
    void a_database_that_stands_still_costs_the_guardian_its_usage_but_no_window() throws IOException {
        await("there is usage").atMost(PATIENCE).until(installation::isContent);

        openTsdb.stall(OUTAGE.multipliedBy(2));
        long began = System.nanoTime();
        container.busy();
        await().atMost(PATIENCE).until(() -> System.nanoTime() - began >= OUTAGE.toNanos());
        List<Run> runs = installation.runsSince(began);
        assertThat(runs).hasSizeGreaterThan((int) (OUTAGE.dividedBy(PERIOD) * 6 / 10));
        List<Problem> first = runs.get(0).window().problems();
        assertThat(first).singleElement().asString().contains(openTsdb.url(), "did not answer in time");
        assertThat(runs).allSatisfy(run -> {
            assertThat(run.took()).isLessThan(WINDOW);
            assertThat(run.window().states()).isEmpty();
            assertThat(run.window().problems())
                    .as("told once, as it stays the same")
                    .isEqualTo(first);
        });
        assertThat(limit.limits()).as("without usage").containsExactly(AT_REST);
        openTsdb.resume();

        await("the limit rises").atMost(PATIENCE).until(() -> limit.now() > AT_REST);
        await("the usage of the outage is written")
                .atMost(PATIENCE)
                .until(() -> installation.writer().counters().waiting() == 0);
        assertThat(installation.writer().counters().dropped()).isZero();
        assertThat(installation.writer().counters().failed()).isZero();
    }
}

package io.serverlesscontainers.core.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.serverlesscontainers.core.spi.CgroupDriver;
import io.serverlesscontainers.core.spi.ContainerLimits;
import io.serverlesscontainers.core.spi.CpuSet;
import io.serverlesscontainers.core.spi.LimitChange;
import io.serverlesscontainers.core.spi.LimitOutcome;
import io.serverlesscontainers.core.spi.MissingContainerException;
import io.serverlesscontainers.store.document.Resource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link CgroupDriver} promises. An implementation's test extends this class and gives it drivers and
 * containers; limits are written to these containers only.
 */
public abstract class CgroupDriverTck {
    private static final int DRAWS = 50;
    private static final long SEED = 1_848;
    private static final int WRITERS = 4;
    private static final int WRITES_EACH = 25;
    private static final long HELD_MIB = 64;
    private static final long PLENTY_MIB = 512;

    private CgroupDriver driver;
    private String container;

    /** A driver to test; asked for more than once per test, each time for the same host. */
    protected abstract CgroupDriver createDriver();

    /** Starts a container that no other test touches, and tells its name. Its memory use is below 32 MiB. */
    protected abstract String startContainer();

    /** Makes a container vanish as if it had been stopped by hand. */
    protected abstract void stopContainer(String name);

    /**
     * Starts a container whose memory is in use and cannot be given back.
     *
     * @return empty if this test cannot have one; what it is needed for is then skipped
     */
    protected abstract Optional<MemoryHolder> startHolding(long memoryMiB);

    /** The resources to write; fewer than the driver's if, say, there is no disk to limit here. */
    protected Set<Resource> resourcesToTest() {
        return driver.resources();
    }

    /** The highest limit to write, at least 512. */
    protected long highest(Resource resource) {
        return switch (resource) {
            case CPU -> driver.host().cpuShares();
            case MEMORY -> driver.host().memoryMiB();
            default -> 10_000;
        };
    }

    /** A container whose memory is in use. */
    public interface MemoryHolder {
        /** Its name. */
        String container();

        /** How much it holds at least, in MiB. */
        long heldMiB();

        /** Whether what holds the memory is still alive. */
        boolean isAlive();
    }

    @BeforeEach
    final void startOne() {
        driver = createDriver();
        container = startContainer();
    }

    @AfterEach
    final void closeDriver() {
        driver.close();
    }

    @Test
    void theHostHasCpusAndMemory() {
        assertThat(driver.host().cpus().size()).isPositive();
        assertThat(driver.host().cpuShares())
                .isEqualTo(100L * driver.host().cpus().size());
        assertThat(driver.host().memoryMiB()).isPositive();
    }

    @Test
    void itHandlesAtLeastOneResource() {
        assertThat(driver.resources()).isNotEmpty();
    }

    @Test
    void theLimitsOfAContainerCarryItsNameAndEveryResourceThatTheDriverHandles() {
        ContainerLimits limits = driver.limits(container);
        assertThat(limits.container()).isEqualTo(container);
        assertThat(limits.limits().keySet()).isSubsetOf(driver.resources()).containsAll(resourcesToTest());
    }

    @Test
    void aWrittenLimitIsReadBack() {
        for (Resource resource : resourcesToTest()) {
            long limit = highest(resource) / 2;
            assertThat(driver.apply(container, LimitChange.to(resource, limit)))
                    .isEqualTo(LimitOutcome.applied(OptionalLong.of(limit)));
            assertThat(driver.limits(container).limit(resource))
                    .as("%s limit", resource)
                    .hasValue(limit);
        }
    }

    @Test
    void writingTheSameLimitAgainIsFine() {
        for (Resource resource : resourcesToTest()) {
            LimitChange change = LimitChange.to(resource, highest(resource) / 2);
            assertThat(driver.apply(container, change)).isEqualTo(driver.apply(container, change));
        }
    }

    @Test
    void aLiftedLimitIsNoLimit() {
        for (Resource resource : resourcesToTest()) {
            driver.apply(container, LimitChange.to(resource, highest(resource) / 2));
            assertThat(driver.apply(container, LimitChange.lift(resource)))
                    .isEqualTo(LimitOutcome.applied(OptionalLong.empty()));
            assertThat(driver.limits(container).limit(resource))
                    .as("%s limit", resource)
                    .isEmpty();
        }
    }

    @Test
    void aLimitCanGrowAgainAfterItShrank() {
        for (Resource resource : resourcesToTest()) {
            for (long limit : new long[] {highest(resource), highest(resource) / 4, highest(resource)}) {
                assertThat(driver.apply(container, LimitChange.to(resource, limit)))
                        .as("%s to %d", resource, limit)
                        .isEqualTo(LimitOutcome.applied(OptionalLong.of(limit)));
            }
        }
    }

    @Test
    void oneLimitDoesNotMoveAnother() {
        for (Resource resource : resourcesToTest()) {
            driver.apply(container, LimitChange.to(resource, highest(resource) / 2));
        }
        for (Resource resource : resourcesToTest()) {
            var expected = new EnumMap<>(driver.limits(container).limits());
            expected.put(resource, OptionalLong.of(highest(resource) / 4));
            driver.apply(container, LimitChange.to(resource, highest(resource) / 4));
            assertThat(driver.limits(container).limits()).isEqualTo(expected);
        }
    }

    @Test
    void aLimitOfOneContainerDoesNotMoveThatOfAnother() {
        String other = startContainer();
        for (Resource resource : resourcesToTest()) {
            driver.apply(other, LimitChange.to(resource, highest(resource) / 2));
            driver.apply(container, LimitChange.to(resource, highest(resource) / 4));
            assertThat(driver.limits(other).limit(resource)).hasValue(highest(resource) / 2);
        }
    }

    @Test
    void anyLimitFromOneToTheHostsCapacityIsReportedAsItIsInForce() {
        var random = new Random(SEED);
        for (Resource resource : resourcesToTest()) {
            LongStream drawn = random.longs(DRAWS, 1, highest(resource) + 1);
            LongStream.concat(LongStream.of(1, highest(resource)), drawn).forEach(limit -> {
                LimitOutcome outcome = applyTruthfully(container, resource, limit);
                if (resource != Resource.MEMORY) {
                    assertThat(outcome.status())
                            .as("%s to %d: %s", resource, limit, outcome.reason())
                            .isEqualTo(LimitOutcome.Status.APPLIED);
                }
            });
        }
    }

    @Test
    void cpusAreSetAndReadBack() {
        assumeTrue(handlesCpus(), "the driver does not handle CPU sets");
        CpuSet all = driver.host().cpus();
        CpuSet one = CpuSet.of(all.stream().min().orElseThrow());
        for (CpuSet cpus : List.of(one, all)) {
            driver.apply(container, LimitChange.cpu(50, cpus));
            assertThat(driver.limits(container).cpus()).hasValue(cpus);
            assertThat(driver.limits(container).limit(Resource.CPU)).hasValue(50);
        }
    }

    @Test
    void cpusStayAsTheyAreWhereOnlyTheQuotaIsWritten() {
        assumeTrue(handlesCpus(), "the driver does not handle CPU sets");
        CpuSet one = CpuSet.of(driver.host().cpus().stream().min().orElseThrow());
        driver.apply(container, LimitChange.cpu(50, one));
        driver.apply(container, LimitChange.to(Resource.CPU, 25));
        driver.apply(container, LimitChange.lift(Resource.CPU));
        assertThat(driver.limits(container).cpus()).hasValue(one);
    }

    private boolean handlesCpus() {
        return resourcesToTest().contains(Resource.CPU)
                && driver.limits(container).cpus().isPresent();
    }

    @Test
    void anUnknownContainerIsMissing() {
        assertMissing("there-never-was-such-a-one");
    }

    @Test
    void aContainerThatHasVanishedIsMissing() {
        for (Resource resource : resourcesToTest()) {
            driver.apply(container, LimitChange.to(resource, highest(resource) / 2));
        }
        driver.limits(container);
        stopContainer(container);
        assertMissing(container);
    }

    private void assertMissing(String name) {
        assertThatThrownBy(() -> driver.limits(name))
                .isInstanceOf(MissingContainerException.class)
                .hasMessageContaining(name);
        for (Resource resource : resourcesToTest()) {
            assertThatThrownBy(() -> driver.apply(name, LimitChange.to(resource, highest(resource) / 2)))
                    .isInstanceOf(MissingContainerException.class)
                    .hasMessageContaining(name);
        }
    }

    @Test
    void aResourceThatTheDriverDoesNotHandleIsRefused() {
        Set<Resource> unhandled = EnumSet.allOf(Resource.class);
        unhandled.removeAll(driver.resources());
        assumeTrue(!unhandled.isEmpty(), "the driver handles every resource");
        for (Resource resource : unhandled) {
            assertThatThrownBy(() -> driver.apply(container, LimitChange.to(resource, 100)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(resource.wireName());
        }
    }

    @Test
    void concurrentWritesToOneLimitEndWithOneOfThem() throws Exception {
        for (Resource resource : resourcesToTest()) {
            long lowest = highest(resource) / 2;
            var written = LongStream.range(0, WRITERS)
                    .mapToObj(writer -> OptionalLong.of(lowest + writer))
                    .toList();
            var reached = new ArrayList<OptionalLong>();
            for (LimitOutcome outcome : writeAtOnce(resource, lowest)) {
                reached.add(outcome.reached());
            }
            assertThat(reached).hasSize(WRITERS * WRITES_EACH).isSubsetOf(written);
            assertThat(driver.limits(container).limit(resource)).isIn(written);
        }
    }

    private List<LimitOutcome> writeAtOnce(Resource resource, long lowest) throws Exception {
        var start = new CyclicBarrier(WRITERS);
        var writers = new ArrayList<Callable<List<LimitOutcome>>>();
        for (int writer = 0; writer < WRITERS; writer++) {
            LimitChange change = LimitChange.to(resource, lowest + writer);
            writers.add(() -> {
                start.await();
                var outcomes = new ArrayList<LimitOutcome>();
                for (int write = 0; write < WRITES_EACH; write++) {
                    outcomes.add(driver.apply(container, change));
                }
                return outcomes;
            });
        }
        var threads = Executors.newFixedThreadPool(WRITERS);
        try {
            var outcomes = new ArrayList<LimitOutcome>();
            for (Future<List<LimitOutcome>> writer : threads.invokeAll(writers)) {
                outcomes.addAll(writer.get());
            }
            return outcomes;
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void closingTheDriverLeavesTheLimitsAsTheyAre() {
        for (Resource resource : resourcesToTest()) {
            driver.apply(container, LimitChange.to(resource, highest(resource) / 2));
        }
        ContainerLimits left = driver.limits(container);
        driver.close();
        driver = createDriver();
        assertThat(driver.limits(container)).isEqualTo(left);
    }

    @Test
    void memoryInUseIsNeverTakenAway() {
        MemoryHolder holder = startHolding();
        driver.apply(holder.container(), LimitChange.to(Resource.MEMORY, PLENTY_MIB));
        for (long wanted : new long[] {HELD_MIB / 2, 1, HELD_MIB - 1}) {
            LimitOutcome outcome = applyTruthfully(holder.container(), Resource.MEMORY, wanted);
            assertThat(outcome.status()).isNotEqualTo(LimitOutcome.Status.APPLIED);
            assertThat(outcome.reached().orElseThrow()).isGreaterThanOrEqualTo(holder.heldMiB());
            assertThat(holder.isAlive()).as("still alive").isTrue();
        }
    }

    @Test
    void memoryInUseIsNotTakenAwayWhereThereWasNoLimitEither() {
        MemoryHolder holder = startHolding();
        driver.apply(holder.container(), LimitChange.lift(Resource.MEMORY));
        LimitOutcome outcome = applyTruthfully(holder.container(), Resource.MEMORY, HELD_MIB / 2);
        assertThat(outcome.status()).isNotEqualTo(LimitOutcome.Status.APPLIED);
        assertThat(holder.isAlive()).as("still alive").isTrue();
    }

    @Test
    void memoryThatIsNotInUseCanBeTakenAway() {
        MemoryHolder holder = startHolding();
        driver.apply(holder.container(), LimitChange.to(Resource.MEMORY, PLENTY_MIB));
        long wanted = (PLENTY_MIB + HELD_MIB) / 2;
        assertThat(driver.apply(holder.container(), LimitChange.to(Resource.MEMORY, wanted)))
                .isEqualTo(LimitOutcome.applied(OptionalLong.of(wanted)));
        assertThat(holder.isAlive()).as("still alive").isTrue();
    }

    @Test
    void memoryCanGrowAfterItCouldNotShrink() {
        MemoryHolder holder = startHolding();
        driver.apply(holder.container(), LimitChange.to(Resource.MEMORY, PLENTY_MIB));
        applyTruthfully(holder.container(), Resource.MEMORY, HELD_MIB / 2);
        assertThat(driver.apply(holder.container(), LimitChange.to(Resource.MEMORY, PLENTY_MIB)))
                .isEqualTo(LimitOutcome.applied(OptionalLong.of(PLENTY_MIB)));
    }

    private MemoryHolder startHolding() {
        assumeTrue(resourcesToTest().contains(Resource.MEMORY), "the driver does not handle memory");
        Optional<MemoryHolder> holder = startHolding(HELD_MIB);
        assumeTrue(holder.isPresent(), "there is no container that holds memory");
        return holder.orElseThrow();
    }

    /** Writes a limit, and checks that the outcome tells the truth about what is in force then. */
    private LimitOutcome applyTruthfully(String name, Resource resource, long wanted) {
        OptionalLong old = driver.limits(name).limit(resource);
        LimitOutcome outcome = driver.apply(name, LimitChange.to(resource, wanted));
        OptionalLong inForce = driver.limits(name).limit(resource);
        assertThat(outcome.reached()).as("%s reached", resource).isEqualTo(inForce);
        switch (outcome.status()) {
            case APPLIED -> {
                assertThat(inForce).hasValue(wanted);
                assertThat(outcome.reason()).isEmpty();
            }
            case PARTIAL -> {
                assertThat(inForce.orElseThrow()).isGreaterThan(wanted).isLessThan(old.orElse(Long.MAX_VALUE));
                assertThat(outcome.reason()).isNotBlank();
            }
            case REFUSED -> {
                assertThat(inForce).isEqualTo(old);
                assertThat(outcome.reason()).isNotBlank();
            }
        }
        return outcome;
    }
}

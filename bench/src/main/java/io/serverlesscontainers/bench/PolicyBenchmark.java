package io.serverlesscontainers.bench;

import io.serverlesscontainers.core.spi.EventTally;
import io.serverlesscontainers.core.spi.ResourceState;
import io.serverlesscontainers.core.spi.ScalingPolicy;
import io.serverlesscontainers.core.spi.ScalingPolicy.Firings;
import io.serverlesscontainers.policy.DroolsScalingPolicy;
import io.serverlesscontainers.policy.StockRules;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * What one window of decisions costs, by policy and by the number of resource states in the window. The column
 * {@code :facts} is facts per second: states where events are detected, tallies where requests are decided, and states
 * for the whole window.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsAppend = "-XX:+UseParallelGC") // a batch job: throughput, not pauses
public class PolicyBenchmark {

    /** The policies side by side. */
    public enum Engine {
        /** {@code serverless.drl} as compiled at build time. */
        DRL {
            @Override
            ScalingPolicy policy() {
                return DroolsScalingPolicy.serverless();
            }
        },
        /** The same without the decision cache. */
        DRL_UNCACHED {
            @Override
            ScalingPolicy policy() {
                return DroolsScalingPolicy.serverless().uncached();
            }
        },
        /** The stock rule documents. */
        DOCUMENTS {
            @Override
            ScalingPolicy policy() {
                return documents();
            }
        },
        /** The same without the decision cache. */
        DOCUMENTS_UNCACHED {
            @Override
            ScalingPolicy policy() {
                return documents().uncached();
            }
        },
        /** No rule engine. */
        JAVA {
            @Override
            ScalingPolicy policy() {
                return new StraightLinePolicy();
            }
        };

        abstract ScalingPolicy policy();

        private static DroolsScalingPolicy documents() {
            return DroolsScalingPolicy.ofDocuments(StockRules.documents(), problem -> {
                throw new IllegalStateException(problem.toString());
            });
        }
    }

    /** One policy and one window of facts for it. */
    @State(Scope.Benchmark)
    public static class Window {
        /** Which policy decides. */
        @Param({"DRL", "DRL_UNCACHED", "DOCUMENTS", "DOCUMENTS_UNCACHED", "JAVA"})
        public Engine engine;

        /** Resource states in the window. */
        @Param({"1", "100", "10000"})
        public int states;

        private ScalingPolicy policy;
        private List<ResourceState> facts;
        private List<EventTally> tallies;

        /** Makes the policy and the facts, the same ones for each policy. */
        @Setup
        public void prepare() {
            policy = engine.policy();
            facts = SyntheticWindow.states(states);
            tallies = SyntheticWindow.tallies(facts);
        }

        /** Frees the policy. */
        @TearDown
        public void close() throws Exception {
            policy.close();
        }
    }

    /** Counts facts, so that the score can be read per fact. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    public static class Count {
        /** Facts decided. */
        public long facts;
    }

    /** All states through the event rules. */
    @Benchmark
    public void detectEvents(Window window, Count count, Blackhole sink) {
        window.policy.detectEvents(window.facts, into(sink));
        count.facts += window.facts.size();
    }

    /** The tallies of those states that have live events through the request rules. */
    @Benchmark
    public void decideRequests(Window window, Count count, Blackhole sink) {
        window.policy.decideRequests(window.tallies, into(sink));
        count.facts += window.tallies.size();
    }

    /** Both, as in a window of the Guardian. */
    @Benchmark
    public void wholeWindow(Window window, Count count, Blackhole sink) {
        window.policy.detectEvents(window.facts, into(sink));
        window.policy.decideRequests(window.tallies, into(sink));
        count.facts += window.facts.size();
    }

    private static <F, R> Firings<F, R> into(Blackhole sink) {
        return (fact, rule) -> {
            sink.consume(fact);
            sink.consume(rule);
        };
    }
}

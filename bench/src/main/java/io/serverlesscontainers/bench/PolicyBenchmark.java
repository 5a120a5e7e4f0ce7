package io.serverlesscontainers.bench;

import io.serverlesscontainers.core.spi.EventTally;
import io.serverlesscontainers.core.spi.ResourceState;
import io.serverlesscontainers.core.spi.ScalingPolicy;
import io.serverlesscontainers.core.spi.ScalingPolicy.Firings;
import io.serverlesscontainers.policy.DroolsScalingPolicy;
import io.serverlesscontainers.policy.StockRules;
import io.serverlesscontainers.store.document.Rule;
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

    /** The rules. */
    public enum RuleSet {
        /** {@code serverless.drl} as compiled at build time. */
        STOCK_DRL,
        /** The stock rule documents. */
        STOCK,
        /** 20 documents of a user, four for each resource. */
        USER_20,
        /** 50 documents of a user, ten for each resource. */
        USER_50;

        private DroolsScalingPolicy policy() {
            return this == STOCK_DRL
                    ? DroolsScalingPolicy.serverless()
                    : DroolsScalingPolicy.ofDocuments(documents(), problem -> {
                        throw new IllegalStateException(problem.toString());
                    });
        }

        private List<Rule> documents() {
            return switch (this) {
                case STOCK_DRL, STOCK -> StockRules.documents();
                case USER_20 -> UserRules.documents(20);
                case USER_50 -> UserRules.documents(50);
            };
        }
    }

    /** Who decides. */
    public enum Engine {
        /** The decision cache in front of the rule engine. */
        CACHE {
            @Override
            ScalingPolicy policy(RuleSet rules) {
                return rules.policy();
            }
        },
        /** The rule engine alone, a session for each thousand facts. */
        RULE_ENGINE {
            @Override
            ScalingPolicy policy(RuleSet rules) {
                return rules.policy().uncached();
            }
        },
        /** The rule engine alone, a session for each fact. */
        SESSION_PER_FACT {
            @Override
            ScalingPolicy policy(RuleSet rules) {
                return new FactByFactPolicy(rules.policy().uncached());
            }
        },
        /** A walk over the JSON logic of every document for every fact. */
        INTERPRETER {
            @Override
            ScalingPolicy policy(RuleSet rules) {
                return new InterpretingPolicy(rules.documents());
            }
        },
        /** The stock policy as a loop, whatever the rules: the measure of the others. */
        JAVA {
            @Override
            ScalingPolicy policy(RuleSet rules) {
                return new StraightLinePolicy();
            }
        };

        abstract ScalingPolicy policy(RuleSet rules);
    }

    /** One policy and one window of facts for it. */
    @State(Scope.Benchmark)
    public static class Window {
        /** Which rules. */
        @Param({"STOCK_DRL", "STOCK", "USER_20", "USER_50"})
        public RuleSet rules;

        /** Who decides. */
        @Param({"CACHE", "RULE_ENGINE", "SESSION_PER_FACT", "INTERPRETER", "JAVA"})
        public Engine engine;

        /** Resource states in the window. */
        @Param({"1", "1000", "10000", "100000"})
        public int states;

        private ScalingPolicy policy;
        private List<ResourceState> facts;
        private List<EventTally> tallies;

        /** Makes the policy and the facts, the same ones for each policy. */
        @Setup
        public void prepare() {
            policy = engine.policy(rules);
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

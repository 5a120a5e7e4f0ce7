package io.serverlesscontainers.bench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serverlesscontainers.core.spi.EventTally;
import io.serverlesscontainers.core.spi.ResourceState;
import io.serverlesscontainers.core.spi.ScalingPolicy;
import io.serverlesscontainers.policy.Reload;
import io.serverlesscontainers.policy.ReloadablePolicy;
import io.serverlesscontainers.policy.StockRules;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.document.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
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
 * What it costs to replace one rule of many, and what a window notices of it. The rules are the active stock documents,
 * copied under other names until there are enough.
 */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
public class ReloadBenchmark {

    /** A policy, and documents to replace its own. */
    @State(Scope.Benchmark)
    public static class Rules {
        /** How many rules there are. */
        @Param({"20", "50"})
        public int rules;

        private ReloadablePolicy policy;
        private List<Rule> first;
        private List<Rule> otherNumber;
        private List<Rule> otherCondition;
        private long replacements;

        /** Makes the policy and the documents. */
        @Setup
        public void prepare() {
            first = documents(">=", 0);
            otherNumber = documents(">=", 1);
            otherCondition = documents(">", 0);
            policy = ReloadablePolicy.ofDocuments(first, problem -> {
                throw new IllegalStateException(problem.toString());
            });
        }

        /** The documents; the first one also asks for some usage. */
        private List<Rule> documents(String comparison, int usage) {
            List<Rule> stock =
                    StockRules.documents().stream().filter(Rule::isActive).toList();
            var documents = new ArrayList<Rule>();
            for (int i = 0; i < rules; i++) {
                ObjectNode copy = stock.get(i % stock.size()).toJson();
                if (i == 0) {
                    ArrayNode operands = copy.withArray("/rule/and").addObject().putArray(comparison);
                    operands.addObject().put("var", "cpu.structure.cpu.usage");
                    operands.add(usage);
                }
                documents.add(DocumentKind.RULES.read(
                        copy.put("name", copy.get("name").asText() + " " + i)));
            }
            return documents;
        }

        private Reload replace(List<Rule> other, int rebuilt) {
            Reload reload = policy.replace(replacements++ % 2 == 0 ? other : first);
            if (reload.groupsRebuilt() != rebuilt || !reload.refused().isEmpty()) {
                throw new IllegalStateException("not what is to be measured: " + reload);
            }
            return reload;
        }
    }

    /** The facts of a window. */
    @State(Scope.Benchmark)
    public static class Window {
        private List<ResourceState> states;
        private List<EventTally> tallies;

        /** Makes the facts. */
        @Setup
        public void prepare() {
            states = SyntheticWindow.states(10_000);
            tallies = SyntheticWindow.tallies(states);
        }

        private void decide(ScalingPolicy policy, Blackhole sink) {
            policy.detectEvents(states, (state, rule) -> sink.consume(rule));
            policy.decideRequests(tallies, (tally, rule) -> sink.consume(rule));
        }
    }

    /** A thread that replaces one condition after the other. */
    @State(Scope.Benchmark)
    public static class Replacing {
        private Thread thread;

        /** Starts the thread. */
        @Setup(Level.Iteration)
        public void start(Rules rules) {
            thread = new Thread(() -> {
                while (!Thread.currentThread().isInterrupted()) {
                    rules.replace(rules.otherCondition, 1);
                }
            });
            thread.start();
        }

        /** Ends it. */
        @TearDown(Level.Iteration)
        public void stop() throws InterruptedException {
            thread.interrupt();
            thread.join();
        }
    }

    /** One rule with another condition: its group is compiled. */
    @Benchmark
    public Reload changedCondition(Rules rules) {
        return rules.replace(rules.otherCondition, 1);
    }

    /** One rule with another number in its condition: nothing is compiled. */
    @Benchmark
    public Reload changedNumber(Rules rules) {
        return rules.replace(rules.otherNumber, 0);
    }

    /** A window of 10,000 states while nothing else happens. */
    @Benchmark
    public void window(Rules rules, Window window, Blackhole sink) {
        window.decide(rules.policy, sink);
    }

    /** The same while another thread does nothing but replace; the longest one is what counts. */
    @Benchmark
    public void windowWhileReplacing(Rules rules, Replacing replacing, Window window, Blackhole sink) {
        window.decide(rules.policy, sink);
    }
}

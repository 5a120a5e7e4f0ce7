package io.serverlesscontainers.policy;

import static io.serverlesscontainers.policy.Documents.eventRule;
import static io.serverlesscontainers.policy.Documents.inactive;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serverlesscontainers.core.spi.ResourceState;
import io.serverlesscontainers.store.StateStore;
import io.serverlesscontainers.store.StateStoreException;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.document.Problem;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Rule;
import io.serverlesscontainers.store.memory.InMemoryStateStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A policy follows its store: when it reads, and what it does when it cannot. */
class StoredRulesPolicyTest {
    private static final ResourceState CPU = Windows.bottleneck("c", Resource.CPU);

    private final InMemoryStateStore memory = new InMemoryStateStore();
    private final StateStore store = watched(memory);
    private final Queue<Runnable> background = new ArrayDeque<>();
    private final List<Problem> problems = new CopyOnWriteArrayList<>();
    private int readings;
    private boolean isOutOfReach;
    private Runnable duringNextReading = () -> {};

    @Test
    void it_begins_with_what_the_store_holds() {
        add(rule(1));
        StoredRulesPolicy policy = following();
        assertThat(fired(policy)).containsExactly(1);
        assertThat(policy.resources()).containsExactly(Resource.CPU);
        assertThat(background).isEmpty();
    }

    @Test
    void a_change_comes_into_force_with_the_window_after_it_was_built() {
        add(rule(1));
        StoredRulesPolicy policy = following();
        change(rule(2));
        assertThat(fired(policy)).containsExactly(1);
        runBackground();
        assertThat(fired(policy)).containsExactly(2);
        change(inactive(rule(2)));
        runBackground();
        assertThat(fired(policy)).isEmpty();
        add(eventRule("new", Resource.CPU, "true", 7));
        change(rule(3));
        runBackground();
        assertThat(fired(policy)).containsExactlyInAnyOrder(3, 7);
        memory.delete(
                DocumentKind.RULES,
                "new",
                memory.find(DocumentKind.RULES, "new").orElseThrow().revision());
        runBackground();
        assertThat(fired(policy)).containsExactly(3);
        assertThat(problems).isEmpty();
    }

    @Test
    void many_changes_are_read_at_once() {
        add(rule(1));
        StoredRulesPolicy policy = following();
        for (int version = 2; version <= 100; version++) {
            change(rule(version));
        }
        assertThat(background).hasSize(1);
        runBackground();
        assertThat(readings).isEqualTo(2);
        assertThat(fired(policy)).containsExactly(100);
    }

    @Test
    void changes_during_a_reading_cause_one_more() {
        add(rule(1));
        duringNextReading = () -> change(rule(2));
        StoredRulesPolicy policy = following();
        duringNextReading = () -> {
            change(rule(3));
            change(rule(4));
        };
        runBackground();
        assertThat(readings).isEqualTo(3);
        assertThat(fired(policy)).containsExactly(4);
    }

    @Test
    void a_bad_document_is_told_once_and_its_last_good_version_stays() {
        add(rule(1));
        StoredRulesPolicy policy = following();
        change(eventRule("rule", Resource.CPU, "{'frobnicate':[1]}", 2));
        runBackground();
        assertThat(problems).hasSize(1);
        assertThat(problems.get(0).sentence()).endsWith("; the last good version stays in force");
        add(eventRule("new", Resource.CPU, "true", 7));
        runBackground();
        assertThat(problems).hasSize(1);
        assertThat(fired(policy)).containsExactlyInAnyOrder(1, 7);
        change(rule(3));
        runBackground();
        change(eventRule("rule", Resource.CPU, "{'frobnicate':[1]}", 4));
        runBackground();
        assertThat(problems).hasSize(2);
        assertThat(fired(policy)).containsExactlyInAnyOrder(3, 7);
    }

    @Test
    void a_store_out_of_reach_leaves_the_rules_as_they_are_until_a_window_finds_it_back() {
        add(rule(1));
        StoredRulesPolicy policy = following();
        isOutOfReach = true;
        change(rule(2));
        runBackground();
        for (int window = 0; window < 3; window++) {
            assertThat(fired(policy)).containsExactly(1);
            assertThat(background).hasSize(1);
            runBackground();
        }
        assertThat(readings).isEqualTo(5);
        assertThat(problems)
                .extracting(Problem::toString)
                .containsExactly(
                        "rules: cannot be read again, the last good ones stay in force: no route to the store");
        isOutOfReach = false;
        assertThat(fired(policy)).containsExactly(1);
        runBackground();
        assertThat(fired(policy)).containsExactly(2);
        assertThat(background).isEmpty();
        isOutOfReach = true;
        change(rule(3));
        runBackground();
        assertThat(problems).hasSize(2);
    }

    @Test
    void windows_do_not_pile_up_attempts() {
        add(rule(1));
        StoredRulesPolicy policy = following();
        isOutOfReach = true;
        change(rule(2));
        runBackground();
        for (int window = 0; window < 10; window++) {
            fired(policy);
        }
        assertThat(background).hasSize(1);
    }

    @Test
    void a_store_out_of_reach_at_the_start_is_the_callers_matter() {
        isOutOfReach = true;
        assertThatThrownBy(this::following)
                .isInstanceOf(StateStoreException.class)
                .hasMessage("no route to the store");
        add(rule(1));
        assertThat(background).isEmpty();
    }

    @Test
    void an_executor_that_takes_no_work_is_a_problem_until_it_does() {
        add(rule(1));
        var open = new boolean[1];
        StoredRulesPolicy policy = StoredRulesPolicy.following(
                store,
                task -> {
                    if (!open[0]) {
                        throw new RejectedExecutionException("full");
                    }
                    task.run();
                },
                problems::add);
        change(rule(2));
        change(rule(3));
        assertThat(fired(policy)).containsExactly(1);
        assertThat(problems)
                .extracting(Problem::toString)
                .containsExactly("rules: cannot be read again, as the executor takes no work, the last good ones stay"
                        + " in force: full");
        open[0] = true;
        assertThat(fired(policy)).containsExactly(3);
    }

    @Test
    void what_the_receiver_of_problems_throws_does_not_end_the_following() {
        add(rule(1));
        StoredRulesPolicy policy = StoredRulesPolicy.following(store, background::add, problem -> {
            throw new IllegalStateException("no more");
        });
        change(eventRule("rule", Resource.CPU, "{'frobnicate':[1]}", 2));
        assertThatThrownBy(this::runBackground).hasMessage("no more");
        change(rule(3));
        runBackground();
        assertThat(fired(policy)).containsExactly(3);
    }

    @Test
    void after_close_the_rules_stay_and_the_store_is_left_alone() {
        add(rule(1));
        StoredRulesPolicy policy = following();
        change(rule(2));
        policy.close();
        change(rule(3));
        assertThat(background).hasSize(1);
        runBackground();
        assertThat(readings).isEqualTo(1);
        assertThat(fired(policy)).containsExactly(1);
        policy.close();
    }

    @Test
    void the_last_of_many_changes_by_many_threads_is_in_force_at_the_end() throws Exception {
        int writers = 4;
        for (int writer = 0; writer < writers; writer++) {
            add(eventRule("rule " + writer, Resource.CPU, "true", 1));
        }
        var readers = Executors.newFixedThreadPool(2);
        var writing = Executors.newFixedThreadPool(writers);
        try (StoredRulesPolicy policy = StoredRulesPolicy.following(memory, readers, problems::add)) {
            for (int writer = 0; writer < writers; writer++) {
                String name = "rule " + writer;
                int last = 300 + writer;
                writing.execute(() -> {
                    for (int version = 2; version <= last; version++) {
                        Rule next = eventRule(name, Resource.CPU, version % 2 == 0 ? "true" : "{'<':[0,1]}", version);
                        memory.change(DocumentKind.RULES, name, now -> next);
                    }
                });
            }
            writing.shutdown();
            assertThat(writing.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
            // Each reading that is still to come is waiting in the pool, or is put there by one that is.
            while (!fired(policy).equals(List.of(300, 301, 302, 303))) {
                assertThat(readers.submit(() -> true).get(1, TimeUnit.MINUTES)).isTrue();
            }
            assertThat(problems).isEmpty();
        } finally {
            writing.shutdownNow();
            readers.shutdownNow();
        }
    }

    private StoredRulesPolicy following() {
        return StoredRulesPolicy.following(store, background::add, problems::add);
    }

    private static Rule rule(int version) {
        return eventRule("rule", Resource.CPU, "true", version);
    }

    private void add(Rule rule) {
        memory.create(DocumentKind.RULES, rule);
    }

    private void change(Rule rule) {
        memory.change(DocumentKind.RULES, rule.name(), now -> rule);
    }

    private void runBackground() {
        while (!background.isEmpty()) {
            background.remove().run();
        }
    }

    private static List<Integer> fired(StoredRulesPolicy policy) {
        var fired = new ArrayList<Integer>();
        policy.detectEvents(
                List.of(CPU), (state, rule) -> fired.add(rule.scale().up()));
        fired.sort(null);
        return fired;
    }

    /** The store, with its readings of all documents counted, and failing on demand. */
    private StateStore watched(StateStore real) {
        return (StateStore) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {StateStore.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("findAll")) {
                        readings++;
                        if (isOutOfReach) {
                            throw new StateStoreException("no route to the store");
                        }
                    }
                    try {
                        Object answer = method.invoke(real, arguments);
                        if (method.getName().equals("findAll")) {
                            Runnable now = duringNextReading;
                            duringNextReading = () -> {};
                            now.run();
                        }
                        return answer;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}

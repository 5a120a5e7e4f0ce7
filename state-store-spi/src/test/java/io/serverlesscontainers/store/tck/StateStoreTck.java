package io.serverlesscontainers.store.tck;

import static io.serverlesscontainers.store.document.DocumentKind.LIMITS;
import static io.serverlesscontainers.store.document.DocumentKind.RULES;
import static io.serverlesscontainers.store.document.DocumentKind.SERVICES;
import static io.serverlesscontainers.store.document.DocumentKind.STRUCTURES;
import static io.serverlesscontainers.store.document.DocumentKind.USERS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.IntNode;
import io.serverlesscontainers.store.Change;
import io.serverlesscontainers.store.ConflictException;
import io.serverlesscontainers.store.MissingDocumentException;
import io.serverlesscontainers.store.Revisioned;
import io.serverlesscontainers.store.StateStore;
import io.serverlesscontainers.store.StateStoreException;
import io.serverlesscontainers.store.Stored;
import io.serverlesscontainers.store.Subscription;
import io.serverlesscontainers.store.Write;
import io.serverlesscontainers.store.WriteOutcome;
import io.serverlesscontainers.store.document.Boundary;
import io.serverlesscontainers.store.document.Document;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.document.Limits;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.ResourceLimits;
import io.serverlesscontainers.store.document.ScaleEvents;
import io.serverlesscontainers.store.document.ScalingEvent;
import io.serverlesscontainers.store.document.ScalingRequest;
import io.serverlesscontainers.store.document.ServiceDocument;
import io.serverlesscontainers.store.document.Structure;
import io.serverlesscontainers.store.document.StructureResource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The contract of {@link StateStore}, one sentence a test. An implementation proves itself by a subclass that opens its
 * store:
 *
 * <pre>{@code
 * class MyStoreTest extends StateStoreTck {
 *     @Override
 *     protected StateStore open() {
 *         return new MyStore(…);
 *     }
 * }
 * }</pre>
 *
 * <p>Needed beside this class: JUnit 5 (jupiter), AssertJ and Awaitility. Only the interface is used, changes are waited
 * for, and no test needs more than a few thousand documents, so that stores at the other end of a wire can be tested.
 */
public abstract class StateStoreTck {
    private static final int THREADS = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Instant NOW = Instant.ofEpochSecond(1_763_769_600);

    private StateStore store;

    /** Opens an empty store, which is closed after the test. */
    protected abstract StateStore open();

    @BeforeEach
    void openStore() {
        store = open();
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    // One document

    @Test
    void a_document_that_was_created_is_found_with_the_revision_that_create_returned() {
        Revisioned<Structure> created = store.create(STRUCTURES, container("cont0"));

        assertThat(created.document()).isEqualTo(container("cont0"));
        assertThat(store.find(STRUCTURES, "cont0")).contains(created);
    }

    @Test
    void a_document_that_was_never_written_is_not_found() {
        store.create(STRUCTURES, container("cont0"));

        assertThat(store.find(STRUCTURES, "cont1")).isEmpty();
        assertThat(store.find(LIMITS, "cont0")).isEmpty();
        assertThat(store.find(USERS, "cont0")).isEmpty();
    }

    @Test
    void a_name_can_be_created_once() {
        Revisioned<ServiceDocument> first = store.create(SERVICES, counter("guardian", 1));

        assertThatThrownBy(() -> store.create(SERVICES, counter("guardian", 2)))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("guardian");
        assertThat(store.find(SERVICES, "guardian")).contains(first);
    }

    @Test
    void a_replaced_document_has_another_revision() {
        Revisioned<ServiceDocument> first = store.create(SERVICES, counter("guardian", 1));
        Revisioned<ServiceDocument> second = store.replace(SERVICES, counter("guardian", 2), first.revision());
        Revisioned<ServiceDocument> third = store.replace(SERVICES, counter("guardian", 1), second.revision());

        assertThat(List.of(first.revision(), second.revision(), third.revision()))
                .doesNotHaveDuplicates();
        assertThat(store.find(SERVICES, "guardian")).contains(third);
        assertThat(count(third)).isEqualTo(1);
    }

    @Test
    void a_document_of_another_revision_is_not_replaced() {
        Revisioned<ServiceDocument> first = store.create(SERVICES, counter("guardian", 1));
        Revisioned<ServiceDocument> second = store.replace(SERVICES, counter("guardian", 2), first.revision());

        assertThatThrownBy(() -> store.replace(SERVICES, counter("guardian", 3), first.revision()))
                .isInstanceOf(ConflictException.class);
        assertThat(store.find(SERVICES, "guardian")).contains(second);
    }

    @Test
    void a_document_that_is_gone_is_not_replaced() {
        Revisioned<ServiceDocument> first = store.create(SERVICES, counter("guardian", 1));
        store.delete(SERVICES, "guardian", first.revision());

        assertThatThrownBy(() -> store.replace(SERVICES, counter("guardian", 2), first.revision()))
                .isInstanceOf(ConflictException.class);
        assertThat(store.find(SERVICES, "guardian")).isEmpty();
    }

    @Test
    void a_deleted_document_is_gone() {
        Revisioned<ServiceDocument> first = store.create(SERVICES, counter("guardian", 1));
        store.create(SERVICES, counter("scaler", 1));

        store.delete(SERVICES, "guardian", first.revision());

        assertThat(store.find(SERVICES, "guardian")).isEmpty();
        assertThat(names(store.findAll(SERVICES))).containsExactly("scaler");
    }

    @Test
    void a_document_of_another_revision_is_not_deleted() {
        Revisioned<ServiceDocument> first = store.create(SERVICES, counter("guardian", 1));
        Revisioned<ServiceDocument> second = store.replace(SERVICES, counter("guardian", 2), first.revision());

        assertThatThrownBy(() -> store.delete(SERVICES, "guardian", first.revision()))
                .isInstanceOf(ConflictException.class);
        assertThat(store.find(SERVICES, "guardian")).contains(second);
    }

    @Test
    void a_document_that_is_gone_is_not_deleted_again() {
        Revisioned<ServiceDocument> first = store.create(SERVICES, counter("guardian", 1));
        store.delete(SERVICES, "guardian", first.revision());

        assertThatThrownBy(() -> store.delete(SERVICES, "guardian", first.revision()))
                .isInstanceOf(ConflictException.class);
    }

    @Test
    void a_deleted_name_can_be_created_again_and_its_old_revisions_stay_stale() {
        Revisioned<ServiceDocument> first = store.create(SERVICES, counter("guardian", 1));
        store.delete(SERVICES, "guardian", first.revision());
        Revisioned<ServiceDocument> again = store.create(SERVICES, counter("guardian", 1));

        assertThatThrownBy(() -> store.replace(SERVICES, counter("guardian", 2), first.revision()))
                .isInstanceOf(ConflictException.class);
        assertThat(store.find(SERVICES, "guardian")).contains(again);
    }

    @Test
    void all_documents_of_a_kind_are_found_and_none_of_another() {
        store.create(STRUCTURES, container("cont0"));
        store.create(STRUCTURES, container("cont1"));
        store.create(USERS, Structure.of("anna", Structure.Subtype.USER));
        store.create(LIMITS, limits("cont0"));

        assertThat(names(store.findAll(STRUCTURES))).containsExactlyInAnyOrder("cont0", "cont1");
        assertThat(names(store.findAll(USERS))).containsExactly("anna");
        assertThat(names(store.findAll(LIMITS))).containsExactly("cont0");
        assertThat(store.findAll(RULES)).isEmpty();
    }

    @Test
    void what_was_returned_does_not_change_afterwards() {
        Revisioned<Structure> created = store.create(STRUCTURES, container("cont0"));
        List<Revisioned<Structure>> all = store.findAll(STRUCTURES);

        store.change(STRUCTURES, "cont0", it -> it.withGuard(true));
        store.create(STRUCTURES, container("cont1"));

        assertThat(created.document().isGuarded()).isFalse();
        assertThat(all).containsExactly(created);
    }

    @Test
    void a_document_of_every_kind_is_read_as_it_was_written() {
        assertSurvives(STRUCTURES, container("cont0"));
        assertSurvives(LIMITS, limits("cont0"));
        assertSurvives(RULES, RULES.read(json("""
                        {"type":"rule","name":"cpu_up","resource":"cpu","generates":"requests","amount":75,
                         "rule":{"and":[{">=":[{"var":"events.scale.up"},2]}]},"events_to_remove":2,
                         "action":{"requests":["CpuRescaleUp"]},"rescale_policy":"amount","rescale_type":"up",
                         "active":true}""")));
        assertSurvives(SERVICES, counter("guardian", 7));
        assertSurvives(USERS, Structure.of("anna", Structure.Subtype.USER));
    }

    private <D extends Document> void assertSurvives(DocumentKind<D> kind, D document) {
        store.create(kind, document);
        JsonNode found =
                store.find(kind, document.name()).orElseThrow().document().toJson();
        assertThat(JsonMeaning.missing(document.toJson(), found)).isEmpty();
    }

    @Test
    void fields_that_nobody_knows_survive() {
        JsonNode found = json("""
                {"type":"structure","subtype":"container","name":"cont0","guard_policy":"serverless","none":null,
                 "deep":{"a":[1,2.5,{"b":"ü \\u0000 \\" ☃"}],"big":123456789012345678},
                 "resources":{"cpu":{"max":200,"min":50,"weight":7,"tags":["x"]},"gpu":{"max":2}}}""");
        store.create(STRUCTURES, STRUCTURES.read(found));
        store.change(STRUCTURES, "cont0", it -> it.withGuard(true));

        Structure now = store.find(STRUCTURES, "cont0").orElseThrow().document();

        assertThat(now.isGuarded()).isTrue();
        assertThat(JsonMeaning.missing(found, now.toJson())).isEmpty();
    }

    @Test
    void a_field_that_cannot_be_read_survives_and_stays_a_problem() {
        JsonNode found = json("""
                {"type":"limit","name":"cont0","resources":{"cpu":{"upper":"much","boundary":25},
                 "mem":{"upper":2048,"lower":512,"boundary":256}}}""");
        store.create(LIMITS, LIMITS.read(found));

        Limits now = store.find(LIMITS, "cont0").orElseThrow().document();

        assertThat(now.problems()).hasSize(1);
        assertThat(now.resource(Resource.MEMORY).orElseThrow().upper()).hasValue(2048);
        assertThat(JsonMeaning.missing(found, now.toJson())).isEmpty();
    }

    @Test
    void names_may_hold_any_character() {
        List<String> odd = List.of(
                "with space",
                " ",
                "dot.ted",
                "sl/ash",
                "/",
                "a/../b",
                "back\\slash",
                "\"quoted\"",
                "apostrophe's",
                "percent%2Fage",
                "plus+and&equals=",
                "question?",
                "hash#",
                "café",
                "容器",
                "😀",
                "tab\tand\nline",
                "trailing_",
                "Cont0",
                "cont0",
                "x".repeat(200));
        odd.forEach(name -> store.create(STRUCTURES, container(name)));

        for (String name : odd) {
            Revisioned<Structure> changed = store.change(STRUCTURES, name, it -> it.withGuard(true));
            assertThat(store.find(STRUCTURES, name)).as(name).contains(changed);
        }
        assertThat(names(store.findAll(STRUCTURES))).containsExactlyInAnyOrderElementsOf(odd);
        for (Revisioned<Structure> it : store.findAll(STRUCTURES)) {
            store.delete(STRUCTURES, it.document().name(), it.revision());
        }
        assertThat(store.findAll(STRUCTURES)).isEmpty();
    }

    // Changes by function

    @Test
    void a_change_sees_the_stored_document_and_returns_what_it_has_become() {
        store.create(SERVICES, counter("guardian", 41));

        Revisioned<ServiceDocument> changed = store.change(SERVICES, "guardian", StateStoreTck::incremented);

        assertThat(count(changed)).isEqualTo(42);
        assertThat(store.find(SERVICES, "guardian")).contains(changed);
    }

    @Test
    void a_change_to_an_equal_document_keeps_the_revision() {
        Revisioned<Structure> created = store.create(STRUCTURES, container("cont0"));

        assertThat(store.change(STRUCTURES, "cont0", it -> it.withGuard(false))).isEqualTo(created);
        assertThat(store.find(STRUCTURES, "cont0")).contains(created);
    }

    @Test
    void a_document_that_is_not_there_cannot_be_changed() {
        assertThatThrownBy(() -> store.change(SERVICES, "guardian", StateStoreTck::incremented))
                .isInstanceOf(MissingDocumentException.class)
                .hasMessageContaining("guardian");
    }

    @Test
    void what_a_change_throws_is_thrown_on_and_nothing_is_written() {
        Revisioned<ServiceDocument> created = store.create(SERVICES, counter("guardian", 1));
        var failure = new UnsupportedOperationException("not today");

        assertThatThrownBy(() -> store.change(SERVICES, "guardian", it -> {
                    throw failure;
                }))
                .isSameAs(failure);
        assertThat(store.find(SERVICES, "guardian")).contains(created);
    }

    @Test
    void a_change_that_somebody_got_ahead_of_is_applied_again_to_what_is_there_then() {
        store.create(SERVICES, counter("guardian", 1));
        var calls = new AtomicInteger();

        Revisioned<ServiceDocument> changed = store.change(SERVICES, "guardian", it -> {
            if (calls.incrementAndGet() == 1) {
                inAnotherThread(() -> store.change(SERVICES, "guardian", now -> withCount(now, 10)));
            }
            return incremented(it);
        });

        assertThat(count(changed)).isEqualTo(11);
        assertThat(calls).hasValue(2);
    }

    @Test
    void no_change_is_lost_when_many_change_one_document() throws Exception {
        store.create(SERVICES, counter("guardian", 0));

        inParallel(thread -> () -> {
            for (int i = 0; i < 25; i++) {
                store.change(SERVICES, "guardian", StateStoreTck::incremented);
            }
            return null;
        });

        assertThat(count(store.find(SERVICES, "guardian").orElseThrow())).isEqualTo(THREADS * 25);
    }

    @Test
    void of_many_who_replace_one_revision_one_succeeds() throws Exception {
        store.create(SERVICES, counter("guardian", 0));
        var conflicts = new AtomicInteger();

        inParallel(thread -> () -> {
            for (int written = 0; written < 10; ) {
                Revisioned<ServiceDocument> now =
                        store.find(SERVICES, "guardian").orElseThrow();
                try {
                    store.replace(SERVICES, incremented(now.document()), now.revision());
                    written++;
                } catch (ConflictException e) {
                    conflicts.incrementAndGet();
                }
            }
            return null;
        });

        assertThat(count(store.find(SERVICES, "guardian").orElseThrow()))
                .as("successes, beside %s conflicts", conflicts)
                .isEqualTo(THREADS * 10);
    }

    @Test
    void of_many_who_create_one_name_one_succeeds() throws Exception {
        for (int round = 0; round < 5; round++) {
            String name = "cont" + round;
            List<Boolean> created = inParallel(thread -> () -> {
                try {
                    store.create(STRUCTURES, container(name));
                    return true;
                } catch (ConflictException e) {
                    return false;
                }
            });
            assertThat(created).containsOnlyOnce(true);
        }
    }

    @Test
    void a_thread_reads_its_own_writes() throws Exception {
        inParallel(thread -> () -> {
            String name = "service" + thread;
            Revisioned<ServiceDocument> now = store.create(SERVICES, counter(name, 0));
            for (int i = 0; i < 10; i++) {
                assertThat(store.find(SERVICES, name)).contains(now);
                assertThat(store.findAll(SERVICES)).contains(now);
                now = store.replace(SERVICES, counter(name, i), now.revision());
            }
            store.delete(SERVICES, name, now.revision());
            assertThat(store.find(SERVICES, name)).isEmpty();
            assertThat(names(store.findAll(SERVICES))).doesNotContain(name);
            return null;
        });
    }

    // Many documents at once

    @Test
    void each_of_many_writes_has_its_own_outcome_in_their_order() {
        Revisioned<ServiceDocument> kept = store.create(SERVICES, counter("kept", 1));
        Revisioned<ServiceDocument> there = store.create(SERVICES, counter("there", 1));
        Revisioned<ServiceDocument> moved = store.create(SERVICES, counter("moved", 1));
        Revisioned<ServiceDocument> gone = store.create(SERVICES, counter("gone", 1));
        Revisioned<ServiceDocument> ahead = store.replace(SERVICES, counter("moved", 2), moved.revision());
        store.delete(SERVICES, "gone", gone.revision());

        List<WriteOutcome<ServiceDocument>> outcomes = store.writeAll(
                SERVICES,
                List.of(
                        Write.replace(counter("moved", 9), moved.revision()),
                        Write.create(counter("new", 9)),
                        Write.create(counter("there", 8)),
                        Write.replace(counter("kept", 9), kept.revision()),
                        Write.replace(counter("gone", 9), gone.revision())));

        assertThat(outcomes).extracting(WriteOutcome::name).containsExactly("moved", "new", "there", "kept", "gone");
        assertThat(outcomes.get(0)).isEqualTo(new WriteOutcome.Conflict<>("moved"));
        assertThat(outcomes.get(2)).isEqualTo(new WriteOutcome.Conflict<>("there"));
        assertThat(outcomes.get(4)).isEqualTo(new WriteOutcome.Conflict<>("gone"));
        assertThat(store.find(SERVICES, "moved")).contains(ahead);
        assertThat(store.find(SERVICES, "there")).contains(there);
        assertThat(store.find(SERVICES, "new")).contains(written(outcomes.get(1)));
        assertThat(store.find(SERVICES, "kept")).contains(written(outcomes.get(3)));
        assertThat(count(written(outcomes.get(3)))).isEqualTo(9);
        assertThat(store.find(SERVICES, "gone")).isEmpty();
    }

    @Test
    void thousands_of_documents_are_written_read_and_changed_at_once() {
        List<Write<ServiceDocument>> writes = IntStream.range(0, 2_500)
                .mapToObj(i -> Write.create(counter("service" + i, i)))
                .toList();

        List<WriteOutcome<ServiceDocument>> outcomes = store.writeAll(SERVICES, writes);

        assertThat(outcomes).hasSize(2_500).allSatisfy(it -> assertThat(it).isInstanceOf(WriteOutcome.Written.class));
        assertThat(store.findAll(SERVICES))
                .containsExactlyInAnyOrderElementsOf(
                        outcomes.stream().map(StateStoreTck::written).toList());
        Map<String, UnaryOperator<ServiceDocument>> changes = new LinkedHashMap<>();
        writes.forEach(write -> changes.put(write.document().name(), StateStoreTck::incremented));
        store.changeAll(SERVICES, changes);
        assertThat(store.findAll(SERVICES))
                .extracting(StateStoreTck::count)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.rangeClosed(1, 2_500).boxed().toList());
    }

    @Test
    void nothing_to_write_is_no_error() {
        assertThat(store.writeAll(SERVICES, List.of())).isEmpty();
        assertThat(store.changeAll(SERVICES, Map.of())).isEmpty();
        assertThat(store.addEvents(List.of())).isEmpty();
        assertThat(store.removeEvents(List.of())).isZero();
        assertThat(store.addRequests(List.of())).isEmpty();
        assertThat(store.removeRequests(List.of())).isZero();
    }

    @Test
    void each_of_many_changes_has_its_own_outcome_in_their_order() {
        store.create(SERVICES, counter("one", 1));
        Revisioned<ServiceDocument> same = store.create(SERVICES, counter("same", 2));
        Revisioned<ServiceDocument> failing = store.create(SERVICES, counter("failing", 3));
        Map<String, UnaryOperator<ServiceDocument>> changes = new LinkedHashMap<>();
        changes.put("missing", StateStoreTck::incremented);
        changes.put("same", it -> withCount(it, 2));
        changes.put("failing", it -> {
            throw new IllegalArgumentException("not today");
        });
        changes.put("one", StateStoreTck::incremented);

        List<WriteOutcome<ServiceDocument>> outcomes = store.changeAll(SERVICES, changes);

        assertThat(outcomes).extracting(WriteOutcome::name).containsExactly("missing", "same", "failing", "one");
        assertThat(outcomes.get(0)).isEqualTo(new WriteOutcome.Missing<>("missing"));
        assertThat(written(outcomes.get(1))).isEqualTo(same);
        assertThat(outcomes.get(2))
                .isInstanceOfSatisfying(
                        WriteOutcome.Failed.class, it -> assertThat(it.reason()).contains("not today"));
        assertThat(store.find(SERVICES, "failing")).contains(failing);
        assertThat(store.find(SERVICES, "one")).contains(written(outcomes.get(3)));
        assertThat(count(written(outcomes.get(3)))).isEqualTo(2);
    }

    @Test
    void one_of_many_changes_that_somebody_got_ahead_of_is_applied_again() {
        store.create(SERVICES, counter("one", 1));
        store.create(SERVICES, counter("two", 2));
        var calls = new AtomicInteger();
        Map<String, UnaryOperator<ServiceDocument>> changes = new LinkedHashMap<>();
        changes.put("one", it -> {
            if (calls.incrementAndGet() == 1) {
                inAnotherThread(() -> store.change(SERVICES, "one", now -> withCount(now, 10)));
            }
            return incremented(it);
        });
        changes.put("two", StateStoreTck::incremented);

        List<WriteOutcome<ServiceDocument>> outcomes = store.changeAll(SERVICES, changes);

        assertThat(outcomes).extracting(it -> count(written(it))).containsExactly(11, 3);
        assertThat(calls).hasValue(2);
    }

    @Test
    void no_change_is_lost_when_many_change_the_same_documents_at_once() throws Exception {
        Map<String, UnaryOperator<ServiceDocument>> changes = new LinkedHashMap<>();
        for (int i = 0; i < 5; i++) {
            store.create(SERVICES, counter("service" + i, 0));
            changes.put("service" + i, StateStoreTck::incremented);
        }

        inParallel(thread -> () -> {
            for (int i = 0; i < 10; i++) {
                assertThat(store.changeAll(SERVICES, changes))
                        .allSatisfy(it -> assertThat(it).isInstanceOf(WriteOutcome.Written.class));
            }
            return null;
        });

        assertThat(store.findAll(SERVICES)).extracting(StateStoreTck::count).containsOnly(THREADS * 10);
    }

    // Events and requests

    @Test
    void events_are_listed_in_the_order_in_which_they_were_added() {
        assertKeptInOrder(StateStoreTck::event, store::addEvents, store::events, store::removeEvents);
    }

    @Test
    void requests_are_listed_in_the_order_in_which_they_were_added() {
        assertKeptInOrder(StateStoreTck::request, store::addRequests, store::requests, store::removeRequests);
    }

    private static <T> void assertKeptInOrder(
            IntFunction<T> maker,
            Function<List<T>, List<Stored<T>>> add,
            Supplier<List<Stored<T>>> all,
            Function<List<String>, Integer> remove) {
        List<T> some = IntStream.range(0, 1_200).mapToObj(maker).toList();
        List<T> more = IntStream.range(1_200, 1_203).mapToObj(maker).toList();

        List<Stored<T>> stored = new ArrayList<>(add.apply(some));
        assertThat(stored).extracting(Stored::entry).containsExactlyElementsOf(some);
        stored.addAll(add.apply(more));
        assertThat(stored).extracting(Stored::id).doesNotHaveDuplicates();
        assertThat(all.get()).containsExactlyElementsOf(stored);

        List<String> ids = stored.subList(100, 1_100).stream().map(Stored::id).toList();
        assertThat(remove.apply(ids)).isEqualTo(1_000);
        stored.subList(100, 1_100).clear();
        assertThat(all.get()).containsExactlyElementsOf(stored);
    }

    @Test
    void events_that_are_equal_are_kept_apart() {
        List<Stored<ScalingEvent>> stored = store.addEvents(List.of(event(1), event(1)));

        assertThat(store.removeEvents(List.of(stored.get(0).id()))).isEqualTo(1);
        assertThat(store.events()).containsExactly(stored.get(1));
    }

    @Test
    void removing_what_is_gone_is_no_error() {
        String event = store.addEvents(List.of(event(1))).get(0).id();
        String request = store.addRequests(List.of(request(1))).get(0).id();

        assertThat(store.removeEvents(List.of(event, "no-such-id"))).isEqualTo(1);
        assertThat(store.removeEvents(List.of(event))).isZero();
        assertThat(store.removeRequests(List.of("no-such-id", request))).isEqualTo(1);
        assertThat(store.removeRequests(List.of(request))).isZero();
        assertThat(store.events()).isEmpty();
        assertThat(store.requests()).isEmpty();
    }

    @Test
    void events_and_requests_do_not_mix() {
        List<Stored<ScalingEvent>> events = store.addEvents(List.of(event(1)));
        List<Stored<ScalingRequest>> requests = store.addRequests(List.of(request(1)));
        store.removeEvents(List.of(events.get(0).id()));

        assertThat(store.events()).isEmpty();
        assertThat(store.requests()).isEqualTo(requests);
    }

    @Test
    void an_event_keeps_the_fields_that_nobody_knows() {
        JsonNode found = json("""
                {"type":"event","name":"CpuBottleneck","structure":"cont0","resource":"cpu","timestamp":1763769600,
                 "action":{"events":{"scale":{"up":1},"hint":"x"}},"seen_by":{"node":"a","tries":[1,2]}}""");
        store.addEvents(List.of(ScalingEvent.fromJson(found)));

        assertThat(JsonMeaning.missing(found, store.events().get(0).entry().toJson()))
                .isEmpty();
    }

    @Test
    void what_many_add_at_once_is_all_there_and_each_ones_in_order() throws Exception {
        List<List<Stored<ScalingEvent>>> added = inParallel(thread -> () -> {
            var mine = new ArrayList<Stored<ScalingEvent>>();
            for (int i = 0; i < 10; i++) {
                mine.addAll(store.addEvents(List.of(event(thread * 100 + 2 * i), event(thread * 100 + 2 * i + 1))));
                assertThat(store.events()).containsAll(mine);
            }
            return mine;
        });

        List<Stored<ScalingEvent>> all = store.events();
        assertThat(all).hasSize(THREADS * 20).doesNotHaveDuplicates();
        added.forEach(mine -> assertThat(all).containsSubsequence(mine));
    }

    @Test
    void what_many_remove_at_once_is_removed_by_one_of_them() throws Exception {
        List<String> ids = store
                .addRequests(
                        IntStream.range(0, 200).mapToObj(StateStoreTck::request).toList())
                .stream()
                .map(Stored::id)
                .toList();

        List<Integer> removed = inParallel(thread -> () -> store.removeRequests(ids));

        assertThat(removed.stream().mapToInt(Integer::intValue).sum()).isEqualTo(200);
        assertThat(store.requests()).isEmpty();
    }

    // Subscriptions

    @Test
    void a_listener_is_told_what_was_created_changed_and_deleted() {
        store.create(SERVICES, counter("before", 0));
        List<Change<ServiceDocument>> told = new CopyOnWriteArrayList<>();
        store.subscribe(SERVICES, told::add);

        Revisioned<ServiceDocument> created = store.create(SERVICES, counter("guardian", 1));
        awaitLast(told, new Change<>(SERVICES, "guardian", Optional.of(created)));
        Revisioned<ServiceDocument> changed = store.change(SERVICES, "guardian", StateStoreTck::incremented);
        awaitLast(told, new Change<>(SERVICES, "guardian", Optional.of(changed)));
        store.delete(SERVICES, "guardian", changed.revision());
        awaitLast(told, new Change<>(SERVICES, "guardian", Optional.empty()));
    }

    @Test
    void a_listener_is_told_of_bulk_writes_and_of_its_own_kind_only() {
        List<Change<ServiceDocument>> told = new CopyOnWriteArrayList<>();
        store.subscribe(SERVICES, told::add);

        store.create(STRUCTURES, container("cont0"));
        store.writeAll(SERVICES, List.of(Write.create(counter("a", 1)), Write.create(counter("b", 1))));
        store.changeAll(SERVICES, Map.of("a", StateStoreTck::incremented));

        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(lastCounts(told)).isEqualTo(Map.of("a", 2, "b", 1));
            assertThat(told).extracting(Change::kind).containsOnly(SERVICES);
        });
    }

    @Test
    void a_listener_is_told_of_each_documents_changes_in_their_order() throws Exception {
        List<String> names = List.of("a", "b", "c");
        names.forEach(name -> store.create(SERVICES, counter(name, 0)));
        List<Change<ServiceDocument>> told = new CopyOnWriteArrayList<>();
        store.subscribe(SERVICES, told::add);

        inParallel(thread -> () -> {
            for (int i = 0; i < 15; i++) {
                store.change(SERVICES, names.get((thread + i) % 3), StateStoreTck::incremented);
            }
            return null;
        });

        Map<String, Integer> last = new LinkedHashMap<>();
        names.forEach(name -> last.put(name, count(store.find(SERVICES, name).orElseThrow())));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(lastCounts(told)).isEqualTo(last));
        for (String name : names) {
            assertThat(told.stream()
                            .filter(it -> it.name().equals(name))
                            .map(it -> count(it.now().orElseThrow()))
                            .toList())
                    .isSorted();
        }
    }

    @Test
    void a_closed_subscription_is_silent() {
        List<Change<ServiceDocument>> silent = new CopyOnWriteArrayList<>();
        List<Change<ServiceDocument>> told = new CopyOnWriteArrayList<>();
        Subscription closed = store.subscribe(SERVICES, silent::add);
        store.subscribe(SERVICES, told::add);
        closed.close();
        closed.close();

        Revisioned<ServiceDocument> created = store.create(SERVICES, counter("guardian", 1));

        awaitLast(told, new Change<>(SERVICES, "guardian", Optional.of(created)));
        assertThat(silent).isEmpty();
    }

    @Test
    void a_listener_that_throws_harms_nobody_and_is_told_the_next_change() {
        var failures = new AtomicInteger();
        List<Change<ServiceDocument>> told = new CopyOnWriteArrayList<>();
        store.subscribe(SERVICES, change -> {
            failures.incrementAndGet();
            throw new IllegalStateException("a listener's own trouble");
        });
        store.subscribe(SERVICES, told::add);

        Revisioned<ServiceDocument> created = store.create(SERVICES, counter("guardian", 1));
        awaitLast(told, new Change<>(SERVICES, "guardian", Optional.of(created)));
        await().atMost(PATIENCE).until(() -> failures.get() == 1);
        Revisioned<ServiceDocument> changed = store.change(SERVICES, "guardian", StateStoreTck::incremented);

        awaitLast(told, new Change<>(SERVICES, "guardian", Optional.of(changed)));
        await().atMost(PATIENCE).until(() -> failures.get() == 2);
    }

    @Test
    void a_listener_may_read_and_write() {
        store.subscribe(SERVICES, change -> {
            if (change.now().isPresent() && count(change.now().get()) < 5) {
                store.change(SERVICES, change.name(), StateStoreTck::incremented);
            }
        });

        store.create(SERVICES, counter("guardian", 1));

        await().atMost(PATIENCE)
                .until(() -> count(store.find(SERVICES, "guardian").orElseThrow()) == 5);
    }

    private static void awaitLast(List<Change<ServiceDocument>> told, Change<ServiceDocument> expected) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(told).isNotEmpty().last().isEqualTo(expected));
    }

    private static Map<String, Integer> lastCounts(List<Change<ServiceDocument>> told) {
        Map<String, Integer> last = new LinkedHashMap<>();
        told.forEach(it -> last.put(it.name(), count(it.now().orElseThrow())));
        return last;
    }

    // The end

    @Test
    void a_closed_store_says_so() {
        store.subscribe(SERVICES, change -> {});
        Revisioned<ServiceDocument> there = store.create(SERVICES, counter("guardian", 1));
        store.close();
        store.close();

        List<Runnable> calls = List.of(
                () -> store.find(SERVICES, "guardian"),
                () -> store.findAll(SERVICES),
                () -> store.create(SERVICES, counter("scaler", 1)),
                () -> store.replace(SERVICES, counter("guardian", 2), there.revision()),
                () -> store.change(SERVICES, "guardian", StateStoreTck::incremented),
                () -> store.delete(SERVICES, "guardian", there.revision()),
                () -> store.writeAll(SERVICES, List.of(Write.create(counter("scaler", 1)))),
                () -> store.changeAll(SERVICES, Map.of("guardian", StateStoreTck::incremented)),
                () -> store.subscribe(SERVICES, change -> {}),
                store::events,
                () -> store.addEvents(List.of(event(1))),
                () -> store.removeEvents(List.of("1")),
                store::requests,
                () -> store.addRequests(List.of(request(1))),
                () -> store.removeRequests(List.of("1")));
        for (Runnable call : calls) {
            assertThatThrownBy(call::run)
                    .isInstanceOf(StateStoreException.class)
                    .hasMessageContaining("closed");
        }
    }

    // What the tests are written with

    private static Structure container(String name) {
        return Structure.of(name, Structure.Subtype.CONTAINER)
                .withGuard(false)
                .withHost("host0", "host0", "8000")
                .withResource(Resource.CPU, StructureResource.bounds(50, 200, true))
                .withResource(Resource.MEMORY, StructureResource.bounds(1024, 8192, true));
    }

    private static Limits limits(String name) {
        return Limits.of(name)
                .withResource(
                        Resource.CPU,
                        ResourceLimits.of(Boundary.percentOfMax(10)).withThresholds(100, 50))
                .withResource(Resource.MEMORY, ResourceLimits.of(Boundary.absolute(256)));
    }

    private static ServiceDocument counter(String name, int count) {
        return new ServiceDocument(name, Map.of("COUNT", IntNode.valueOf(count)), Map.of(), List.of());
    }

    private static ServiceDocument withCount(ServiceDocument service, int count) {
        return count(service) == count ? service : service.withConfig("COUNT", IntNode.valueOf(count));
    }

    private static ServiceDocument incremented(ServiceDocument service) {
        return withCount(service, count(service) + 1);
    }

    private static int count(ServiceDocument service) {
        return service.config().get("COUNT").asInt();
    }

    private static int count(Revisioned<ServiceDocument> service) {
        return count(service.document());
    }

    private static ScalingEvent event(int number) {
        return ScalingEvent.of("cont" + number, Resource.CPU, ScaleEvents.UP, NOW.plusSeconds(number));
    }

    private static ScalingRequest request(int number) {
        return ScalingRequest.of(container("cont" + number), Resource.MEMORY, -1 - number, 0, NOW);
    }

    private static Revisioned<ServiceDocument> written(WriteOutcome<ServiceDocument> outcome) {
        assertThat(outcome).isInstanceOf(WriteOutcome.Written.class);
        return ((WriteOutcome.Written<ServiceDocument>) outcome).now();
    }

    private static <D extends Document> List<String> names(List<Revisioned<D>> documents) {
        return documents.stream().map(it -> it.document().name()).toList();
    }

    private static JsonNode json(String text) {
        try {
            return new JsonMapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    private static void inAnotherThread(Runnable work) {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            thread.submit(work).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        } finally {
            thread.shutdown();
        }
    }

    /** Does something in {@value #THREADS} threads that start together; returns what each returned. */
    private static <R> List<R> inParallel(IntFunction<Callable<R>> work) throws Exception {
        var start = new CyclicBarrier(THREADS);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            var futures = new ArrayList<Future<R>>();
            for (int i = 0; i < THREADS; i++) {
                Callable<R> part = work.apply(i);
                futures.add(threads.submit(() -> {
                    start.await();
                    return part.call();
                }));
            }
            var results = new ArrayList<R>();
            for (Future<R> future : futures) {
                results.add(future.get(2 * PATIENCE.toSeconds(), TimeUnit.SECONDS));
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }
}

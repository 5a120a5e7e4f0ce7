package io.serverlesscontainers.core.scaler;

import static org.assertj.core.api.Assertions.assertThat;

import io.serverlesscontainers.store.Stored;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.ScalingRequest;
import io.serverlesscontainers.store.document.Structure;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class RequestQueueTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_000);
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    @Test
    void a_request_is_good_up_to_its_timeout() {
        var queue = RequestQueue.of(
                List.of(request("old", "a", 10, 0, 969), request("just", "b", 10, 0, 970)),
                NOW.plusMillis(900),
                TIMEOUT);

        assertThat(queue.expired()).extracting(Stored::id).containsExactly("old");
        assertThat(queue.toApply()).extracting(Stored::id).containsExactly("just");
    }

    @Test
    void the_more_important_of_two_for_one_limit_is_kept() {
        var queue = queue(List.of(request("important", "a", 10, 5, 980), request("newer", "a", 20, 4, 999)));

        assertThat(queue.superseded()).extracting(Stored::id).containsExactly("newer");
        assertThat(queue.toApply()).extracting(Stored::id).containsExactly("important");
    }

    @Test
    void the_newest_of_equally_important_ones_is_kept() {
        var queue = queue(List.of(
                request("old", "a", 10, 0, 980), request("new", "a", 20, 0, 999), request("mid", "a", 30, 0, 990)));

        assertThat(queue.superseded()).extracting(Stored::id).containsExactlyInAnyOrder("old", "mid");
        assertThat(queue.toApply()).extracting(Stored::id).containsExactly("new");
    }

    @Test
    void an_expired_one_supersedes_nobody() {
        var queue = queue(List.of(request("expired", "a", 10, 9, 900), request("good", "a", 20, 0, 990)));

        assertThat(queue.toApply()).extracting(Stored::id).containsExactly("good");
    }

    @Test
    void both_directions_of_a_limit_stand_side_by_side() {
        var queue = queue(List.of(request("up", "a", 10, 0, 990), request("down", "a", -10, 0, 990)));

        assertThat(queue.superseded()).isEmpty();
        assertThat(queue.toApply()).extracting(Stored::id).containsExactly("down", "up");
    }

    @Test
    void decreases_come_first_then_the_more_important_then_the_older() {
        var queue = queue(List.of(
                request("least", "a", 10, Long.MIN_VALUE, 980),
                request("late", "b", 10, 0, 999),
                request("early", "c", 10, 0, 990),
                request("most", "d", 10, Long.MAX_VALUE, 999),
                request("down", "e", -10, Long.MIN_VALUE, 999)));

        assertThat(queue.toApply()).extracting(Stored::id).containsExactly("down", "most", "early", "late", "least");
    }

    @Provide
    Arbitrary<List<Stored<ScalingRequest>>> requests() {
        return Combinators.combine(
                        Arbitraries.of("a", "b", "c"),
                        Arbitraries.of(-10L, 10L),
                        Arbitraries.longs().between(0, 2),
                        Arbitraries.longs().between(960, 1_000))
                .as((structure, amount, priority, second) -> request("", structure, amount, priority, second))
                .list()
                .ofMaxSize(20)
                .map(drawn -> {
                    var stored = new ArrayList<Stored<ScalingRequest>>();
                    drawn.forEach(each -> stored.add(new Stored<>("id-" + stored.size(), each.entry())));
                    return stored;
                });
    }

    @Property(tries = 2_000)
    void every_request_is_in_exactly_one_place(@ForAll("requests") List<Stored<ScalingRequest>> requests) {
        var queue = RequestQueue.of(requests, NOW, TIMEOUT);

        var all = new ArrayList<>(queue.expired());
        all.addAll(queue.superseded());
        all.addAll(queue.toApply());
        assertThat(all).containsExactlyInAnyOrderElementsOf(requests);
        assertThat(queue.toApply())
                .extracting(each -> each.entry().structure() + each.entry().action())
                .doesNotHaveDuplicates();
        for (Stored<ScalingRequest> loser : queue.superseded()) {
            assertThat(queue.toApply()).anySatisfy(winner -> {
                assertThat(winner.entry().structure()).isEqualTo(loser.entry().structure());
                assertThat(winner.entry().action()).isEqualTo(loser.entry().action());
                assertThat(winner.entry().priority())
                        .isGreaterThanOrEqualTo(loser.entry().priority());
            });
        }
    }

    private static RequestQueue queue(List<Stored<ScalingRequest>> requests) {
        return RequestQueue.of(requests, NOW, TIMEOUT);
    }

    private static Stored<ScalingRequest> request(
            String id, String structure, long amount, long priority, long second) {
        return new Stored<>(
                id,
                ScalingRequest.of(
                        Structure.of(structure, Structure.Subtype.CONTAINER),
                        Resource.CPU,
                        amount,
                        priority,
                        Instant.ofEpochSecond(second)));
    }
}

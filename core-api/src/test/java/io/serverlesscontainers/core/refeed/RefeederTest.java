package io.serverlesscontainers.core.refeed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.serverlesscontainers.core.refeed.RefeederSettings.Stamp;
import io.serverlesscontainers.core.simulation.VirtualClock;
import io.serverlesscontainers.core.spi.DataPoint;
import io.serverlesscontainers.core.spi.MetricSource;
import io.serverlesscontainers.core.spi.UsageQuery;
import io.serverlesscontainers.core.spi.Usages;
import io.serverlesscontainers.core.tck.RecordingWriter;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.document.Problem;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Structure;
import io.serverlesscontainers.store.document.Structure.Subtype;
import io.serverlesscontainers.store.document.StructureResource;
import io.serverlesscontainers.store.memory.InMemoryStateStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.BeforeTry;
import org.junit.jupiter.api.Test;

class RefeederTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_763_769_600);
    private static final RefeederSettings BOTH =
            RefeederSettings.stock().withStructures(EnumSet.of(Subtype.APPLICATION, Subtype.USER));

    private InMemoryStateStore store = new InMemoryStateStore();
    private RecordingWriter writer = new RecordingWriter();
    private TableOfUsage source = new TableOfUsage();
    private final VirtualClock clock = VirtualClock.startingAt(NOW);

    @BeforeTry
    void startAnew() {
        store = new InMemoryStateStore();
        writer = new RecordingWriter();
        source = new TableOfUsage();
    }

    @Test
    void an_application_uses_what_its_containers_use() {
        application("app1", "c1", "c2");
        application("app2", "c3");
        source.put("c1", Resource.CPU, 50.5).put("c2", Resource.CPU, 100).put("c3", Resource.CPU, 7);
        source.put("c1", Resource.MEMORY, 512).put("c2", Resource.MEMORY, 256.25);

        Refeeder.Refed refed = refeeder(RefeederSettings.stock()).runOnce();

        assertThat(refed).isEqualTo(new Refeeder.Refed(3, List.of()));
        assertThat(usage("structure.cpu.usage", "structure", "app1")).hasValue(150.5);
        assertThat(usage("structure.mem.usage", "structure", "app1")).hasValue(768.25);
        assertThat(usage("structure.cpu.usage", "structure", "app2")).hasValue(7);
        assertThat(usage("structure.mem.usage", "structure", "app2")).isEmpty();
    }

    @Test
    void the_source_is_asked_once_for_every_container_over_the_window_and_the_sum_has_its_end_as_time() {
        application("app1", "c1", "c2");
        application("app2", "c2", "c3");
        for (String container : List.of("c1", "c2", "c3")) {
            source.put(container, Resource.CPU, 1);
        }
        refeeder(RefeederSettings.stock().withStamp(Stamp.END_OF_WINDOW)).runOnce();

        assertThat(source.asked).singleElement().satisfies(query -> {
            assertThat(query.subtype()).isEqualTo(Subtype.CONTAINER);
            assertThat(query.structures()).containsExactlyInAnyOrder("c1", "c2", "c3");
            assertThat(query.resources()).containsExactlyInAnyOrder(Resource.CPU, Resource.MEMORY);
            assertThat(query.from()).isEqualTo(NOW.minusSeconds(30));
            assertThat(query.to()).isEqualTo(NOW.minusSeconds(20));
        });
        assertThat(writer.writes()).isEqualTo(1);
        assertThat(writer.points()).extracting(DataPoint::time).containsOnly(NOW.minusSeconds(20));
    }

    @Test
    void the_stock_sum_has_the_time_of_its_writing() {
        application("app1", "c1");
        source.put("c1", Resource.CPU, 1);
        refeeder(RefeederSettings.stock()).runOnce();
        assertThat(writer.points()).extracting(DataPoint::time).containsOnly(NOW);
    }

    /** What the documentation says of a reader's delay, at any moment between two windows of the Refeeder. */
    @Test
    void a_reader_with_the_delay_that_is_said_finds_one_sum_in_each_of_his_windows() {
        RefeederSettings stock = RefeederSettings.stock();
        RefeederSettings atEnd = stock.withStamp(Stamp.END_OF_WINDOW);
        assertThat(stampsSeen(atEnd, stock.delay().plus(stock.window()))).containsOnly(1);
        assertThat(stampsSeen(atEnd, Duration.ofSeconds(10))).containsOnly(0);
        assertThat(stampsSeen(stock, Duration.ofSeconds(10))).containsOnly(1);
    }

    /** How many sums are in the reader's window, read half a second after each second of one period. */
    private List<Integer> stampsSeen(RefeederSettings settings, Duration readersDelay) {
        startAnew();
        application("app1", "c1");
        source.put("c1", Resource.CPU, 1);
        Refeeder refeeder = refeeder(settings);
        for (int i = 0; i < 10; i++) {
            refeeder.runOnce();
            if (i < 9) {
                clock.advance(settings.window());
            }
        }
        List<Integer> seen = new ArrayList<>();
        for (int second = 0; second < settings.window().toSeconds(); second++) {
            Instant to = clock.instant().plusSeconds(second).plusMillis(500).minus(readersDelay);
            Instant from = to.minus(settings.window());
            seen.add((int) writer.points().stream()
                    .filter(point -> point.time().isAfter(from) && !point.time().isAfter(to))
                    .count());
        }
        return seen;
    }

    @Test
    void a_container_without_usage_counts_nothing_and_is_named() {
        application("app1", "c1", "c2", "c3");
        source.put("c2", Resource.CPU, 30);

        Refeeder.Refed refed = refeeder(RefeederSettings.stock()).runOnce();

        assertThat(usage("structure.cpu.usage", "structure", "app1")).hasValue(30);
        assertThat(refed.problems())
                .extracting(Problem::toString)
                .containsExactly(
                        "application 'app1': cpu usage is that of 1 of its 3 containers: there is none of 'c1', 'c3'");
    }

    @Test
    void of_many_containers_without_usage_the_first_are_named() {
        application("app1", "c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8");
        source.put("c8", Resource.CPU, 30);
        assertThat(refeeder(RefeederSettings.stock()).runOnce().problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.sentence())
                        .endsWith("there is none of 'c1', 'c2', 'c3', 'c4', 'c5' and 2 more"));
    }

    @Test
    void an_application_none_of_whose_containers_has_a_usage_has_none() {
        application("app1", "c1", "c2");
        application("empty");
        assertThat(refeeder(BOTH).runOnce()).isEqualTo(new Refeeder.Refed(0, List.of()));
        assertThat(writer.writes()).isZero();
    }

    @Test
    void nobody_is_asked_about_no_containers() {
        application("empty");
        refeeder(BOTH).runOnce();
        assertThat(source.asked).isEmpty();
    }

    @Test
    void what_the_source_complains_of_is_told() {
        application("app1", "c1");
        var problem = new Problem("metrics", "the database does not answer");
        source.problem = problem;
        assertThat(refeeder(RefeederSettings.stock()).runOnce().problems()).containsExactly(problem);
    }

    @Test
    void a_user_uses_what_his_applications_use() {
        application("app1", "c1", "c2");
        application("app2", "c3");
        application("app3", "c4");
        user("ann", "clusters", "app1", "app2");
        user("bob", "applications", "app3");
        source.put("c1", Resource.CPU, 1).put("c2", Resource.CPU, 2);
        source.put("c3", Resource.CPU, 4).put("c4", Resource.CPU, 8);

        assertThat(refeeder(BOTH).runOnce().problems()).isEmpty();

        assertThat(usage("user.cpu.usage", "user", "ann")).hasValue(7);
        assertThat(usage("user.cpu.usage", "user", "bob")).hasValue(8);
        assertThat(usage("structure.cpu.usage", "structure", "app1")).hasValue(3);
    }

    @Test
    void users_are_left_alone_by_the_stock_settings_and_applications_where_only_users_are_wanted() {
        application("app1", "c1");
        user("ann", "clusters", "app1");
        source.put("c1", Resource.CPU, 1);
        refeeder(RefeederSettings.stock()).runOnce();
        assertThat(usage("user.cpu.usage", "user", "ann")).isEmpty();

        refeeder(BOTH.withStructures(Set.of(Subtype.USER))).runOnce();
        assertThat(usage("user.cpu.usage", "user", "ann")).hasValue(1);
        assertThat(writer.last()).hasSize(1);
    }

    @Test
    void an_application_that_is_not_there_is_named_and_the_others_are_summed_up() {
        application("app1", "c1");
        user("ann", "clusters", "app1", "gone");
        source.put("c1", Resource.CPU, 1);

        assertThat(refeeder(BOTH).runOnce().problems())
                .extracting(Problem::toString)
                .containsExactly(
                        "user 'ann': owns the application 'gone', there is none of this name",
                        "user 'ann': cpu usage is that of 1 of its 2 applications: there is none of 'gone'");
        assertThat(usage("user.cpu.usage", "user", "ann")).hasValue(1);
    }

    @Test
    void a_list_that_holds_no_names_is_named() {
        application("app1", "c1");
        source.put("c1", Resource.CPU, 1);
        var numbers = JsonNodeFactory.instance.arrayNode().add("app1").add(2);
        store.create(DocumentKind.USERS, userWith("ann", Map.of("clusters", numbers)));
        assertThat(refeeder(BOTH).runOnce().problems())
                .extracting(Problem::toString)
                .containsExactly("user 'ann': /clusters is [\"app1\",2], a list of names of applications is needed");
        assertThat(usage("user.cpu.usage", "user", "ann")).isEmpty();
    }

    @Test
    void current_of_a_user_is_the_sum_over_his_applications_where_all_have_one() {
        store.create(DocumentKind.STRUCTURES, withCurrent(app("app1"), 100, 1_000));
        store.create(DocumentKind.STRUCTURES, withCurrent(app("app2"), 50, -1));
        user("ann", "clusters", "app1", "app2");
        user("bob", "clusters");

        refeeder(BOTH).runOnce();

        assertThat(current("ann", Resource.CPU)).hasValue(150);
        assertThat(current("ann", Resource.MEMORY)).isEmpty();
        assertThat(current("bob", Resource.CPU)).isEmpty();
        String revision = store.find(DocumentKind.USERS, "ann").orElseThrow().revision();
        refeeder(BOTH).runOnce();
        assertThat(store.find(DocumentKind.USERS, "ann").orElseThrow().revision())
                .isEqualTo(revision);
    }

    @Test
    void settings_say_what_they_refuse() {
        RefeederSettings stock = RefeederSettings.stock();
        assertThatThrownBy(() -> stock.withWindow(Duration.ZERO, Duration.ZERO))
                .hasMessage("the window is PT0S, more than 0 is needed");
        assertThatThrownBy(() -> stock.withWindow(Duration.ofSeconds(1), Duration.ofSeconds(-1)))
                .hasMessage("the window's delay is PT-1S, 0 or more is needed");
        assertThatThrownBy(() -> stock.withStructures(Set.of(Subtype.HOST)))
                .hasMessage("usage is to be summed up for a host, that is possible for an application or a user");
    }

    /** An installation: which application each container is in, which user each application has, and what is used. */
    record Installation(
            List<Integer> applicationOf, List<Integer> userOf, List<Integer> eighthsUsed, List<Boolean> measured) {}

    @Provide
    Arbitrary<Installation> installations() {
        Arbitrary<Integer> few = Arbitraries.integers().between(0, 5);
        return Arbitraries.integers()
                .between(0, 40)
                .flatMap(containers -> Combinators.combine(
                                few.list().ofSize(containers),
                                Arbitraries.integers().between(0, 3).list().ofSize(6),
                                Arbitraries.integers()
                                        .between(0, 1_000_000)
                                        .list()
                                        .ofSize(containers),
                                Arbitraries.of(true, true, true, false).list().ofSize(containers))
                        .as(Installation::new));
    }

    @Property(tries = 300)
    void sums_are_exact(@ForAll("installations") Installation all) {
        Map<String, List<String>> containersOf = new LinkedHashMap<>();
        Map<String, List<String>> applicationsOf = new LinkedHashMap<>();
        Map<String, Double> expected = new HashMap<>();
        for (int app = 0; app < 6; app++) {
            containersOf.put("app" + app, new ArrayList<>());
            applicationsOf
                    .computeIfAbsent("user" + all.userOf.get(app), name -> new ArrayList<>())
                    .add("app" + app);
        }
        for (int i = 0; i < all.applicationOf.size(); i++) {
            int app = all.applicationOf.get(i);
            containersOf.get("app" + app).add("c" + i);
            if (all.measured.get(i)) {
                double usage = all.eighthsUsed.get(i) / 8.0;
                source.put("c" + i, Resource.CPU, usage);
                expected.merge("structure=app" + app, usage, Double::sum);
                expected.merge("user=user" + all.userOf.get(app), usage, Double::sum);
            }
        }
        containersOf.forEach((name, containers) -> application(name, containers.toArray(String[]::new)));
        applicationsOf.forEach((name, owned) -> user(name, "clusters", owned.toArray(String[]::new)));

        refeeder(BOTH).runOnce();

        Map<String, Double> sums = new HashMap<>();
        for (DataPoint point : writer.points()) {
            assertThat(point.metric()).endsWith(".cpu.usage");
            Map.Entry<String, String> tag = point.tags().entrySet().iterator().next();
            assertThat(sums.put(tag.getKey() + "=" + tag.getValue(), point.value()))
                    .as("a second sum of %s", tag)
                    .isNull();
        }
        assertThat(sums).isEqualTo(expected);
    }

    private Refeeder refeeder(RefeederSettings settings) {
        return new Refeeder(store, source, writer, clock, settings);
    }

    private OptionalDouble usage(String metric, String tag, String name) {
        return writer.last(metric, tag, name);
    }

    private static Structure app(String name, String... containers) {
        return Structure.of(name, Subtype.APPLICATION)
                .withContainers(List.of(containers))
                .withResource(Resource.CPU, StructureResource.bounds(1, 1_000, true))
                .withResource(Resource.MEMORY, StructureResource.bounds(1, 10_000, true));
    }

    private static Structure withCurrent(Structure app, long cpu, long memory) {
        Structure changed = app.withResource(
                Resource.CPU, app.resource(Resource.CPU).orElseThrow().withCurrent(cpu));
        return memory < 0
                ? changed
                : changed.withResource(
                        Resource.MEMORY,
                        app.resource(Resource.MEMORY).orElseThrow().withCurrent(memory));
    }

    private void application(String name, String... containers) {
        store.create(DocumentKind.STRUCTURES, app(name, containers));
    }

    private void user(String name, String list, String... applications) {
        var names = JsonNodeFactory.instance.arrayNode();
        Arrays.stream(applications).forEach(names::add);
        store.create(DocumentKind.USERS, userWith(name, Map.of(list, names)));
    }

    private static Structure userWith(String name, Map<String, JsonNode> others) {
        var json = JsonNodeFactory.instance.objectNode();
        json.put("type", "structure").put("subtype", "user").put("name", name);
        others.forEach(json::set);
        var resources = json.putObject("resources");
        resources.putObject("cpu").put("max", 10_000);
        resources.putObject("mem").put("max", 10_000);
        return DocumentKind.USERS.read(json);
    }

    private OptionalLong current(String user, Resource resource) {
        return store.find(DocumentKind.USERS, user)
                .orElseThrow()
                .document()
                .resource(resource)
                .orElseThrow()
                .current();
    }

    /** A source that knows what it was told, and remembers what it was asked. */
    private static final class TableOfUsage implements MetricSource {
        private final Map<String, Map<Resource, Double>> usages = new HashMap<>();
        private final List<UsageQuery> asked = new ArrayList<>();
        private Problem problem;

        TableOfUsage put(String container, Resource resource, double usage) {
            usages.computeIfAbsent(container, name -> new HashMap<>()).put(resource, usage);
            return this;
        }

        @Override
        public Usages usage(UsageQuery query) {
            asked.add(query);
            Usages.Builder answer = Usages.builder();
            for (String name : query.structures()) {
                usages.getOrDefault(name, Map.of()).forEach((resource, usage) -> {
                    if (query.resources().contains(resource)) {
                        answer.add(name, resource, usage);
                    }
                });
            }
            if (problem != null) {
                answer.problem(problem);
            }
            return answer.build();
        }
    }
}

package io.serverlesscontainers.core.refeed;

import io.serverlesscontainers.core.spi.DataPoint;
import io.serverlesscontainers.core.spi.MetricSource;
import io.serverlesscontainers.core.spi.TimeSeriesWriter;
import io.serverlesscontainers.core.spi.UsageQuery;
import io.serverlesscontainers.core.spi.Usages;
import io.serverlesscontainers.store.Revisioned;
import io.serverlesscontainers.store.StateStore;
import io.serverlesscontainers.store.document.Document;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.document.Problem;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Shown;
import io.serverlesscontainers.store.document.Structure;
import io.serverlesscontainers.store.document.StructureResource;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Tells what applications and users use: nobody measures them, their containers are. Once per window
 *
 * <ul>
 *   <li>{@code structure.<resource>.usage}, tag {@code structure=<application>}, is the sum over the containers of the
 *       application;
 *   <li>{@code user.<resource>.usage}, tag {@code user=<user>}, is the sum over the applications of the user;
 *   <li>{@code current} of the user, in the state, becomes the sum of {@code current} over the applications of the user,
 *       for the resources that the user's document has and all of the applications have a {@code current} of. Those of
 *       applications are summed up by the {@link io.serverlesscontainers.core.snapshot.StructureSnapshoter}, and nobody
 *       else sums up users.
 * </ul>
 *
 * <p>The applications of a user are those that the document names in its list {@code clusters}, as the documents of older
 * installations do, or {@code applications}, or both.
 *
 * <p>A part without a usage counts nothing: a container that is stopped is still one of its application. As one that is
 * merely not measured looks the same, a sum that lacks a part is told with a problem that names it. Something none of
 * whose parts has a usage has none either, rather than 0.
 *
 * <p>Each {@link #runOnce()} is one window: one question to the source, whatever the number of containers, and one write.
 * The mean is that of the source over {@code [now − delay − window, now − delay]}; a source that reads counters tells that
 * since the call before, and should not be shared with another reader. One thread at a time may call it.
 */
public final class Refeeder {
    private static final List<String> LISTS_OF_APPLICATIONS = List.of("clusters", "applications");
    private static final int MOST_NAMES = 5;

    private final StateStore store;
    private final MetricSource source;
    private final TimeSeriesWriter writer;
    private final Clock clock;
    private final RefeederSettings settings;

    /** A Refeeder of the applications and users in a store. It closes nothing that it is given. */
    public Refeeder(
            StateStore store, MetricSource source, TimeSeriesWriter writer, Clock clock, RefeederSettings settings) {
        this.store = Objects.requireNonNull(store, "store");
        this.source = Objects.requireNonNull(source, "source");
        this.writer = Objects.requireNonNull(writer, "writer");
        this.clock = Objects.requireNonNull(clock, "clock");
        this.settings = Objects.requireNonNull(settings, "settings");
    }

    /**
     * What one window brought.
     *
     * @param points how many sums were written
     * @param problems what is missing from them, and what the source had to say; one sentence each
     */
    public record Refed(int points, List<Problem> problems) {
        /** Copies the list. */
        public Refed {
            problems = List.copyOf(problems);
        }
    }

    /**
     * One window.
     *
     * @throws io.serverlesscontainers.store.StateStoreException if the store cannot be read or written
     */
    public Refed runOnce() {
        Map<String, Structure> applications = new LinkedHashMap<>();
        for (Structure structure : read(DocumentKind.STRUCTURES)) {
            if (structure.subtype() == Structure.Subtype.APPLICATION) {
                applications.put(structure.name(), structure);
            }
        }
        List<Structure> users =
                settings.structures().contains(Structure.Subtype.USER) ? read(DocumentKind.USERS) : List.of();

        Instant now = clock.instant();
        Instant end = now.minus(settings.delay());
        Usages usages = ask(applications, end);
        var window = new Window(settings.stamp() == RefeederSettings.Stamp.NOW ? now : end);
        window.problems.addAll(usages.problems());

        Map<String, Map<Resource, Double>> ofApplications = new LinkedHashMap<>();
        for (Structure application : applications.values()) {
            ofApplications.put(
                    application.name(),
                    window.sum(
                            application, "containers", new LinkedHashSet<>(application.containers()), usages::orNaN));
        }
        if (settings.structures().contains(Structure.Subtype.APPLICATION)) {
            ofApplications.forEach((name, usage) -> window.write("structure", name, usage));
        }
        Map<String, UnaryOperator<Structure>> changes = new LinkedHashMap<>();
        for (Structure user : users) {
            Set<String> owned = window.applicationsOf(user, applications);
            window.write(
                    "user",
                    user.name(),
                    window.sum(
                            user,
                            "applications",
                            owned,
                            (application, resource) -> ofApplications
                                    .getOrDefault(application, Map.of())
                                    .getOrDefault(resource, Double.NaN)));
            Map<Resource, Long> current = current(user, owned, applications);
            if (!withCurrent(user, current).equals(user)) {
                changes.put(user.name(), fresh -> withCurrent(fresh, current));
            }
        }
        if (!window.points.isEmpty()) {
            writer.write(window.points);
        }
        if (!changes.isEmpty()) {
            store.changeAll(DocumentKind.USERS, changes);
        }
        return new Refed(window.points.size(), window.problems);
    }

    private <D extends Document> List<D> read(DocumentKind<D> kind) {
        return store.findAll(kind).stream().map(Revisioned::document).toList();
    }

    private Usages ask(Map<String, Structure> applications, Instant end) {
        Set<String> containers = new LinkedHashSet<>();
        applications.values().forEach(application -> containers.addAll(application.containers()));
        if (containers.isEmpty() || settings.resources().isEmpty()) {
            return Usages.none();
        }
        return source.usage(new UsageQuery(
                Structure.Subtype.CONTAINER,
                List.copyOf(containers),
                settings.resources(),
                end.minus(settings.window()),
                end));
    }

    /** The sums of {@code current}, of the resources that all applications have one of. */
    private static Map<Resource, Long> current(Structure user, Set<String> owned, Map<String, Structure> applications) {
        Map<Resource, Long> sums = new EnumMap<>(Resource.class);
        for (Resource resource : user.resources().keySet()) {
            long sum = 0;
            boolean complete = !owned.isEmpty();
            for (String name : owned) {
                OptionalLong current = Optional.ofNullable(applications.get(name))
                        .flatMap(application -> application.resource(resource))
                        .map(StructureResource::current)
                        .orElse(OptionalLong.empty());
                complete &= current.isPresent();
                sum += current.orElse(0);
            }
            if (complete) {
                sums.put(resource, sum);
            }
        }
        return sums;
    }

    private static Structure withCurrent(Structure user, Map<Resource, Long> current) {
        Structure changed = user;
        for (Map.Entry<Resource, Long> sum : current.entrySet()) {
            Optional<StructureResource> has = user.resource(sum.getKey());
            if (has.isPresent()) {
                changed = changed.withResource(sum.getKey(), has.get().withCurrent(sum.getValue()));
            }
        }
        return changed;
    }

    /** The usage of a part, {@link Double#NaN} if it has none. */
    private interface UsageOfPart {
        double of(String part, Resource resource);
    }

    /** What one window has gathered. */
    private final class Window {
        private final Instant stamp;
        private final List<DataPoint> points = new ArrayList<>();
        private final List<Problem> problems = new ArrayList<>();

        Window(Instant stamp) {
            this.stamp = stamp;
        }

        /** Sums of the usages of parts; none for a resource that no part has a usage of. */
        Map<Resource, Double> sum(Structure whole, String wordForParts, Set<String> parts, UsageOfPart usageOf) {
            Map<Resource, Double> sums = new EnumMap<>(Resource.class);
            for (Resource resource : settings.resources()) {
                double sum = 0;
                List<String> without = new ArrayList<>();
                for (String part : parts) {
                    double usage = usageOf.of(part, resource);
                    if (Double.isNaN(usage)) {
                        without.add(part);
                    } else {
                        sum += usage;
                    }
                }
                if (without.size() < parts.size()) {
                    sums.put(resource, sum);
                    if (!without.isEmpty()) {
                        problems.add(incomplete(whole, resource, wordForParts, parts.size(), without));
                    }
                }
            }
            return sums;
        }

        private Problem incomplete(
                Structure whole, Resource resource, String wordForParts, int all, List<String> without) {
            List<String> shown = without.stream()
                    .sorted()
                    .limit(MOST_NAMES)
                    .map(name -> "'" + Shown.of(name) + "'")
                    .toList();
            int more = without.size() - shown.size();
            return new Problem(
                    Shown.named(whole.subtype().wireName(), whole.name()),
                    resource + " usage is that of " + (all - without.size()) + " of its " + all + " " + wordForParts
                            + ": there is none of " + String.join(", ", shown)
                            + (more > 0 ? " and " + more + " more" : ""));
        }

        void write(String tag, String name, Map<Resource, Double> usage) {
            Map<String, String> tags = Map.of(tag, name);
            usage.forEach((resource, sum) ->
                    points.add(new DataPoint(tag + "." + resource.wireName() + ".usage", tags, stamp, sum)));
        }

        /** The names of a user's applications; one that is not there is a problem, and still one of them. */
        Set<String> applicationsOf(Structure user, Map<String, Structure> applications) {
            Set<String> owned = new LinkedHashSet<>();
            for (String list : LISTS_OF_APPLICATIONS) {
                ApplicationNames.in(user, list, owned).ifPresent(problems::add);
            }
            for (String name : owned) {
                if (!applications.containsKey(name)) {
                    problems.add(new Problem(
                            Shown.named("user", user.name()),
                            "owns the application '" + Shown.of(name) + "', there is none of this name"));
                }
            }
            return owned;
        }
    }
}

package io.serverlesscontainers.core.sanity;

import io.serverlesscontainers.store.Revisioned;
import io.serverlesscontainers.store.StateStore;
import io.serverlesscontainers.store.Stored;
import io.serverlesscontainers.store.document.Document;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.document.Limits;
import io.serverlesscontainers.store.document.Problem;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Shown;
import io.serverlesscontainers.store.document.Structure;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Looks through the state for documents that do not fit together, and says so, one sentence for each.
 *
 * <table>
 * <caption>What is looked for, and what is done about it</caption>
 * <tr><th>Inconsistency</th><th>Healed</th></tr>
 * <tr><td>a guarded container or application without a limits document, or without limits of a guarded resource</td>
 * <td>no: nobody else knows the boundary</td></tr>
 * <tr><td>a limits document of no structure and no user</td><td>no: the structure may be about to be added</td></tr>
 * <tr><td>{@code min > max}, {@code current > max} or {@code current < min}</td><td>no: which of the two is wrong, a
 * person knows</td></tr>
 * <tr><td>an application that names a container that is not there</td><td>no: it may be about to be added</td></tr>
 * <tr><td>a container on a host that is not there</td><td>no</td></tr>
 * <tr><td>a host whose containers may use more than it has, or whose {@code free} is not {@code max} less the limits of
 * its containers</td><td>no: the Scaler reckons it anew when it next changes a limit there</td></tr>
 * <tr><td>a core map whose cores do not have 100 shares, that names a container that is not there, or that gives one
 * other shares than its CPU limit</td><td>no: the Scaler, as above</td></tr>
 * <tr><td>events and requests older than twice their timeout</td><td>removed: the Guardian and the Scaler ignore them
 * since they timed out, and a service that is switched off leaves them lying</td></tr>
 * </table>
 *
 * <p>The services change one document after the other, so that for a moment documents do not fit. What is found is
 * therefore told from the second check in a row on that finds it. What cannot be read in a document is told at once.
 * {@code upper} and {@code lower} are not looked at: the Guardian puts them right in every window.
 *
 * <p>Each {@link #runOnce()} is one check: one read each of structures, users, limits, events and requests. One thread at a
 * time may call it.
 */
public final class SanityChecker {
    private static final int STALE = 2;

    private final StateStore store;
    private final Clock clock;
    private final SanityCheckerSettings settings;
    private Set<String> foundBefore = Set.of();

    /** A checker of what is in a store, which it does not close. */
    public SanityChecker(StateStore store, Clock clock, SanityCheckerSettings settings) {
        this.store = Objects.requireNonNull(store, "store");
        this.clock = Objects.requireNonNull(clock, "clock");
        this.settings = Objects.requireNonNull(settings, "settings");
    }

    /**
     * What one check found.
     *
     * @param problems what does not fit and cannot be read; the same at each check as long as it is so
     * @param staleEvents how many events were found that count no more, and were removed if healing is on
     * @param staleRequests the same of requests
     */
    public record Checked(List<Problem> problems, int staleEvents, int staleRequests) {
        /** Copies the list. */
        public Checked {
            problems = List.copyOf(problems);
        }
    }

    /**
     * One check.
     *
     * @throws io.serverlesscontainers.store.StateStoreException if the store cannot be read or written
     */
    public Checked runOnce() {
        List<Structure> structures = read(DocumentKind.STRUCTURES);
        List<Structure> users = read(DocumentKind.USERS);
        List<Limits> limits = read(DocumentKind.LIMITS);
        List<Problem> problems = new ArrayList<>();
        structures.forEach(structure -> problems.addAll(structure.problems()));
        users.forEach(user -> problems.addAll(user.problems()));
        limits.forEach(each -> problems.addAll(each.problems()));

        var findings = new Findings();
        checkLimits(structures, users, limits, findings);
        structures.forEach(structure -> checkBounds(structure, findings));
        checkContainers(structures, findings);
        problems.addAll(findings.foundAgain(foundBefore));
        foundBefore = findings.keys();

        Instant now = clock.instant();
        List<String> events = stale(store.events(), event -> event.timestamp(), now, settings.eventTimeout());
        List<String> requests = stale(store.requests(), request -> request.timestamp(), now, settings.requestTimeout());
        if (settings.heals()) {
            if (!events.isEmpty()) {
                store.removeEvents(events);
            }
            if (!requests.isEmpty()) {
                store.removeRequests(requests);
            }
        }
        return new Checked(problems, events.size(), requests.size());
    }

    private <D extends Document> List<D> read(DocumentKind<D> kind) {
        return store.findAll(kind).stream().map(Revisioned::document).toList();
    }

    private static <T> List<String> stale(
            List<Stored<T>> all, Function<T, Instant> timestamp, Instant now, Duration timeout) {
        Instant oldest = now.minus(timeout.multipliedBy(STALE));
        return all.stream()
                .filter(stored -> timestamp.apply(stored.entry()).isBefore(oldest))
                .map(Stored::id)
                .toList();
    }

    private static void checkLimits(
            List<Structure> structures, List<Structure> users, List<Limits> limits, Findings findings) {
        Map<String, Limits> byName =
                limits.stream().collect(Collectors.toMap(Limits::name, Function.identity(), (one, other) -> one));
        Set<String> known = new HashSet<>();
        structures.forEach(structure -> known.add(structure.name()));
        users.forEach(user -> known.add(user.name()));
        for (Limits each : limits) {
            if (!known.contains(each.name())) {
                findings.add("no structure", Shown.named("limits", each.name()), "there is no structure of this name");
            }
        }
        for (Structure structure : structures) {
            if (structure.subtype() != Structure.Subtype.HOST && structure.isGuarded()) {
                checkGuarded(structure, Optional.ofNullable(byName.get(structure.name())), findings);
            }
        }
    }

    private static void checkGuarded(Structure structure, Optional<Limits> limits, Findings findings) {
        if (limits.isEmpty()) {
            findings.add("no limits", named(structure), "is guarded and has no limits document: it is not scaled");
            return;
        }
        for (Resource resource : structure.resources().keySet()) {
            if (structure.isGuarded(resource) && limits.get().resource(resource).isEmpty()) {
                findings.add(
                        "no limits of " + resource,
                        named(structure),
                        "its " + resource + " is guarded, and its limits document does not have it: it is not scaled");
            }
        }
    }

    private static void checkBounds(Structure structure, Findings findings) {
        structure.resources().forEach((resource, has) -> {
            if (has.max().isEmpty() || structure.subtype() == Structure.Subtype.HOST) {
                return;
            }
            long max = has.max().getAsLong();
            long min = has.min().orElse(Long.MIN_VALUE);
            if (min > max) {
                tell(structure, resource, "min", min, "more than max, which is " + max, findings);
            }
            has.current().ifPresent(current -> {
                if (current > max) {
                    tell(structure, resource, "current", current, "more than max, which is " + max, findings);
                } else if (current < min) {
                    tell(structure, resource, "current", current, "less than min, which is " + min, findings);
                }
            });
        });
    }

    private static void tell(
            Structure structure, Resource resource, String field, long value, String relation, Findings findings) {
        findings.add(
                "bounds " + resource + " " + field,
                named(structure),
                field + " of " + resource + " is " + value + ", " + relation);
    }

    private static void checkContainers(List<Structure> structures, Findings findings) {
        Map<String, List<Structure>> byHost = new HashMap<>();
        Set<String> containers = new HashSet<>();
        Set<String> hosts = new HashSet<>();
        for (Structure structure : structures) {
            if (structure.subtype() == Structure.Subtype.CONTAINER) {
                containers.add(structure.name());
                structure
                        .host()
                        .ifPresent(host -> byHost.computeIfAbsent(host, name -> new ArrayList<>())
                                .add(structure));
            } else if (structure.subtype() == Structure.Subtype.HOST) {
                hosts.add(structure.name());
            }
        }
        for (Structure structure : structures) {
            switch (structure.subtype()) {
                case APPLICATION ->
                    structure.containers().stream()
                            .filter(name -> !containers.contains(name))
                            .forEach(name -> findings.add(
                                    "container " + name,
                                    named(structure),
                                    "names the container '" + Shown.of(name) + "', there is none of this name"));
                case CONTAINER ->
                    structure
                            .host()
                            .filter(host -> !hosts.contains(host))
                            .ifPresent(host -> findings.add(
                                    "host",
                                    named(structure),
                                    "is on the host '" + Shown.of(host) + "', there is none of this name"));
                case HOST -> new HostCheck(structure, byHost.getOrDefault(structure.name(), List.of())).into(findings);
                case USER -> {}
            }
        }
    }

    private static String named(Structure structure) {
        return Shown.named(structure.subtype().wireName(), structure.name());
    }
}

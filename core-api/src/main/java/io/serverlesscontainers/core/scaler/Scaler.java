package io.serverlesscontainers.core.scaler;

import io.serverlesscontainers.core.decision.ScalerDecision;
import io.serverlesscontainers.core.decision.ScalerDecision.Outcome;
import io.serverlesscontainers.core.spi.CgroupDriver;
import io.serverlesscontainers.core.spi.CgroupException;
import io.serverlesscontainers.core.spi.HostDrivers;
import io.serverlesscontainers.core.spi.MetricSource;
import io.serverlesscontainers.core.spi.Ownership;
import io.serverlesscontainers.core.spi.UsageQuery;
import io.serverlesscontainers.core.spi.Usages;
import io.serverlesscontainers.store.Revisioned;
import io.serverlesscontainers.store.StateStore;
import io.serverlesscontainers.store.Stored;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.ScalingRequest;
import io.serverlesscontainers.store.document.Structure;
import io.serverlesscontainers.store.document.StructureResource;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Acts: carries out the requests (design, section 4). Each {@link #runOnce()} is one poll. One thread at a time may call
 * it, and one Scaler at a time may serve a host.
 *
 * <p>A request is applied at most once. It is taken out of the store before its limit is written, and put back if the
 * kernel refuses; whoever crashes in between loses a wish that the Guardian will have again, never applies one twice. And
 * a request that was made for another limit than the kernel has now is not applied at all, if it says for which
 * ({@link ScalingRequest#madeFor}) or the state does: the state is put right, and the Guardian decides anew. A host whose
 * account does not add up with its containers' limits, which a crash can leave behind, gets a new one.
 *
 * <p>A request for an application is divided among its containers: an increase goes to those that have least left between
 * usage and limit, a decrease is taken from those that have most, and none leaves its own [min, max]. What no container
 * can take is dropped.
 *
 * <p>Hosts are served beside each other if the {@linkplain ScalerSettings#withHostsAtOnce settings} say so, and then the
 * listener must allow for several threads. What is asked of a host that does not answer is tried again until it is too
 * old; the other hosts do not wait for it.
 */
public final class Scaler implements AutoCloseable {
    private final StateStore store;
    private final HostDrivers drivers;
    private final MetricSource usage;
    private final ScalerSettings settings;
    private final Clock clock;
    private final Consumer<? super ScalerDecision> listener;
    private final HostWorkers workers;

    /**
     * A Scaler over a store and one driver for all containers in it. It closes neither.
     *
     * @param requestTimeout how long a request is good for; more than 0
     * @param listener is told what became of every request, on the thread that polls
     */
    public Scaler(
            StateStore store,
            CgroupDriver driver,
            Duration requestTimeout,
            Clock clock,
            Consumer<? super ScalerDecision> listener) {
        this(
                store,
                HostDrivers.only(driver),
                query -> Usages.none(),
                ScalerSettings.stock().withRequestTimeout(requestTimeout),
                clock,
                listener);
    }

    /**
     * A Scaler over a store and the drivers of its hosts. It closes neither, nor the source of usage.
     *
     * @param usage what the containers of an application use, asked for only when a request for one is divided
     * @param listener is told what became of every request
     */
    public Scaler(
            StateStore store,
            HostDrivers drivers,
            MetricSource usage,
            ScalerSettings settings,
            Clock clock,
            Consumer<? super ScalerDecision> listener) {
        this.store = Objects.requireNonNull(store, "store");
        this.drivers = Objects.requireNonNull(drivers, "drivers");
        this.usage = Objects.requireNonNull(usage, "usage");
        this.settings = Objects.requireNonNull(settings, "settings");
        this.clock = Objects.requireNonNull(clock, "clock");
        this.listener = Objects.requireNonNull(listener, "listener");
        this.workers =
                settings.hostsAtOnce() == 1 ? null : new HostWorkers(settings.hostsAtOnce(), settings.hostPatience());
    }

    /**
     * One poll of all hosts.
     *
     * @return how many limits moved
     * @throws io.serverlesscontainers.store.StateStoreException if the store cannot be read or written
     */
    public int runOnce() {
        return runOnce(Ownership.everything());
    }

    /**
     * One poll of the hosts of one of several Scalers; requests for others stay where they are. Nothing is written any
     * more, in kernel or state, for a host that stops being this one's while it is being worked on: not even the requests
     * for it, which the Guardian will have again.
     *
     * @param ownership which hosts are this one's, by name; empty for containers that name none
     */
    public int runOnce(Ownership ownership) {
        Set<String> busy = workers == null ? Set.of() : workers.busy();
        return new Poll(ownership, host -> !busy.contains(host) && ownership.mayBegin(host)).run();
    }

    /** Ends the threads of its own, if it has any, when their work is done. */
    @Override
    public void close() {
        if (workers != null) {
            workers.close();
        }
    }

    /** One poll's work. */
    private final class Poll {
        private final Instant now = clock.instant();
        private final Ownership ownership;
        private final Predicate<String> isServed;
        private final Map<String, BooleanSupplier> holds = new HashMap<>();
        private final Map<String, Structure> structures = new HashMap<>();
        private final Map<String, List<Structure>> containersOf = new LinkedHashMap<>();
        private final Map<String, List<ScalingRequest>> waiting = new LinkedHashMap<>();

        Poll(Ownership ownership, Predicate<String> isServed) {
            this.ownership = ownership;
            this.isServed = isServed;
        }

        int run() {
            readStructures();
            List<Stored<ScalingRequest>> requests = store.requests().stream()
                    .filter(each -> isTaken(hostOf(each.entry())))
                    .toList();
            RequestQueue queue = RequestQueue.of(requests, now, settings.requestTimeout());
            if (!requests.isEmpty()) {
                store.removeRequests(requests.stream().map(Stored::id).toList());
            }
            divided(queue.toApply()).forEach(this::await);
            try {
                tellDropped(queue);
                return serve();
            } finally {
                // Also those whose turn did not come, because a listener failed, are wishes as good as before.
                List<ScalingRequest> left = waiting.entrySet().stream()
                        .filter(each -> !isLost(each.getKey()))
                        .flatMap(each -> each.getValue().stream())
                        .toList();
                if (!left.isEmpty()) {
                    store.addRequests(left);
                }
            }
        }

        /** Whether a host is served in this poll: from the first time that this is asked on, as long as it is held. */
        private boolean isTaken(String host) {
            BooleanSupplier hold = holds.get(host);
            if (hold == null && isServed.test(host)) {
                hold = ownership.unbroken(host);
                holds.put(host, hold);
            }
            return hold != null && hold.getAsBoolean();
        }

        private boolean isLost(String host) {
            BooleanSupplier hold = holds.get(host);
            return hold != null && !hold.getAsBoolean();
        }

        private void readStructures() {
            for (Revisioned<Structure> each : store.findAll(DocumentKind.STRUCTURES)) {
                Structure structure = each.document();
                structures.put(structure.name(), structure);
                if (structure.subtype() == Structure.Subtype.CONTAINER) {
                    containersOf
                            .computeIfAbsent(structure.host().orElse(""), host -> new ArrayList<>())
                            .add(structure);
                }
            }
        }

        /** Whose host it is for; an application's is that of its first container. */
        private String hostOf(ScalingRequest request) {
            Structure structure = structures.get(request.structure());
            if (structure == null) {
                return request.host().orElse("");
            }
            return structure.subtype() == Structure.Subtype.APPLICATION
                    ? parts(structure)
                            .map(part -> part.host().orElse(""))
                            .findFirst()
                            .orElse("")
                    : structure.host().orElse("");
        }

        private Stream<Structure> parts(Structure application) {
            return application.containers().stream()
                    .sorted()
                    .map(structures::get)
                    .filter(part -> part != null && part.subtype() == Structure.Subtype.CONTAINER);
        }

        private void await(ScalingRequest request) {
            waiting.computeIfAbsent(hostOf(request), host -> new ArrayList<>()).add(request);
        }

        private void tellDropped(RequestQueue queue) {
            for (Stored<ScalingRequest> old : queue.expired()) {
                tell(
                        old.entry(),
                        Outcome.EXPIRED,
                        "request is older than " + settings.requestTimeout().toSeconds() + " s and dropped");
            }
            for (Stored<ScalingRequest> other : queue.superseded()) {
                tell(other.entry(), Outcome.SUPERSEDED, "request gives way to a newer or more important one");
            }
        }

        /** The requests for containers as they are, those for applications as requests for their containers. */
        private List<ScalingRequest> divided(List<Stored<ScalingRequest>> requests) {
            var divided = new ArrayList<ScalingRequest>();
            for (Stored<ScalingRequest> each : requests) {
                Structure structure = structures.get(each.entry().structure());
                if (structure != null && structure.subtype() == Structure.Subtype.APPLICATION) {
                    divided.addAll(divide(each.entry(), structure));
                } else {
                    divided.add(each.entry());
                }
            }
            // What the containers of applications give comes before what others get, as always.
            divided.sort(Comparator.comparing(request -> request.amount() >= 0));
            return divided;
        }

        private List<ScalingRequest> divide(ScalingRequest request, Structure application) {
            Resource resource = request.resource();
            List<Structure> containers = parts(application)
                    .filter(part -> part.resource(resource).isPresent())
                    .toList();
            Instant to = now.minus(settings.usageDelay());
            Usages used = usage.usage(new UsageQuery(
                    Structure.Subtype.CONTAINER,
                    containers.stream().map(Structure::name).toList(),
                    Set.of(resource),
                    to.minus(settings.usageWindow()),
                    to));
            Map<String, Long> amounts = ApplicationSpread.of(
                    request.amount(),
                    containers.stream()
                            .map(part -> part(part, resource, used.orNaN(part.name(), resource)))
                            .toList());
            if (amounts.isEmpty()) {
                tell(
                        request,
                        Outcome.REFUSED,
                        containers.isEmpty()
                                ? "the application has no container with this resource"
                                : "the bounds of its containers leave nothing of it");
            } else {
                tell(request, Outcome.DIVIDED, "divided among its containers: " + amounts);
            }
            return containers.stream()
                    .filter(part -> amounts.containsKey(part.name()))
                    .map(part -> ScalingRequest.of(
                            part, resource, amounts.get(part.name()), request.priority(), request.timestamp()))
                    .toList();
        }

        private ApplicationSpread.Part part(Structure container, Resource resource, double used) {
            StructureResource has = container.resource(resource).orElseThrow();
            long max = has.max().orElse(Long.MAX_VALUE / 4);
            return new ApplicationSpread.Part(
                    container.name(),
                    has.current().orElse(has.max().orElse(0)),
                    has.min().orElse(1),
                    max,
                    used);
        }

        /** Gives each host its turn; what is for hosts that are not served stays among the waiting. */
        private int serve() {
            var hosts = new LinkedHashSet<>(waiting.keySet());
            containersOf.forEach((host, containers) -> {
                Structure document = structures.get(host);
                if (settings.checksAccounts()
                        || HostTurn.isAboveMax(containers)
                        || document != null && HostTurn.isAccountOff(document, containers)) {
                    hosts.add(host);
                }
            });
            hosts.removeIf(host -> !isTaken(host));
            if (workers == null) {
                return hosts.stream().mapToInt(host -> turn(host).getAsInt()).sum();
            }
            var turns = new LinkedHashMap<String, IntSupplier>();
            hosts.forEach(host -> turns.put(host, turn(host)));
            return workers.work(turns);
        }

        /** The turn of a host, with its requests, which do not wait any more. */
        private IntSupplier turn(String host) {
            List<ScalingRequest> requests = waiting.getOrDefault(host, List.of());
            waiting.remove(host);
            List<Structure> containers = containersOf.getOrDefault(host, List.of());
            BooleanSupplier isHeld = holds.get(host);
            return () -> {
                if (containers.isEmpty()) {
                    requests.forEach(each -> tell(each, Outcome.REFUSED, "there is no container of this name"));
                    return 0;
                }
                CgroupDriver driver;
                try {
                    driver = drivers.of(containers.get(0));
                } catch (CgroupException noWayThere) {
                    if (isHeld.getAsBoolean()) {
                        store.addRequests(requests);
                    }
                    requests.forEach(each -> tell(each, Outcome.FAILED, noWayThere.getMessage()));
                    return 0;
                }
                Optional<Structure> document = Optional.ofNullable(structures.get(host))
                        .filter(each -> each.subtype() == Structure.Subtype.HOST);
                return new HostTurn(store, driver, isHeld, now, settings, listener, document, host, containers)
                        .run(requests);
            };
        }

        private void tell(ScalingRequest request, Outcome outcome, String reason) {
            listener.accept(HostTurn.unmoved(now, request, outcome, reason));
        }
    }
}

package io.serverlesscontainers.core.scaler;

import io.serverlesscontainers.core.decision.ScalerDecision;
import io.serverlesscontainers.core.decision.ScalerDecision.Outcome;
import io.serverlesscontainers.core.spi.CgroupDriver;
import io.serverlesscontainers.core.spi.CgroupException;
import io.serverlesscontainers.core.spi.CpuSet;
import io.serverlesscontainers.core.spi.LimitChange;
import io.serverlesscontainers.core.spi.LimitOutcome;
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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Acts: carries out the requests for containers of the host that its driver is for (design, section 4). Each
 * {@link #runOnce()} is one poll. One thread at a time may call it, and one Scaler at a time may serve a host.
 *
 * <p>A request is applied at most once. It is taken out of the store before its limit is written, and put back if the
 * kernel refuses; whoever crashes in between loses a wish that the Guardian will have again, never applies one twice. And
 * a request that was made for another limit than the kernel has now is not applied at all: the state is put right, and
 * the Guardian decides anew.
 */
public final class Scaler {
    private final StateStore store;
    private final CgroupDriver driver;
    private final Duration requestTimeout;
    private final Clock clock;
    private final Consumer<? super ScalerDecision> listener;
    private final boolean leavesDrift;

    /**
     * A Scaler over a store and a host's driver. It closes neither.
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
        this(store, driver, requestTimeout, clock, listener, false);
    }

    /**
     * The same.
     *
     * @param leavesDrift whether the state keeps its word on a limit that somebody else has changed, because a {@link
     *     io.serverlesscontainers.core.snapshot.StructureSnapshoter} restores it; requests for it are dropped until then
     */
    public Scaler(
            StateStore store,
            CgroupDriver driver,
            Duration requestTimeout,
            Clock clock,
            Consumer<? super ScalerDecision> listener,
            boolean leavesDrift) {
        this.leavesDrift = leavesDrift;
        this.store = Objects.requireNonNull(store, "store");
        this.driver = Objects.requireNonNull(driver, "driver");
        this.clock = Objects.requireNonNull(clock, "clock");
        this.listener = Objects.requireNonNull(listener, "listener");
        if (requestTimeout.isNegative() || requestTimeout.isZero()) {
            throw new IllegalArgumentException("the request timeout is " + requestTimeout + ", more than 0 is needed");
        }
        this.requestTimeout = requestTimeout;
    }

    /**
     * One poll.
     *
     * @return how many limits moved
     * @throws io.serverlesscontainers.store.StateStoreException if the store cannot be read or written
     */
    public int runOnce() {
        return new Poll(clock.instant()).run(store.requests());
    }

    /** One poll's work. */
    private final class Poll {
        private final Instant now;
        private final Map<String, Structure> containers = new HashMap<>();
        private final Map<String, Structure> hosts = new HashMap<>();
        private final Map<String, HostAccounting> accounts = new HashMap<>();
        private final Map<String, Map<Resource, Long>> moved = new LinkedHashMap<>();
        private final Deque<ScalingRequest> pending = new ArrayDeque<>();
        private final List<ScalingRequest> toRetry = new ArrayList<>();
        private int applied;

        Poll(Instant now) {
            this.now = now;
            for (Revisioned<Structure> each : store.findAll(DocumentKind.STRUCTURES)) {
                Structure structure = each.document();
                if (structure.subtype() == Structure.Subtype.CONTAINER) {
                    containers.put(structure.name(), structure);
                } else if (structure.subtype() == Structure.Subtype.HOST) {
                    hosts.put(structure.name(), structure);
                }
            }
        }

        int run(List<Stored<ScalingRequest>> requests) {
            RequestQueue queue = RequestQueue.of(requests, now, requestTimeout);
            if (!requests.isEmpty()) {
                store.removeRequests(requests.stream().map(Stored::id).toList());
            }
            queue.toApply().forEach(each -> pending.add(each.entry()));
            try {
                for (Stored<ScalingRequest> old : queue.expired()) {
                    String reason = "request is older than " + requestTimeout.toSeconds() + " s and dropped";
                    listener.accept(dropped(old.entry(), Outcome.EXPIRED, reason));
                }
                for (Stored<ScalingRequest> other : queue.superseded()) {
                    String reason = "request gives way to a newer or more important one";
                    listener.accept(dropped(other.entry(), Outcome.SUPERSEDED, reason));
                }
                limitsAboveMax().forEach(each -> listener.accept(carryOut(each, 0)));
                while (!pending.isEmpty()) {
                    ScalingRequest request = pending.remove();
                    ScalerDecision decision = carryOut(request, request.amount());
                    if (decision.outcome() == Outcome.FAILED) {
                        toRetry.add(request);
                    }
                    listener.accept(decision);
                }
            } finally {
                writeBack();
            }
            return applied;
        }

        /**
         * A limit that lies above a {@code max} that somebody has lowered comes down at once; it needs no events. The
         * amounts only say by how much: they count from {@code max}, so there is nothing left of them.
         */
        private List<ScalingRequest> limitsAboveMax() {
            var requests = new ArrayList<ScalingRequest>();
            for (Structure container : containers.values()) {
                container.resources().forEach((resource, has) -> {
                    OptionalLong current = has.current();
                    OptionalLong max = has.max();
                    if (container.isGuarded(resource)
                            && driver.resources().contains(resource)
                            && current.isPresent()
                            && max.isPresent()
                            && current.getAsLong() > max.getAsLong()) {
                        requests.add(
                                ScalingRequest.of(container, resource, max.getAsLong() - current.getAsLong(), 0, now));
                    }
                });
            }
            return requests;
        }

        /** Moves a limit by an amount from where it is, or from {@code max} if it lies above. */
        private ScalerDecision carryOut(ScalingRequest request, long amount) {
            Structure container = containers.get(request.structure());
            if (container == null) {
                return dropped(request, Outcome.REFUSED, "there is no container of this name");
            }
            Optional<StructureResource> has = container.resource(request.resource());
            if (has.isEmpty() || !driver.resources().contains(request.resource())) {
                return dropped(request, Outcome.REFUSED, "this resource of it has no limit that could be moved");
            }
            try {
                return carryOut(request, amount, container, has.get());
            } catch (CgroupException failed) {
                return dropped(request, Outcome.FAILED, failed.getMessage());
            } catch (RuntimeException failed) {
                // A driver that breaks its contract costs this container its turn, not the others theirs.
                return dropped(request, Outcome.FAILED, "the driver failed: " + failed);
            }
        }

        private ScalerDecision carryOut(
                ScalingRequest request, long amount, Structure container, StructureResource has) {
            String name = request.structure();
            Resource resource = request.resource();
            OptionalLong enforced = driver.limits(name).limit(resource);
            OptionalLong known = has.current();
            HostAccounting account = account(container);
            if (enforced.isPresent() && known.isPresent() && enforced.getAsLong() != known.getAsLong()) {
                boolean left = leavesDrift && container.isGuarded(resource);
                if (!left) {
                    account.set(name, resource, enforced.getAsLong());
                    note(container, resource, enforced.getAsLong());
                }
                return dropped(
                        request,
                        Outcome.OUTDATED,
                        "the kernel's limit is " + enforced.getAsLong() + ", not " + known.getAsLong()
                                + " as the request assumed; "
                                + (left ? "it is to be restored first" : "the state is put right"));
            }
            long from = known.orElse(enforced.orElse(has.max().orElse(0)));
            // The Guardian reckons from a limit that is at most max; so must this.
            long base = Math.max(0, Math.min(from, has.max().orElse(from)));
            long aim = base + Math.max(-base, Math.min(amount, Long.MAX_VALUE - base));
            long asked = within(has, aim);
            if (asked == from && enforced.isPresent()) {
                return dropped(
                        request,
                        Outcome.REFUSED,
                        "limit is " + from + " " + resource.unit() + ", its bounds leave nothing of "
                                + (request.amount() < 0 ? "" : "+") + request.amount());
            }
            long wanted = asked <= from ? asked : Math.max(from, Math.min(asked, account.most(name, resource)));
            if (wanted == from && asked != from) {
                return dropped(request, Outcome.REFUSED, "the host has no " + resource + " free");
            }
            return apply(request, container, account, from, asked, wanted);
        }

        /** Between min and max, and at least 1; where these contradict each other, max holds. */
        private long within(StructureResource has, long limit) {
            long atLeastMin = Math.max(limit, Math.max(1, has.min().orElse(1)));
            return Math.min(atLeastMin, Math.max(1, has.max().orElse(Long.MAX_VALUE)));
        }

        private ScalerDecision apply(
                ScalingRequest request,
                Structure container,
                HostAccounting account,
                long from,
                long asked,
                long wanted) {
            String name = request.structure();
            Resource resource = request.resource();
            HostAccounting.Holding before = account.holding(name, resource);
            account.set(name, resource, wanted);
            Optional<CpuSet> cpus = resource == Resource.CPU
                    ? Optional.of(account.cpus(name)).filter(set -> !set.isEmpty())
                    : Optional.empty();
            LimitOutcome outcome;
            try {
                outcome = driver.apply(name, new LimitChange(resource, OptionalLong.of(wanted), cpus));
            } catch (RuntimeException failed) {
                account.restore(name, resource, before);
                throw failed;
            }
            long reached = outcome.reached().orElse(from);
            if (reached == from && reached != wanted) {
                account.restore(name, resource, before);
            } else if (reached != wanted) {
                account.set(name, resource, reached);
            }
            note(container, resource, reached);
            if (reached != from) {
                applied++;
            }
            return new ScalerDecision(
                    now,
                    name,
                    resource,
                    reached == asked ? Outcome.APPLIED : reached == from ? Outcome.REFUSED : Outcome.PARTIAL,
                    request.amount(),
                    OptionalLong.of(from),
                    OptionalLong.of(wanted),
                    OptionalLong.of(reached),
                    cpus,
                    sentence(resource, from, asked, wanted, reached, cpus, outcome));
        }

        private String sentence(
                Resource resource,
                long from,
                long asked,
                long wanted,
                long reached,
                Optional<CpuSet> cpus,
                LimitOutcome outcome) {
            var sentence = new StringBuilder("limit ")
                    .append(from)
                    .append(" to ")
                    .append(reached)
                    .append(' ')
                    .append(resource.unit());
            cpus.ifPresent(set -> sentence.append(" on cpus ").append(set));
            if (wanted != asked) {
                sentence.append("; asked for ").append(asked).append(", the host has no more free");
            }
            if (reached != wanted) {
                sentence.append("; ").append(outcome.reason());
            }
            return sentence.toString();
        }

        private HostAccounting account(Structure container) {
            return accounts.computeIfAbsent(container.host().orElse(""), host -> {
                List<Structure> neighbours = containers.values().stream()
                        .filter(each -> each.host().orElse("").equals(host))
                        .toList();
                Structure document = hosts.getOrDefault(host, Structure.of(host, Structure.Subtype.HOST));
                return new HostAccounting(document, neighbours, driver.host());
            });
        }

        private void note(Structure container, Resource resource, long limit) {
            moved.computeIfAbsent(container.name(), name -> new HashMap<>()).put(resource, limit);
            containers.put(container.name(), withLimits(container, Map.of(resource, limit)));
        }

        private ScalerDecision dropped(ScalingRequest request, Outcome outcome, String reason) {
            return new ScalerDecision(
                    now,
                    request.structure(),
                    request.resource(),
                    outcome,
                    request.amount(),
                    OptionalLong.empty(),
                    OptionalLong.empty(),
                    OptionalLong.empty(),
                    Optional.empty(),
                    reason);
        }

        /** State before requests: a state that is behind the kernel misleads everybody, a lost wish comes again. */
        private void writeBack() {
            if (!moved.isEmpty()) {
                var changes = new LinkedHashMap<String, UnaryOperator<Structure>>();
                moved.forEach((name, limits) -> changes.put(name, structure -> withLimits(structure, limits)));
                accounts.forEach((host, account) -> {
                    if (hosts.containsKey(host)) {
                        changes.put(host, account::on);
                    }
                });
                store.changeAll(DocumentKind.STRUCTURES, changes);
            }
            // Requests whose turn did not come, because a listener failed, are wishes as good as before.
            toRetry.addAll(pending);
            if (!toRetry.isEmpty()) {
                store.addRequests(toRetry);
            }
        }
    }

    private static Structure withLimits(Structure structure, Map<Resource, Long> limits) {
        Structure changed = structure;
        for (Map.Entry<Resource, Long> limit : limits.entrySet()) {
            Optional<StructureResource> has = structure.resource(limit.getKey());
            if (has.isPresent()) {
                changed = changed.withResource(limit.getKey(), has.get().withCurrent(limit.getValue()));
            }
        }
        return changed;
    }
}

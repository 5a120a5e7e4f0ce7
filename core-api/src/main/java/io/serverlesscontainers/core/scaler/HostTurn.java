package io.serverlesscontainers.core.scaler;

import io.serverlesscontainers.core.decision.ScalerDecision;
import io.serverlesscontainers.core.decision.ScalerDecision.Outcome;
import io.serverlesscontainers.core.spi.CgroupDriver;
import io.serverlesscontainers.core.spi.CgroupException;
import io.serverlesscontainers.core.spi.CpuSet;
import io.serverlesscontainers.core.spi.HostCapacity;
import io.serverlesscontainers.core.spi.LimitChange;
import io.serverlesscontainers.core.spi.LimitOutcome;
import io.serverlesscontainers.core.spi.UnreachableHostException;
import io.serverlesscontainers.store.StateStore;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.ScalingRequest;
import io.serverlesscontainers.store.document.Structure;
import io.serverlesscontainers.store.document.StructureResource;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * One poll's work on one host: its requests, one after the other, against its account; then what came of them goes into
 * the state. For one thread.
 */
final class HostTurn {
    private static final String LOST = "the host is another Scaler's by now";

    private final StateStore store;
    private final CgroupDriver driver;
    private final BooleanSupplier isHeld;
    private final Instant now;
    private final ScalerSettings settings;
    private final Consumer<? super ScalerDecision> listener;
    private final Structure host;
    private final boolean isHostKnown;
    private final Map<String, Structure> containers = new LinkedHashMap<>();
    private final Map<String, Map<Resource, Long>> moved = new LinkedHashMap<>();
    private final Deque<ScalingRequest> pending = new ArrayDeque<>();
    private final List<ScalingRequest> toRetry = new ArrayList<>();
    private HostCapacity capacity;
    private LimitsInForce inForce;
    private HostAccounting account;
    private UnreachableHostException unreachable;
    private int applied;

    /**
     * @param isHeld whether the host is still this Scaler's; asked before each write into kernel and state
     * @param host the host's document, if the state has one
     * @param hostName its name in any case
     * @param containers all containers on it
     */
    HostTurn(
            StateStore store,
            CgroupDriver driver,
            BooleanSupplier isHeld,
            Instant now,
            ScalerSettings settings,
            Consumer<? super ScalerDecision> listener,
            Optional<Structure> host,
            String hostName,
            Collection<Structure> containers) {
        this.store = store;
        this.driver = driver;
        this.isHeld = isHeld;
        this.now = now;
        this.settings = settings;
        this.listener = listener;
        this.host = host.orElseGet(() -> Structure.of(hostName, Structure.Subtype.HOST));
        this.isHostKnown = host.isPresent();
        containers.forEach(each -> this.containers.put(each.name(), each));
    }

    /**
     * Carries them out, in their order.
     *
     * @return how many limits moved
     */
    int run(List<ScalingRequest> requests) {
        pending.addAll(requests);
        inForce = new LimitsInForce(
                driver,
                requests.stream()
                        .map(ScalingRequest::structure)
                        .filter(containers::containsKey)
                        .collect(Collectors.toSet()),
                containers.size());
        try {
            limitsAboveMax().forEach(each -> listener.accept(carryOut(each, 0)));
            while (!pending.isEmpty()) {
                ScalingRequest request = pending.remove();
                ScalerDecision decision = carryOut(request, request.amount());
                if (decision.outcome() == Outcome.FAILED) {
                    toRetry.add(request);
                }
                listener.accept(decision);
            }
            if (moved.isEmpty() && (settings.checksAccounts() || isAccountOff(host, containers.values()))) {
                checkAccount();
            }
        } finally {
            writeBack();
        }
        return applied;
    }

    /** Whether what a host says to be free is not what its containers leave of it. */
    static boolean isAccountOff(Structure host, Collection<Structure> containers) {
        return host.resources().entrySet().stream().anyMatch(each -> {
            OptionalLong max = each.getValue().max();
            OptionalLong free = each.getValue().free();
            return max.isPresent()
                    && free.isPresent()
                    && free.getAsLong() != Math.max(0, max.getAsLong() - taken(containers, each.getKey()));
        });
    }

    private static long taken(Collection<Structure> containers, Resource resource) {
        long taken = 0;
        for (Structure container : containers) {
            StructureResource has = container.resources().get(resource);
            taken += has == null ? 0 : has.current().orElse(has.max().orElse(0));
        }
        return taken;
    }

    /**
     * A limit that lies above a {@code max} that somebody has lowered comes down at once; it needs no events. The
     * amounts only say by how much: they count from {@code max}, so there is nothing left of them.
     */
    private List<ScalingRequest> limitsAboveMax() {
        var requests = new ArrayList<ScalingRequest>();
        for (Structure container : containers.values()) {
            container.resources().forEach((resource, has) -> {
                if (isAboveMax(container, resource) && mayBeLimited(resource)) {
                    long excess = has.current().getAsLong() - has.max().getAsLong();
                    requests.add(ScalingRequest.of(container, resource, -excess, 0, now));
                }
            });
        }
        return requests;
    }

    /** Whether any limit of these containers must come down, without a request. */
    static boolean isAboveMax(Collection<Structure> containers) {
        return containers.stream()
                .anyMatch(container ->
                        container.resources().keySet().stream().anyMatch(resource -> isAboveMax(container, resource)));
    }

    private static boolean isAboveMax(Structure container, Resource resource) {
        StructureResource has = container.resources().get(resource);
        return container.isGuarded(resource)
                && has.current().isPresent()
                && has.max().isPresent()
                && has.current().getAsLong() > has.max().getAsLong();
    }

    /** Whether the host limits this resource; true also if it does not answer, which carrying out will tell. */
    private boolean mayBeLimited(Resource resource) {
        try {
            return driver.resources().contains(resource);
        } catch (CgroupException hostAway) {
            return true;
        }
    }

    /** Moves a limit by an amount from where it is, or from {@code max} if it lies above. */
    private ScalerDecision carryOut(ScalingRequest request, long amount) {
        Structure container = containers.get(request.structure());
        if (container == null) {
            return dropped(request, Outcome.REFUSED, "there is no container of this name");
        }
        if (unreachable != null) {
            return dropped(request, Outcome.FAILED, unreachable.getMessage());
        }
        if (!isHeld.getAsBoolean()) {
            return dropped(request, Outcome.LOST, LOST);
        }
        try {
            Optional<StructureResource> has = container.resource(request.resource());
            if (has.isEmpty() || !driver.resources().contains(request.resource())) {
                return dropped(request, Outcome.REFUSED, "this resource of it has no limit that could be moved");
            }
            return carryOut(request, amount, container, has.get());
        } catch (UnreachableHostException hostAway) {
            unreachable = hostAway;
            return dropped(request, Outcome.FAILED, hostAway.getMessage());
        } catch (CgroupException failed) {
            return dropped(request, Outcome.FAILED, failed.getMessage());
        } catch (RuntimeException failed) {
            // A driver that breaks its contract costs this container its turn, not the others theirs.
            return dropped(request, Outcome.FAILED, "the driver failed: " + failed);
        }
    }

    private ScalerDecision carryOut(ScalingRequest request, long amount, Structure container, StructureResource has) {
        String name = request.structure();
        Resource resource = request.resource();
        OptionalLong enforced = inForce.limit(name, resource);
        OptionalLong known = has.current();
        HostAccounting account = account();
        if (enforced.isPresent() && known.isPresent() && enforced.getAsLong() != known.getAsLong()) {
            boolean left = settings.leavesDrift() && container.isGuarded(resource);
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
        if (request.madeFor().isPresent() && request.madeFor().getAsLong() != base) {
            return dropped(
                    request,
                    Outcome.OUTDATED,
                    "the limit is " + base + " by now, not " + request.madeFor().getAsLong()
                            + " as the request was made for");
        }
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
            ScalingRequest request, Structure container, HostAccounting account, long from, long asked, long wanted) {
        String name = request.structure();
        Resource resource = request.resource();
        HostAccounting.Holding before = account.holding(name, resource);
        // The driver was asked for the limit, which may have taken long.
        if (!isHeld.getAsBoolean()) {
            return dropped(request, Outcome.LOST, LOST);
        }
        account.set(name, resource, wanted);
        Optional<CpuSet> cpus = resource == Resource.CPU
                ? Optional.of(account.cpus(name)).filter(set -> !set.isEmpty())
                : Optional.empty();
        LimitOutcome outcome;
        inForce.moved(name, resource);
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

    /**
     * What the state says of the host, where no limit has moved that would have put it right: who dies between a write to
     * the kernel and one to the state leaves an account that is off.
     */
    private void checkAccount() {
        if (!isHostKnown || unreachable != null) {
            return;
        }
        boolean isRight;
        try {
            isRight = account().on(host).equals(host);
        } catch (CgroupException hostDoesNotTell) {
            return;
        }
        if (!isRight && isHeld.getAsBoolean()) {
            new HostBook(store, host.name(), capacity).settle(name -> true, fresh -> {});
        }
    }

    /** What the host has, asked for when it is first needed. */
    private HostAccounting account() {
        if (account == null) {
            capacity = driver.host();
            account = new HostAccounting(host, containers.values(), capacity);
        }
        return account;
    }

    private void note(Structure container, Resource resource, long limit) {
        moved.computeIfAbsent(container.name(), name -> new HashMap<>()).put(resource, limit);
        containers.put(container.name(), withLimits(container, Map.of(resource, limit)));
    }

    private ScalerDecision dropped(ScalingRequest request, Outcome outcome, String reason) {
        return unmoved(now, request, outcome, reason);
    }

    /** The decision about a request that moved nothing. */
    static ScalerDecision unmoved(Instant now, ScalingRequest request, Outcome outcome, String reason) {
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

    /**
     * State before requests: a state that is behind the kernel misleads everybody, a lost wish comes again. For a host that
     * is somebody else's by now neither is written: that one reads the kernel itself.
     */
    private void writeBack() {
        if (!moved.isEmpty() && isHeld.getAsBoolean()) {
            var changes = new LinkedHashMap<String, UnaryOperator<Structure>>();
            moved.forEach((name, limits) -> changes.put(name, structure -> withLimits(structure, limits)));
            var isOvertaken = new AtomicBoolean();
            if (isHostKnown) {
                changes.put(host.name(), fresh -> {
                    isOvertaken.set(!fresh.equals(host));
                    return isOvertaken.get() ? fresh : account.on(fresh);
                });
            }
            store.changeAll(DocumentKind.STRUCTURES, changes);
            if (isOvertaken.get() && isHeld.getAsBoolean()) {
                new HostBook(store, host.name(), capacity)
                        .settle(name -> true, fresh -> fresh.adoptCores(moved.keySet(), account));
            }
        }
        // Requests whose turn did not come, because a listener failed, are wishes as good as before.
        toRetry.addAll(pending);
        if (!toRetry.isEmpty() && isHeld.getAsBoolean()) {
            store.addRequests(toRetry);
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

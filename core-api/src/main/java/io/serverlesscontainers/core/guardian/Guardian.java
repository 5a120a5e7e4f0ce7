package io.serverlesscontainers.core.guardian;

import com.fasterxml.jackson.core.JsonPointer;
import io.serverlesscontainers.core.Mode;
import io.serverlesscontainers.core.decision.GuardianDecision;
import io.serverlesscontainers.core.decision.GuardianDecision.Outcome;
import io.serverlesscontainers.core.spi.EventRule;
import io.serverlesscontainers.core.spi.EventTally;
import io.serverlesscontainers.core.spi.MetricSource;
import io.serverlesscontainers.core.spi.Ownership;
import io.serverlesscontainers.core.spi.RequestRule;
import io.serverlesscontainers.core.spi.ResourceState;
import io.serverlesscontainers.core.spi.ScalingPolicy;
import io.serverlesscontainers.core.spi.UsageQuery;
import io.serverlesscontainers.core.spi.Usages;
import io.serverlesscontainers.store.Revisioned;
import io.serverlesscontainers.store.StateStore;
import io.serverlesscontainers.store.Stored;
import io.serverlesscontainers.store.WriteOutcome;
import io.serverlesscontainers.store.document.Direction;
import io.serverlesscontainers.store.document.Document;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.document.Limits;
import io.serverlesscontainers.store.document.Problem;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.ResourceLimits;
import io.serverlesscontainers.store.document.ScaleEvents;
import io.serverlesscontainers.store.document.ScalingEvent;
import io.serverlesscontainers.store.document.ScalingRequest;
import io.serverlesscontainers.store.document.Shown;
import io.serverlesscontainers.store.document.Structure;
import io.serverlesscontainers.store.document.StructureResource;
import io.serverlesscontainers.store.memory.InMemoryStateStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Watches: turns usage and thresholds into events, and events into requests (design, section 4). All there is to know
 * is in the store, so that another Guardian can take over at any time, but for the cooldowns: when it last asked for
 * another limit only the Guardian object knows. One that has just started cools nothing down, and what it knows of a
 * structure goes when the structure goes, or is guarded no longer.
 *
 * <p>Each {@link #runOnce()} is one window. One thread at a time may call it. It costs a constant number of calls to the
 * store, the metric source and the policy, however many structures there are.
 */
public final class Guardian implements AutoCloseable {
    private static final Comparator<RequestRule> FIRST_TO_ACT =
            Comparator.comparingLong(RequestRule::priority).reversed().thenComparing(RequestRule::name);

    private static final JsonPointer RESOURCES = JsonPointer.compile("/resources");

    private final StateStore store;
    private final MetricSource metrics;
    private final ScalingPolicy policy;
    private final GuardianSettings settings;
    private final Clock clock;
    private final Consumer<? super GuardianDecision> listener;
    private final Ownership ownership;
    private final StateStore events;
    private final Cooldowns cooldowns;

    /**
     * A Guardian over its three sources. It closes none of them.
     *
     * @param listener is told every decision, also those to do nothing, on the thread that runs the window
     */
    public Guardian(
            StateStore store,
            MetricSource metrics,
            ScalingPolicy policy,
            GuardianSettings settings,
            Clock clock,
            Consumer<? super GuardianDecision> listener) {
        this(store, metrics, policy, settings, clock, listener, Ownership.everything());
    }

    /**
     * The same for one of several Guardians.
     *
     * @param ownership which structures are this one's. The others, their events included, are left alone; and so are
     *     those that stop being its own before it has written what it decided
     */
    public Guardian(
            StateStore store,
            MetricSource metrics,
            ScalingPolicy policy,
            GuardianSettings settings,
            Clock clock,
            Consumer<? super GuardianDecision> listener,
            Ownership ownership) {
        this.store = Objects.requireNonNull(store, "store");
        this.metrics = Objects.requireNonNull(metrics, "metrics");
        this.policy = Objects.requireNonNull(policy, "policy");
        this.settings = Objects.requireNonNull(settings, "settings");
        this.clock = Objects.requireNonNull(clock, "clock");
        this.listener = Objects.requireNonNull(listener, "listener");
        this.ownership = Objects.requireNonNull(ownership, "ownership");
        // A dry run counts its events as an enforcing one would, but where nobody else sees them.
        this.events = settings.mode() == Mode.DRY_RUN ? new InMemoryStateStore() : store;
        this.cooldowns = new Cooldowns(settings);
    }

    /** How it works. */
    public GuardianSettings settings() {
        return settings;
    }

    /**
     * One window, ending now less the configured delay.
     *
     * @throws io.serverlesscontainers.store.StateStoreException if the store cannot be read or written; what was not
     *     written yet is then lost, and the next window decides afresh
     */
    public GuardianWindow runOnce() {
        return new Window(clock.instant()).run();
    }

    /** Frees what it holds; store, metric source and policy stay open. */
    @Override
    public void close() {
        if (events != store) {
            events.close();
        }
    }

    /** One window's work, step by step. */
    private final class Window {
        private final Instant now;
        // Events and requests carry whole seconds, as on the wire: they must not depend on who has carried them.
        private final Instant second;
        private final Set<Problem> problems = new LinkedHashSet<>();
        private final List<ResourceState> states = new ArrayList<>();
        private final Map<ResourceState, Structure> structureOf = new IdentityHashMap<>();
        private final Map<ResourceState, List<String>> eventRulesOf = new IdentityHashMap<>();
        private final Map<String, List<ResourceState>> repairs = new LinkedHashMap<>();
        private final List<ScalingRequest> requests = new ArrayList<>();
        private final Set<String> lost = new HashSet<>();
        private int eventCount;

        Window(Instant now) {
            this.now = now;
            this.second = now.truncatedTo(ChronoUnit.SECONDS);
        }

        GuardianWindow run() {
            observe();
            if (settings.mode() == Mode.OBSERVE) {
                states.forEach(state -> tell(state, Outcome.OBSERVED, ScaleEvents.NONE));
                return result();
            }
            EventLedger ledger = new EventLedger(ownEvents(), now, settings.eventTimeout());
            detect(ledger);
            decide(ledger);
            write(ledger);
            // A dry run rests as an enforcing one would. What could not be written has moved nothing.
            requests.forEach(request -> cooldowns.scaled(request.structure(), request.resource(), now));
            return result();
        }

        private GuardianWindow result() {
            return new GuardianWindow(now, states, eventCount, requests, List.copyOf(problems));
        }

        /** Steps 1 and 2: usage, and the chain it is held against. */
        private void observe() {
            List<Structure> guarded = guardedStructures();
            Map<String, Limits> limits = documents(DocumentKind.LIMITS);
            Instant end = now.minus(settings.delay());
            Usages usages = guarded.isEmpty()
                    ? Usages.none()
                    : metrics.usage(new UsageQuery(
                            settings.subtype(),
                            guarded.stream().map(Structure::name).toList(),
                            settings.resources(),
                            end.minus(settings.window()),
                            end));
            problems.addAll(usages.problems());
            // Asked once: a policy may get other rules while the structures are gone through.
            Set<Resource> withRules = policy.resources();
            for (Structure structure : guarded) {
                problems.addAll(structure.problems());
                Limits thresholds = limits.get(structure.name());
                if (thresholds != null) {
                    problems.addAll(thresholds.problems());
                }
                for (Resource resource : structure.resources().keySet()) {
                    if (structure.isGuarded(resource)
                            && settings.resources().contains(resource)
                            && withRules.contains(resource)) {
                        observe(structure, resource, thresholds, usages);
                    }
                }
            }
        }

        private List<Structure> guardedStructures() {
            var guarded = new ArrayList<Structure>();
            DocumentKind<Structure> kind =
                    settings.subtype() == Structure.Subtype.USER ? DocumentKind.USERS : DocumentKind.STRUCTURES;
            for (Revisioned<Structure> each : store.findAll(kind)) {
                Structure structure = each.document();
                if (structure.subtype() != settings.subtype() || !ownership.mayBegin(structure.name())) {
                    continue;
                }
                if (structure.isGuarded()) {
                    guarded.add(structure);
                } else {
                    // "guard": "yes" was meant to guard it; nobody would ever know why it does not.
                    structure.problem(JsonPointer.compile("/guard")).ifPresent(problems::add);
                }
            }
            if (!cooldowns.isEmpty()) {
                cooldowns.keepOnly(guarded.stream().map(Structure::name).collect(Collectors.toSet()));
            }
            guarded.sort(Comparator.comparing(Structure::name));
            return guarded;
        }

        private List<Stored<ScalingEvent>> ownEvents() {
            return events.events().stream()
                    .filter(event -> ownership.owns(event.entry().structure()))
                    .toList();
        }

        private <D extends Document> Map<String, D> documents(DocumentKind<D> kind) {
            List<Revisioned<D>> all = store.findAll(kind);
            var byName = new HashMap<String, D>(all.size() * 2);
            all.forEach(each -> byName.put(each.document().name(), each.document()));
            return byName;
        }

        private void observe(Structure structure, Resource resource, Limits thresholds, Usages usages) {
            Optional<ResourceLimits> limits = thresholds == null ? Optional.empty() : thresholds.resource(resource);
            if (limits.isEmpty()) {
                skip(structure, resource, missing(structure, resource, thresholds));
                return;
            }
            Chain chain;
            try {
                chain = Chain.of(structure.resources().get(resource), limits.get());
            } catch (UnusableChainException unusable) {
                Document culprit = unusable.kind() == DocumentKind.LIMITS ? thresholds : structure;
                JsonPointer field = at(resource).appendProperty(unusable.field());
                skip(
                        structure,
                        resource,
                        unreadable(culprit, field)
                                .orElseGet(() -> Problem.ofField(
                                        Shown.named(unusable.kind().word(), structure.name()),
                                        field,
                                        unusable.whatIsWrong())));
                return;
            }
            double usage = usages.orNaN(structure.name(), resource);
            if (Double.isNaN(usage)) {
                tell(structure.name(), resource, Outcome.NO_USAGE, "no sample in the window");
                return;
            }
            var state = new ResourceState(
                    structure.name(),
                    resource,
                    usage,
                    chain.max(),
                    chain.min(),
                    chain.current(),
                    chain.upper(),
                    chain.lower(),
                    chain.boundary(),
                    chain.margin(),
                    usages.signals(structure.name(), resource));
            states.add(state);
            structureOf.put(state, structure);
            if (!chain.matches(limits.get())) {
                repairs.computeIfAbsent(structure.name(), name -> new ArrayList<>())
                        .add(state);
            }
        }

        private Problem missing(Structure structure, Resource resource, Limits thresholds) {
            String subject = Shown.named(DocumentKind.LIMITS.word(), structure.name());
            if (thresholds == null) {
                return new Problem(subject, "there is no such document");
            }
            return unreadable(thresholds, at(resource))
                    .orElseGet(() -> Problem.ofField(subject, at(resource), "is missing"));
        }

        private static JsonPointer at(Resource resource) {
            return RESOURCES.appendProperty(resource.wireName());
        }

        /** What the document says itself about a field that it could not read; it has been reported already. */
        private Optional<Problem> unreadable(Document document, JsonPointer field) {
            // A boundary of an unknown type is no boundary.
            return document.problem(field).or(() -> document.problem(JsonPointer.compile(field + "_type")));
        }

        private void skip(Structure structure, Resource resource, Problem why) {
            problems.add(why);
            tell(structure.name(), resource, Outcome.SKIPPED, why.sentence());
        }

        /** Step 3: event rules. */
        private void detect(EventLedger ledger) {
            policy.detectEvents(states, new ScalingPolicy.Firings<>() {
                @Override
                public void fired(ResourceState state, EventRule rule) {
                    eventCount++;
                    eventRulesOf
                            .computeIfAbsent(state, key -> new ArrayList<>(1))
                            .add(rule.name());
                    ledger.add(ScalingEvent.of(state.structure(), state.resource(), rule.scale(), second));
                }

                @Override
                public void failed(ResourceState state, String sentence) {
                    problems.add(new Problem(subject(state), sentence));
                }
            });
        }

        /** Steps 4 to 8: event sums, request rules, amounts. */
        private void decide(EventLedger ledger) {
            var tallies = new ArrayList<EventTally>();
            for (ResourceState state : states) {
                ScaleEvents sum = ledger.sum(state.structure(), state.resource());
                if (sum.equals(ScaleEvents.NONE)) {
                    tell(state, Outcome.WITHIN_LIMITS, sum);
                } else {
                    tallies.add(new EventTally(state, sum.up(), sum.down()));
                }
            }
            Map<EventTally, List<RequestRule>> fired = new IdentityHashMap<>();
            policy.decideRequests(tallies, new ScalingPolicy.Firings<>() {
                @Override
                public void fired(EventTally tally, RequestRule rule) {
                    fired.computeIfAbsent(tally, key -> new ArrayList<>(1)).add(rule);
                }

                @Override
                public void failed(EventTally tally, String sentence) {
                    problems.add(new Problem(subject(tally.state()), sentence));
                }
            });
            for (EventTally tally : tallies) {
                List<RequestRule> rules = fired.get(tally);
                if (rules == null) {
                    tell(tally.state(), Outcome.NOT_ENOUGH_EVENTS, new ScaleEvents(tally.up(), tally.down()));
                } else {
                    // Rules fire in no promised order; what follows must not depend on it.
                    rules.sort(FIRST_TO_ACT);
                    rules.forEach(rule -> request(tally, rule, ledger));
                }
            }
        }

        private void request(EventTally tally, RequestRule rule, EventLedger ledger) {
            ResourceState state = tally.state();
            long proposed = RescaleAmount.of(rule.rescale(), state);
            long amount = AmountTrim.trim(proposed, state);
            Duration rest = cooldowns.left(
                    state.structure(), state.resource(), amount < 0 ? Direction.DOWN : Direction.UP, now);
            Outcome outcome = outcome(amount, state, rest);
            int consumed = outcome == Outcome.COOLING_DOWN
                    ? 0
                    : ledger.consume(
                            state.structure(), state.resource(), rule.rescale().direction(), rule.eventsToRemove());
            if (outcome == Outcome.REQUESTED || outcome == Outcome.WOULD_REQUEST) {
                requests.add(
                        ScalingRequest.of(structureOf.get(state), state.resource(), amount, rule.priority(), second)
                                .madeFor(state.current()));
            }
            String reason = outcome == Outcome.COOLING_DOWN ? "the limit rests for another " + seconds(rest) : "";
            var sum = new ScaleEvents(tally.up(), tally.down());
            tell(state, outcome, sum, Optional.of(rule), proposed, amount, consumed, reason);
        }

        /** What becomes of a trimmed amount. What can never be asked for is not worth waiting for. */
        private Outcome outcome(long amount, ResourceState state, Duration rest) {
            if (amount == 0) {
                return Outcome.TRIMMED_TO_NOTHING;
            }
            StructureResource has = structureOf.get(state).resources().get(state.resource());
            if (amount < 0 && has.isNeverDown()) {
                return Outcome.NEVER_DOWN;
            }
            if (!rest.isZero()) {
                return Outcome.COOLING_DOWN;
            }
            return settings.mode() == Mode.DRY_RUN ? Outcome.WOULD_REQUEST : Outcome.REQUESTED;
        }

        private static String seconds(Duration span) {
            return String.format(Locale.ROOT, "%.1f s", span.toMillis() / 1e3);
        }

        /**
         * Events before requests: after a crash in between, a request is missing and made again in a few windows. The
         * other way round it would be made, and applied, twice.
         */
        private void write(EventLedger ledger) {
            try {
                writeWhatIsOwned(ledger);
            } finally {
                if (!lost.isEmpty()) {
                    problems.add(new Problem(
                            "guardian",
                            "what it decided for " + lost.size()
                                    + " structures came too late and was not, or not all, written: "
                                    + "they are no longer its own"));
                }
            }
        }

        private void writeWhatIsOwned(EventLedger ledger) {
            leaveToOthers(ledger);
            if (!ledger.toRemove().isEmpty()) {
                events.removeEvents(ledger.toRemove());
                leaveToOthers(ledger);
            }
            List<ScalingEvent> toAdd = ledger.toAdd();
            if (!toAdd.isEmpty()) {
                events.addEvents(toAdd);
                leaveToOthers(ledger);
            }
            if (settings.mode() == Mode.DRY_RUN) {
                return;
            }
            if (!repairs.isEmpty()) {
                var changes = new LinkedHashMap<String, UnaryOperator<Limits>>();
                repairs.forEach((name, repaired) -> changes.put(name, limits -> withThresholds(limits, repaired)));
                store.changeAll(DocumentKind.LIMITS, changes).forEach(this::reportFailure);
                leaveToOthers(ledger);
            }
            if (!requests.isEmpty()) {
                store.addRequests(requests);
            }
        }

        /**
         * Another Guardian may decide, right now, on what stopped being this one's while it was at work. Asked before each
         * write: none may follow a pause that was longer than a lease.
         */
        private void leaveToOthers(EventLedger ledger) {
            Set<String> goneNow = states.stream()
                    .map(ResourceState::structure)
                    .filter(name -> !ownership.owns(name))
                    .collect(Collectors.toSet());
            if (goneNow.isEmpty()) {
                return;
            }
            lost.addAll(goneNow);
            ledger.leave(lost);
            repairs.keySet().removeAll(lost);
            requests.removeIf(request -> lost.contains(request.structure()));
        }

        private void reportFailure(WriteOutcome<Limits> outcome) {
            if (outcome instanceof WriteOutcome.Failed<Limits> failed) {
                problems.add(new Problem(
                        DocumentKind.LIMITS.word() + " '" + failed.name() + "'",
                        "thresholds could not be written: " + failed.reason()));
            }
        }

        private Limits withThresholds(Limits limits, List<ResourceState> repaired) {
            Limits changed = limits;
            for (ResourceState state : repaired) {
                Optional<ResourceLimits> has = limits.resource(state.resource());
                if (has.isPresent()) {
                    changed = changed.withResource(
                            state.resource(), has.get().withThresholds(state.upper(), state.lower()));
                }
            }
            return changed;
        }

        private boolean isRepaired(ResourceState state) {
            return repairs.getOrDefault(state.structure(), List.of()).contains(state);
        }

        private String subject(ResourceState state) {
            return settings.subtype().wireName() + " '" + state.structure() + "'";
        }

        private void tell(ResourceState state, Outcome outcome, ScaleEvents sum) {
            tell(state, outcome, sum, Optional.empty(), 0, 0, 0, "");
        }

        private void tell(
                ResourceState state,
                Outcome outcome,
                ScaleEvents sum,
                Optional<RequestRule> rule,
                long proposed,
                long amount,
                int consumed,
                String reason) {
            listener.accept(new GuardianDecision(
                    now,
                    state.structure(),
                    state.resource(),
                    outcome,
                    Optional.of(state),
                    isRepaired(state),
                    eventRulesOf.getOrDefault(state, List.of()),
                    sum.up(),
                    sum.down(),
                    rule,
                    proposed,
                    amount,
                    consumed,
                    reason));
        }

        private void tell(String structure, Resource resource, Outcome outcome, String reason) {
            listener.accept(new GuardianDecision(
                    now,
                    structure,
                    resource,
                    outcome,
                    Optional.empty(),
                    false,
                    List.of(),
                    0,
                    0,
                    Optional.empty(),
                    0,
                    0,
                    0,
                    reason));
        }
    }
}

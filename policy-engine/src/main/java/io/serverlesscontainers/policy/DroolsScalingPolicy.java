package io.serverlesscontainers.policy;

import io.serverlesscontainers.core.spi.EventRule;
import io.serverlesscontainers.core.spi.EventTally;
import io.serverlesscontainers.core.spi.RequestRule;
import io.serverlesscontainers.core.spi.ResourceState;
import io.serverlesscontainers.core.spi.RuleExplanation;
import io.serverlesscontainers.core.spi.ScalingPolicy;
import io.serverlesscontainers.policy.internal.document.LoadedDocuments;
import io.serverlesscontainers.policy.internal.document.RuleDocuments;
import io.serverlesscontainers.policy.internal.drl.CompiledRules;
import io.serverlesscontainers.policy.internal.drl.DrlRules;
import io.serverlesscontainers.policy.internal.engine.Evaluators;
import io.serverlesscontainers.policy.internal.engine.FactKind;
import io.serverlesscontainers.policy.internal.engine.RuleEngine;
import io.serverlesscontainers.policy.internal.engine.Rules;
import io.serverlesscontainers.policy.internal.engine.Signatures;
import io.serverlesscontainers.store.document.Problem;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Rule;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.drools.model.Model;

/**
 * A scaling policy whose rules are evaluated by Drools: the serverless policy, or rule documents.
 *
 * <p>A policy does not change; one with other numbers or other documents is a new policy. Making one costs a few
 * milliseconds. Where documents change while windows run, {@link ReloadablePolicy} goes from one to the next. A policy may
 * go from thread to thread, but decides for one at a time, and explains to any; two policies have nothing in common.
 * What the receiver of firings throws reaches the caller, and ends the call.
 */
public final class DroolsScalingPolicy implements ScalingPolicy {
    private final Evaluators<ResourceState, EventRule> events;
    private final Evaluators<EventTally, RequestRule> requests;
    private final Set<Resource> resources = EnumSet.noneOf(Resource.class);
    private final Supplier<DroolsScalingPolicy> uncached;

    private DroolsScalingPolicy(
            Evaluators<ResourceState, EventRule> events,
            Evaluators<EventTally, RequestRule> requests,
            Supplier<DroolsScalingPolicy> uncached) {
        this.events = events;
        this.requests = requests;
        this.uncached = uncached;
        resources.addAll(events.resources());
        resources.addAll(requests.resources());
    }

    /** The serverless policy of {@code serverless.drl} with its stock numbers. */
    public static DroolsScalingPolicy serverless() {
        return serverless(ServerlessParameters.stock());
    }

    /** The serverless policy of {@code serverless.drl} with other numbers. */
    public static DroolsScalingPolicy serverless(ServerlessParameters parameters) {
        return serverless(parameters, true);
    }

    private static DroolsScalingPolicy serverless(ServerlessParameters parameters, boolean isCached) {
        List<Model> models = CompiledRules.load();
        Map<String, Object> globals = Map.of("parameters", parameters);
        var engine = new RuleEngine(models, globals);
        Set<Resource> resources = parameters.resources();
        return new DroolsScalingPolicy(
                forEach(resources, FactKind.STATES, new DrlRules<>(engine, models, FactKind.STATES, globals), isCached),
                forEach(
                        resources,
                        FactKind.TALLIES,
                        new DrlRules<>(engine, models, FactKind.TALLIES, globals),
                        isCached),
                () -> serverless(parameters, false));
    }

    private static <F, R> Evaluators<F, R> forEach(
            Set<Resource> resources, FactKind<F> kind, Rules<F, R> rules, boolean isCached) {
        var all = new EnumMap<Resource, Rules<F, R>>(Resource.class);
        resources.forEach(resource -> all.put(resource, rules));
        return isCached ? Evaluators.cached(kind, all, Signatures.of(kind, all)) : Evaluators.uncached(kind, all);
    }

    /**
     * The rules of some documents, as far as they are active. A rule looks at states or event sums of its own resource.
     * What a document says is data: no part of it ever becomes code.
     *
     * @param rules the documents; of two with the same name the first counts
     * @param problems is told of each document that cannot be used: one sentence that names the rule and the field. The
     *     others go on without it
     */
    public static DroolsScalingPolicy ofDocuments(List<Rule> rules, Consumer<Problem> problems) {
        return of(LoadedDocuments.compile(RuleDocuments.read(rules, problems)));
    }

    /** The rules of documents that share what was compiled with others: one thread for all of those. */
    static DroolsScalingPolicy of(LoadedDocuments documents) {
        return new DroolsScalingPolicy(
                Evaluators.cached(FactKind.STATES, documents.eventRules(), documents.eventSignatures()),
                Evaluators.cached(FactKind.TALLIES, documents.requestRules(), documents.requestSignatures()),
                () -> uncached(LoadedDocuments.compile(documents.documents())));
    }

    private static DroolsScalingPolicy uncached(LoadedDocuments documents) {
        return new DroolsScalingPolicy(
                Evaluators.uncached(FactKind.STATES, documents.eventRules()),
                Evaluators.uncached(FactKind.TALLIES, documents.requestRules()),
                () -> uncached(LoadedDocuments.compile(documents.documents())));
    }

    /**
     * A new policy with the same rules that has no decision cache and runs every fact through the rule engine. It answers
     * the same, only slower: to compare, and to measure.
     */
    public DroolsScalingPolicy uncached() {
        return uncached.get();
    }

    /** How the rules are evaluated, by resource and kind, and what that has come to so far. */
    public List<Evaluation> evaluations() {
        return Stream.concat(events.evaluations(), requests.evaluations()).toList();
    }

    @Override
    public Set<Resource> resources() {
        return Collections.unmodifiableSet(resources);
    }

    @Override
    public void detectEvents(List<ResourceState> states, Firings<ResourceState, EventRule> firings) {
        events.run(states, firings);
    }

    @Override
    public void decideRequests(List<EventTally> tallies, Firings<EventTally, RequestRule> firings) {
        requests.run(tallies, firings);
    }

    @Override
    public List<RuleExplanation> explain(ResourceState state) {
        return events.explain(state);
    }

    @Override
    public List<RuleExplanation> explain(EventTally tally) {
        return requests.explain(tally);
    }
}

package io.serverlesscontainers.policy.internal.document;

import io.serverlesscontainers.core.spi.EventRule;
import io.serverlesscontainers.core.spi.EventTally;
import io.serverlesscontainers.core.spi.RequestRule;
import io.serverlesscontainers.core.spi.ResourceState;
import io.serverlesscontainers.policy.internal.engine.FactKind;
import io.serverlesscontainers.policy.internal.engine.Signatures;
import io.serverlesscontainers.store.document.Resource;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * Documents and the rules that were compiled for them, group by group. It does not change: the next version of the
 * documents is another one, which shares the compiled rules of each group that kept its shape.
 *
 * <p>To share is safe while a second thread makes the next version, because that looks at nothing but what was final when
 * a group was compiled. What is loaded into compiled rules is touched only by the thread that evaluates, window by window.
 */
public final class LoadedDocuments {
    private final RuleDocuments documents;
    private final Map<Resource, LoadedGroup<ResourceState, EventRule>> eventRules;
    private final Map<Resource, LoadedGroup<EventTally, RequestRule>> requestRules;
    private final Signatures<ResourceState> eventSignatures;
    private final Signatures<EventTally> requestSignatures;

    private LoadedDocuments(RuleDocuments documents) {
        this.documents = documents;
        this.eventRules = load(documents.eventRules(), Map.of());
        this.requestRules = load(documents.requestRules(), Map.of());
        this.eventSignatures = Signatures.of(FactKind.STATES, eventRules);
        this.requestSignatures = Signatures.of(FactKind.TALLIES, requestRules);
    }

    private LoadedDocuments(RuleDocuments documents, LoadedDocuments before) {
        this.documents = documents;
        this.eventRules = load(documents.eventRules(), before.eventRules);
        this.requestRules = load(documents.requestRules(), before.requestRules);
        this.eventSignatures = before.eventSignatures.replacedBy(eventRules);
        this.requestSignatures = before.requestSignatures.replacedBy(requestRules);
    }

    /** The documents with rules compiled for them alone. */
    public static LoadedDocuments compile(RuleDocuments documents) {
        return new LoadedDocuments(documents);
    }

    /** The next version of the documents: only groups of another shape are compiled. */
    public LoadedDocuments replacedBy(RuleDocuments next) {
        return new LoadedDocuments(next, this);
    }

    private static <F, R> Map<Resource, LoadedGroup<F, R>> load(
            Collection<RuleGroup<F, R>> groups, Map<Resource, LoadedGroup<F, R>> before) {
        var loaded = new EnumMap<Resource, LoadedGroup<F, R>>(Resource.class);
        for (RuleGroup<F, R> group : groups) {
            LoadedGroup<F, R> earlier = before.get(group.resource());
            loaded.put(group.resource(), earlier == null ? LoadedGroup.compile(group) : earlier.replacedBy(group));
        }
        return Collections.unmodifiableMap(loaded);
    }

    /** What was loaded. */
    public RuleDocuments documents() {
        return documents;
    }

    /** The rules that look at states. */
    public Map<Resource, LoadedGroup<ResourceState, EventRule>> eventRules() {
        return eventRules;
    }

    /** The rules that look at event sums. */
    public Map<Resource, LoadedGroup<EventTally, RequestRule>> requestRules() {
        return requestRules;
    }

    /** Of what they ask; the same as in the version before if they ask the same. */
    public Signatures<ResourceState> eventSignatures() {
        return eventSignatures;
    }

    /** Of what they ask; the same as in the version before if they ask the same. */
    public Signatures<EventTally> requestSignatures() {
        return requestSignatures;
    }

    /** How many groups there are. */
    public int groups() {
        return eventRules.size() + requestRules.size();
    }

    /** How many groups have the same compiled rules as in another version. */
    public int groupsSharedWith(LoadedDocuments other) {
        return shared(eventRules, other.eventRules) + shared(requestRules, other.requestRules);
    }

    private static <G extends LoadedGroup<?, ?>> int shared(Map<Resource, G> groups, Map<Resource, G> others) {
        return (int) groups.entrySet().stream()
                .filter(group -> others.containsKey(group.getKey())
                        && group.getValue().sharesRulesWith(others.get(group.getKey())))
                .count();
    }
}

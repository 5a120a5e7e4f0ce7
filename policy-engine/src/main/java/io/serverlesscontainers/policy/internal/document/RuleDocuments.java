package io.serverlesscontainers.policy.internal.document;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import io.serverlesscontainers.core.spi.EventRule;
import io.serverlesscontainers.core.spi.EventTally;
import io.serverlesscontainers.core.spi.RequestRule;
import io.serverlesscontainers.core.spi.ResourceState;
import io.serverlesscontainers.policy.internal.engine.FactKind;
import io.serverlesscontainers.policy.internal.logic.Logic;
import io.serverlesscontainers.policy.internal.logic.LogicException;
import io.serverlesscontainers.policy.internal.logic.LogicParser;
import io.serverlesscontainers.store.document.DocumentException;
import io.serverlesscontainers.store.document.Problem;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Rule;
import io.serverlesscontainers.store.document.Shown;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Reads rule documents: each one that is active and sound becomes a rule of a {@link RuleGroup}, each other one that is
 * active a problem.
 *
 * <p>A request rule without {@code events_to_remove} is refused. It would consume nothing, and so move the limit again
 * in every window for as long as its events live.
 */
public final class RuleDocuments {
    private static final JsonPointer CONDITION = field("rule");
    private static final long MOST_EVENTS = 1_000_000;

    private final Map<Resource, RuleGroup<ResourceState, EventRule>> eventRules = new EnumMap<>(Resource.class);
    private final Map<Resource, RuleGroup<EventTally, RequestRule>> requestRules = new EnumMap<>(Resource.class);
    private final Map<String, Rule> inForce = new HashMap<>();

    private RuleDocuments() {}

    /** Reads some documents; of two active ones with the same name the first counts. */
    public static RuleDocuments read(List<Rule> documents, Consumer<Problem> problems) {
        return read(documents, Map.of(), problems);
    }

    /**
     * Reads new versions of some documents. In the place of one that is a problem stands its earlier version, if it has
     * one.
     *
     * @param earlier what was {@linkplain #inForce() in force} before
     */
    public static RuleDocuments read(List<Rule> documents, Map<String, Rule> earlier, Consumer<Problem> problems) {
        var read = new RuleDocuments();
        for (Rule document : documents) {
            try {
                read.add(document);
            } catch (DocumentException unusable) {
                boolean isKept = read.keep(earlier.get(document.name()));
                problems.accept(isKept ? kept(unusable.problem()) : unusable.problem());
            }
        }
        return read;
    }

    /** The documents that became rules, by name. */
    public Map<String, Rule> inForce() {
        return Collections.unmodifiableMap(inForce);
    }

    /** The rules that look at states. */
    public Collection<RuleGroup<ResourceState, EventRule>> eventRules() {
        return Collections.unmodifiableCollection(eventRules.values());
    }

    /** The rules that look at event sums. */
    public Collection<RuleGroup<EventTally, RequestRule>> requestRules() {
        return Collections.unmodifiableCollection(requestRules.values());
    }

    private void add(Rule document) {
        if (!document.isActive()) {
            return;
        }
        // Half of a document may mean the opposite of the whole: one bad field and it is left alone.
        if (!document.problems().isEmpty()) {
            throw new DocumentException(document.problems().get(0));
        }
        Resource resource = document.resource().orElseThrow(() -> missing(document, "resource", "a resource"));
        Rule.Generates generates =
                document.generates().orElseThrow(() -> missing(document, "generates", "'events' or 'requests'"));
        if (inForce.containsKey(document.name())) {
            throw refused(
                    document, field("name"), "is '" + Shown.of(document.name()) + "', which another active rule has");
        }
        switch (generates) {
            case EVENTS -> addEventRule(document, resource);
            case REQUESTS -> addRequestRule(document, resource);
        }
        inForce.put(document.name(), document);
    }

    /** Adds the earlier version of a document that was refused; false if there is none, or a twin has its name. */
    private boolean keep(Rule earlier) {
        if (earlier == null || inForce.containsKey(earlier.name())) {
            return false;
        }
        add(earlier);
        return true;
    }

    private static Problem kept(Problem problem) {
        return new Problem(
                problem.subject(), problem.field(), problem.sentence() + "; the last good version stays in force");
    }

    private void addEventRule(Rule document, Resource resource) {
        Logic condition =
                condition(document, FactKind.STATES.variablesOf(resource).keySet());
        var rule = new EventRule(document.name(), resource, document.scaleEvents());
        eventRules
                .computeIfAbsent(resource, first -> new RuleGroup<>(FactKind.STATES, first))
                .add(rule.name(), condition, rule);
    }

    private void addRequestRule(Rule document, Resource resource) {
        Logic condition =
                condition(document, FactKind.TALLIES.variablesOf(resource).keySet());
        var rule = new RequestRule(
                document.name(), resource, document.rescale(), eventsToRemove(document), priority(document));
        requestRules
                .computeIfAbsent(resource, first -> new RuleGroup<>(FactKind.TALLIES, first))
                .add(rule.name(), condition, rule);
    }

    private static Logic condition(Rule document, Set<String> variables) {
        JsonNode condition =
                document.condition().orElseThrow(() -> missing(document, "rule", "a JSON-logic expression"));
        try {
            return new LogicParser(variables).parse(condition, CONDITION);
        } catch (LogicException noExpression) {
            throw refused(document, noExpression.where(), noExpression.whatIsWrong());
        }
    }

    private static int eventsToRemove(Rule document) {
        String allowed = "a whole number from 0 to " + MOST_EVENTS;
        long events = document.eventsToRemove().orElseThrow(() -> missing(document, "events_to_remove", allowed));
        if (events < 0 || events > MOST_EVENTS) {
            throw refused(document, field("events_to_remove"), "is " + events + ", " + allowed + " is needed");
        }
        return (int) events;
    }

    private static long priority(Rule document) {
        JsonNode priority = document.otherFields().get("priority");
        if (priority == null || priority.isNull()) {
            return 0;
        }
        if (!priority.canConvertToLong() || !priority.isIntegralNumber()) {
            throw refused(document, field("priority"), "is " + Shown.of(priority) + ", a whole number is needed");
        }
        return priority.longValue();
    }

    private static DocumentException missing(Rule document, String field, String allowed) {
        return refused(document, field(field), "is missing, " + allowed + " is needed");
    }

    private static DocumentException refused(Rule document, JsonPointer field, String whatIsWrong) {
        return new DocumentException(Problem.ofField(Shown.named("rule", document.name()), field, whatIsWrong));
    }

    private static JsonPointer field(String name) {
        return JsonPointer.empty().appendProperty(name);
    }
}

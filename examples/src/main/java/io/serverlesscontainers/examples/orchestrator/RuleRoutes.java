package io.serverlesscontainers.examples.orchestrator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serverlesscontainers.examples.service.http.RestException;
import io.serverlesscontainers.examples.service.http.RestRequest;
import io.serverlesscontainers.examples.service.http.Route;
import io.serverlesscontainers.examples.service.http.Route.Reply;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.document.Shown;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Rules: whether they are in force, how much they ask for, and after how many events. */
final class RuleRoutes {
    private static final Set<String> POLICIES = Set.of("amount", "fit_to_usage", "proportional");
    private static final Set<String> DIRECTIONS = Set.of("up", "down");
    private static final String AT_LEAST = ">=";
    private static final int BAD_REQUEST = 400;

    private final Documents documents;

    RuleRoutes(Documents documents) {
        this.documents = documents;
    }

    List<Route> routes() {
        return List.of(
                Route.get("/rule", request -> Reply.ok(documents.all(DocumentKind.RULES))),
                Route.get("/rule/{name}", request -> Reply.ok(documents.one(DocumentKind.RULES, request.name("name")))),
                Route.put("/rule/{name}/activate", request -> change(request, rule -> rule.put("active", true))),
                Route.put("/rule/{name}/deactivate", request -> change(request, rule -> rule.put("active", false))),
                Route.put("/rule/{name}/amount", this::amount),
                Route.put("/rule/{name}/policy", this::policy),
                Route.put("/rule/{name}/events_required", this::eventsRequired));
    }

    private Reply amount(RestRequest request) {
        JsonNode value = Values.value(request.body());
        JsonNode amount = Values.plain(value);
        if (!amount.isIntegralNumber() || !amount.canConvertToLong()) {
            throw new RestException(BAD_REQUEST, "the amount is " + Shown.of(value) + ", a whole number is needed");
        }
        return change(request, rule -> rule.put("amount", amount.longValue()));
    }

    /** In the spelling that the rule has already. */
    private Reply policy(RestRequest request) {
        JsonNode value = Values.value(request.body());
        if (!POLICIES.contains(value.asText())) {
            throw new RestException(
                    BAD_REQUEST,
                    "the policy is " + Shown.of(value) + ", amount, fit_to_usage or proportional is needed");
        }
        return change(
                request,
                rule -> rule.put(
                        rule.has("rescale_by") && !rule.has("rescale_policy") ? "rescale_by" : "rescale_policy",
                        value.textValue()));
    }

    private Reply eventsRequired(RestRequest request) {
        JsonNode body = request.body();
        String direction = body.path("event_type").asText();
        if (!DIRECTIONS.contains(direction)) {
            throw new RestException(
                    BAD_REQUEST, "event_type is " + Shown.of(body.get("event_type")) + ", up or down is needed");
        }
        long events = Values.amount(Values.value(body), "the number of events");
        if (events == 0) {
            throw new RestException(BAD_REQUEST, "the number of events is 0, at least 1 is needed");
        }
        return change(request, rule -> {
            ArrayNode comparison = conditions(rule.path("rule"), "events.scale." + direction)
                    .orElseThrow(() -> new RestException(
                            BAD_REQUEST,
                            Shown.named("rule", request.name("name")) + " does not wait for '" + direction
                                    + "' events: it has no condition events.scale." + direction + " >= number"));
            comparison.set(1, events);
        });
    }

    /** The comparison that a number of events must reach. */
    private static Optional<ArrayNode> conditions(JsonNode rule, String variable) {
        for (JsonNode conjunct : rule.path("and")) {
            JsonNode sides = conjunct.path(AT_LEAST);
            boolean same = sides.path(0).path("var").asText().equals(variable);
            if (same && sides.path(1).isNumber() && sides instanceof ArrayNode comparison) {
                return Optional.of(comparison);
            }
        }
        return Optional.empty();
    }

    private Reply change(RestRequest request, Consumer<ObjectNode> edit) {
        documents.change(DocumentKind.RULES, request.name("name"), edit);
        return StructureRoutes.done();
    }
}

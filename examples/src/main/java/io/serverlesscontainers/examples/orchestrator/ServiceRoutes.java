package io.serverlesscontainers.examples.orchestrator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serverlesscontainers.examples.service.http.RestException;
import io.serverlesscontainers.examples.service.http.RestRequest;
import io.serverlesscontainers.examples.service.http.Route;
import io.serverlesscontainers.examples.service.http.Route.Reply;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.document.Shown;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The configuration of services, which they read again every window. */
final class ServiceRoutes {
    private static final int BAD_REQUEST = 400;

    private final Documents documents;

    ServiceRoutes(Documents documents) {
        this.documents = documents;
    }

    List<Route> routes() {
        return List.of(
                Route.get("/service", request -> Reply.ok(documents.all(DocumentKind.SERVICES))),
                Route.get(
                        "/service/{name}",
                        request -> Reply.ok(documents.one(DocumentKind.SERVICES, request.name("name")))),
                Route.put("/service/{name}", this::several),
                Route.put("/service/{name}/{key}", this::one));
    }

    private Reply several(RestRequest request) {
        JsonNode body = request.body();
        if (!body.isObject() || body.isEmpty()) {
            throw new RestException(
                    BAD_REQUEST, "the body is " + Shown.of(body) + ", an object such as {\"ACTIVE\":true} is needed");
        }
        Map<String, JsonNode> values = new LinkedHashMap<>();
        body.properties()
                .forEach(field ->
                        values.put(field.getKey(), ServiceKey.checked(field.getKey(), Values.plain(field.getValue()))));
        return change(request, values);
    }

    private Reply one(RestRequest request) {
        String key = request.name("key");
        return change(request, Map.of(key, ServiceKey.checked(key, Values.plain(Values.value(request.body())))));
    }

    private Reply change(RestRequest request, Map<String, JsonNode> values) {
        documents.change(DocumentKind.SERVICES, request.name("name"), service -> {
            ObjectNode config =
                    Documents.section(service, Shown.named("service", request.name("name")), "section", "config");
            config.setAll(values);
        });
        return StructureRoutes.done();
    }
}

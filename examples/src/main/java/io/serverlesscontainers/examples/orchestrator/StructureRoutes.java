package io.serverlesscontainers.examples.orchestrator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serverlesscontainers.examples.service.http.RestException;
import io.serverlesscontainers.examples.service.http.RestRequest;
import io.serverlesscontainers.examples.service.http.Route;
import io.serverlesscontainers.examples.service.http.Route.Reply;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.document.Shown;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Containers, applications and hosts: what they have, whether they are guarded, and between which bounds. */
final class StructureRoutes {
    private static final String RESOURCES = "resources";
    private static final int BAD_REQUEST = 400;

    private final Documents documents;

    StructureRoutes(Documents documents) {
        this.documents = documents;
    }

    List<Route> routes() {
        return List.of(
                Route.get("/structure", request -> Reply.ok(documents.all(DocumentKind.STRUCTURES))),
                Route.get("/structure/{name}", request -> Reply.ok(structure(request))),
                Route.get("/structure/{name}/resources", request -> Reply.ok(resources(request))),
                Route.get("/structure/{name}/resources/{resource}", request -> Reply.ok(resource(request))),
                Route.get(
                        "/structure/{name}/resources/{resource}/{parameter}",
                        request -> Reply.ok(Documents.part(
                                resource(request),
                                owner(request) + " " + Shown.of(request.name("resource")),
                                "parameter",
                                request.name("parameter")))),
                Route.get("/structure/{name}/limits", request -> Reply.ok(limits(request))),
                Route.get(
                        "/structure/{name}/limits/{resource}",
                        request -> Reply.ok(Documents.part(
                                limits(request), owner(request), "limit of resource", request.name("resource")))),
                Route.put("/structure/{name}/guard", request -> guard(request, true)),
                Route.put("/structure/{name}/unguard", request -> guard(request, false)),
                Route.put("/structure/{name}/resources/guard", request -> guardSeveral(request, true)),
                Route.put("/structure/{name}/resources/unguard", request -> guardSeveral(request, false)),
                Route.put(
                        "/structure/{name}/resources/{resource}/guard",
                        request -> guard(request, List.of(request.name("resource")), true)),
                Route.put(
                        "/structure/{name}/resources/{resource}/unguard",
                        request -> guard(request, List.of(request.name("resource")), false)),
                Route.put("/structure/{name}/resources/{resource}/max", request -> bound(request, "max")),
                Route.put("/structure/{name}/resources/{resource}/min", request -> bound(request, "min")),
                Route.put("/structure/{name}/limits/{resource}/boundary", this::boundary),
                Route.put("/structure/{name}/limits/{resource}/boundary_type", this::boundaryType));
    }

    private static String owner(RestRequest request) {
        return Shown.named("structure", request.name("name"));
    }

    private ObjectNode structure(RestRequest request) {
        return documents.one(DocumentKind.STRUCTURES, request.name("name"));
    }

    private ObjectNode resources(RestRequest request) {
        return Documents.section(structure(request), owner(request), "section", RESOURCES);
    }

    private ObjectNode resource(RestRequest request) {
        return Documents.section(resources(request), owner(request), "resource", request.name("resource"));
    }

    private ObjectNode limits(RestRequest request) {
        return Documents.section(
                documents.one(DocumentKind.LIMITS, request.name("name")), owner(request), "section", RESOURCES);
    }

    private Reply guard(RestRequest request, boolean guarded) {
        return change(request, structure -> structure.put("guard", guarded));
    }

    private Reply guardSeveral(RestRequest request, boolean guarded) {
        JsonNode body = request.body();
        var names = new ArrayList<String>();
        JsonNode resources = body.path(RESOURCES);
        for (JsonNode name : resources.isArray() ? resources : JsonNodeFactory.instance.arrayNode()) {
            if (!name.isTextual()) {
                throw new RestException(
                        BAD_REQUEST, "resources has " + Shown.of(name) + ", the name of a resource is needed");
            }
            names.add(name.textValue());
        }
        if (names.isEmpty()) {
            throw new RestException(
                    BAD_REQUEST,
                    "the body is " + Shown.of(body) + ", an object such as {\"resources\":[\"cpu\"]} is needed");
        }
        return guard(request, names, guarded);
    }

    private Reply guard(RestRequest request, List<String> names, boolean guarded) {
        return change(request, structure -> {
            ObjectNode resources = Documents.section(structure, owner(request), "section", RESOURCES);
            names.forEach(name -> Documents.section(resources, owner(request), "resource", name)
                    .put("guard", guarded));
        });
    }

    private Reply bound(RestRequest request, String bound) {
        String name = request.name("resource");
        long value = Values.amount(Values.value(request.body()), bound + " of " + Shown.of(name));
        return change(request, structure -> {
            ObjectNode resource = Documents.section(
                    Documents.section(structure, owner(request), "section", RESOURCES),
                    owner(request),
                    "resource",
                    name);
            resource.put(bound, value);
            JsonNode max = Values.plain(resource.path("max"));
            JsonNode min = Values.plain(resource.path("min"));
            if (max.isNumber() && min.isNumber() && max.doubleValue() < min.doubleValue()) {
                throw new RestException(
                        BAD_REQUEST,
                        owner(request) + " would have " + Shown.of(name) + " with min " + min + " and max " + max
                                + ", and min must not be above max");
            }
        });
    }

    private Reply boundary(RestRequest request) {
        long value = Values.amount(Values.value(request.body()), "the boundary");
        return changeLimit(request, limit -> limit.put("boundary", value));
    }

    private Reply boundaryType(RestRequest request) {
        JsonNode value = Values.value(request.body());
        if (value.isNull()) {
            throw new RestException(
                    BAD_REQUEST, "boundary_type is null, percentage_of_max or percentage_of_current is needed");
        }
        return changeLimit(request, limit -> limit.set("boundary_type", value));
    }

    private Reply changeLimit(RestRequest request, Consumer<ObjectNode> edit) {
        documents.change(
                DocumentKind.LIMITS,
                request.name("name"),
                limits -> edit.accept(Documents.section(
                        Documents.section(limits, owner(request), "section", RESOURCES),
                        owner(request),
                        "limit of resource",
                        request.name("resource"))));
        return done();
    }

    private Reply change(RestRequest request, Consumer<ObjectNode> edit) {
        documents.change(DocumentKind.STRUCTURES, request.name("name"), edit);
        return done();
    }

    /** What scripts look for in the body. */
    static Reply done() {
        return Reply.ok(IntNode.valueOf(201));
    }
}

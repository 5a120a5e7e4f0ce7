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

/** Applications and users: they come, go, and have containers. */
final class ApplicationRoutes {
    private static final String CONTAINERS = "containers";
    private static final int BAD_REQUEST = 400;

    private final Documents documents;

    ApplicationRoutes(Documents documents) {
        this.documents = documents;
    }

    /** To be asked before routes whose first part is the name of a structure. */
    List<Route> routes() {
        return List.of(
                Route.put("/structure/apps/{name}", this::addApplication),
                Route.delete("/structure/apps/{name}", this::removeApplication),
                Route.put("/structure/container/{container}/{app}", this::addContainer),
                Route.delete("/structure/container/{container}/{app}", this::removeContainer),
                Route.get("/user", request -> Reply.ok(documents.all(DocumentKind.USERS))),
                Route.get("/user/{name}", request -> Reply.ok(documents.one(DocumentKind.USERS, request.name("name")))),
                Route.put("/user/{name}", this::addUser),
                Route.delete("/user/{name}", this::removeUser));
    }

    /** Structure and thresholds, or neither. */
    private Reply addApplication(RestRequest request) {
        JsonNode body = request.body();
        String name = request.name("name");
        ObjectNode application = NewStructure.read(body, "app", name, "application");
        if (!application.has(CONTAINERS)) {
            application.putArray(CONTAINERS);
        }
        ObjectNode limits = NewStructure.limits(body, name);
        documents.create(DocumentKind.STRUCTURES, application);
        try {
            // Thresholds that a structure of this name left behind are nobody's.
            documents.delete(DocumentKind.LIMITS, name);
            documents.create(DocumentKind.LIMITS, limits);
        } catch (RestException refused) {
            documents.delete(DocumentKind.STRUCTURES, name);
            throw refused;
        }
        return StructureRoutes.done();
    }

    private Reply removeApplication(RestRequest request) {
        String name = request.name("name");
        documents.requireSubtype(name, "application");
        documents.delete(DocumentKind.STRUCTURES, name);
        documents.delete(DocumentKind.LIMITS, name);
        return StructureRoutes.done();
    }

    private Reply addContainer(RestRequest request) {
        String container = request.name("container");
        documents.requireSubtype(container, "container");
        return changeContainers(request, (containers, at) -> {
            if (at >= 0) {
                throw new RestException(
                        BAD_REQUEST,
                        Shown.named("container", container) + " is in "
                                + Shown.named("application", request.name("app")) + " already");
            }
            containers.add(container);
        });
    }

    private Reply removeContainer(RestRequest request) {
        return changeContainers(request, (containers, at) -> {
            if (at < 0) {
                throw new RestException(
                        BAD_REQUEST,
                        Shown.named("container", request.name("container")) + " is not in "
                                + Shown.named("application", request.name("app")));
            }
            containers.remove(at);
        });
    }

    /** Edits the containers of an application. */
    @FunctionalInterface
    private interface Edit {
        void accept(ArrayNode containers, int at);
    }

    private Reply changeContainers(RestRequest request, Edit edit) {
        String name = request.name("app");
        documents.requireSubtype(name, "application");
        documents.change(DocumentKind.STRUCTURES, name, application -> {
            ArrayNode containers = application.withArrayProperty(CONTAINERS);
            int at = -1;
            for (int i = 0; i < containers.size(); i++) {
                at = containers.get(i).asText().equals(request.name("container")) ? i : at;
            }
            edit.accept(containers, at);
        });
        return StructureRoutes.done();
    }

    private Reply addUser(RestRequest request) {
        documents.create(DocumentKind.USERS, NewStructure.read(request.body(), "user", request.name("name"), "user"));
        return StructureRoutes.done();
    }

    private Reply removeUser(RestRequest request) {
        String name = request.name("name");
        if (!documents.delete(DocumentKind.USERS, name)) {
            throw Documents.missing(DocumentKind.USERS, name);
        }
        return StructureRoutes.done();
    }
}

package io.serverlesscontainers.examples.orchestrator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serverlesscontainers.core.spi.CgroupException;
import io.serverlesscontainers.core.spi.HostDrivers;
import io.serverlesscontainers.examples.service.http.RestException;
import io.serverlesscontainers.examples.service.http.RestRequest;
import io.serverlesscontainers.examples.service.http.Route;
import io.serverlesscontainers.examples.service.http.Route.Reply;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.document.Shown;
import io.serverlesscontainers.store.document.Structure;
import java.util.List;

/** Hosts: one comes if its Container Scaler answers, and goes when it has no containers left. */
final class HostRoutes {
    private static final int SHARES_PER_CORE = 100;
    private static final int MOST_CORES = 10_000;
    private static final int BAD_REQUEST = 400;

    private final Documents documents;
    private final HostDrivers hosts;

    HostRoutes(Documents documents, HostDrivers hosts) {
        this.documents = documents;
        this.hosts = hosts;
    }

    /** To be asked before routes whose first part is the name of a structure. */
    List<Route> routes() {
        return List.of(
                Route.put("/structure/host/{name}", this::add), Route.delete("/structure/host/{name}", this::remove));
    }

    /** With every core free, whatever the body says of cores. */
    private Reply add(RestRequest request) {
        ObjectNode host = NewStructure.sound(request.body(), "the body", request.name("name"), "host");
        long shares = host.at("/resources/cpu/max").asLong();
        if (shares < SHARES_PER_CORE || shares > (long) SHARES_PER_CORE * MOST_CORES) {
            throw new RestException(
                    BAD_REQUEST,
                    "max of cpu is " + Shown.of(host.at("/resources/cpu/max")) + ", " + SHARES_PER_CORE
                            + " shares for each core of the host are needed");
        }
        ObjectNode cores = ((ObjectNode) host.at("/resources/cpu")).putObject("core_usage_mapping");
        for (int core = 0; core < shares / SHARES_PER_CORE; core++) {
            cores.putObject(Integer.toString(core)).put("free", SHARES_PER_CORE);
        }
        RescalerAddress.check(host);
        Structure document = documents.read(DocumentKind.STRUCTURES, host);
        try {
            hosts.requireAnswer(document);
        } catch (CgroupException away) {
            throw new RestException(BAD_REQUEST, away.getMessage(), away);
        }
        documents.create(DocumentKind.STRUCTURES, host);
        return StructureRoutes.done();
    }

    private Reply remove(RestRequest request) {
        String name = request.name("name");
        documents.requireSubtype(name, "host");
        for (JsonNode structure : documents.all(DocumentKind.STRUCTURES)) {
            if (structure.path("subtype").asText().equals("container")
                    && structure.path("host").asText().equals(name)) {
                throw new RestException(
                        BAD_REQUEST,
                        Shown.named("host", name) + " still has "
                                + Shown.named(
                                        "container", structure.path("name").asText())
                                + ": its containers must go first");
            }
        }
        documents.delete(DocumentKind.STRUCTURES, name);
        return StructureRoutes.done();
    }
}

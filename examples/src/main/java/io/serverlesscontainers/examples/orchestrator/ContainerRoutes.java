package io.serverlesscontainers.examples.orchestrator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serverlesscontainers.core.scaler.Admission;
import io.serverlesscontainers.core.scaler.AdmissionException;
import io.serverlesscontainers.core.spi.CgroupException;
import io.serverlesscontainers.core.spi.HostDrivers;
import io.serverlesscontainers.core.spi.MissingContainerException;
import io.serverlesscontainers.core.spi.UnreachableHostException;
import io.serverlesscontainers.examples.service.http.RestException;
import io.serverlesscontainers.examples.service.http.RestRequest;
import io.serverlesscontainers.examples.service.http.Route;
import io.serverlesscontainers.examples.service.http.Route.Reply;
import io.serverlesscontainers.store.StateStore;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.document.Limits;
import io.serverlesscontainers.store.document.Shown;
import io.serverlesscontainers.store.document.Structure;
import java.util.List;
import java.util.function.Consumer;

/**
 * Containers: one comes if its host's Container Scaler knows it and the host has room for it. Its cores are mapped and its
 * limits written then, all or nothing.
 */
final class ContainerRoutes {
    private static final int BAD_REQUEST = 400;
    private static final int SERVER_ERROR = 500;

    private final Documents documents;
    private final StateStore store;
    private final HostDrivers hosts;

    ContainerRoutes(Documents documents, StateStore store, HostDrivers hosts) {
        this.documents = documents;
        this.store = store;
        this.hosts = hosts;
    }

    /** To be asked before routes whose first part is the name of a structure. */
    List<Route> routes() {
        return List.of(
                Route.put("/structure/container/{name}", this::add),
                Route.delete("/structure/container/{name}", this::remove));
    }

    /** One after the other: two that want the last of a host's shares must not both get them. */
    private synchronized Reply add(RestRequest request) {
        JsonNode body = request.body();
        String name = request.name("name");
        ObjectNode json = NewStructure.read(body, "container", name, "container");
        RescalerAddress.check(json);
        ObjectNode thresholds = NewStructure.limits(body, name);
        Structure container = documents.read(DocumentKind.STRUCTURES, json);
        Limits limits = documents.read(DocumentKind.LIMITS, thresholds);
        if (documents.has(DocumentKind.STRUCTURES, name)) {
            throw new RestException(BAD_REQUEST, Shown.named("structure", name) + " is there already");
        }
        onHost(container, admission -> admission.admit(container, limits));
        return StructureRoutes.done();
    }

    /** The limits in the kernel stay as they are. */
    private synchronized Reply remove(RestRequest request) {
        String name = request.name("name");
        documents.requireSubtype(name, "container");
        Structure container = documents.read(DocumentKind.STRUCTURES, documents.one(DocumentKind.STRUCTURES, name));
        try {
            onHost(container, admission -> admission.dismiss(name));
        } catch (RestException failed) {
            if (!(failed.getCause() instanceof UnreachableHostException)) {
                throw failed;
            }
            // A host that is gone must not hold its containers. Should it come back, its account is reckoned anew.
            documents.delete(DocumentKind.LIMITS, name);
            documents.delete(DocumentKind.STRUCTURES, name);
        }
        return StructureRoutes.done();
    }

    private void onHost(Structure container, Consumer<Admission> work) {
        String host = container
                .host()
                .orElseThrow(() -> new RestException(BAD_REQUEST, "host is missing, the name of a host is needed"));
        documents.requireSubtype(host, "host");
        Documents.asking(() -> {
            try {
                work.accept(new Admission(store, hosts.of(container), host));
                return host;
            } catch (AdmissionException | MissingContainerException refused) {
                throw new RestException(BAD_REQUEST, refused.getMessage(), refused);
            } catch (CgroupException failed) {
                throw new RestException(SERVER_ERROR, failed.getMessage(), failed);
            }
        });
    }
}

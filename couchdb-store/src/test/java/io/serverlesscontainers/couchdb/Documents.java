package io.serverlesscontainers.couchdb;

import com.fasterxml.jackson.databind.node.IntNode;
import io.serverlesscontainers.store.Revisioned;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.ScaleEvents;
import io.serverlesscontainers.store.document.ScalingEvent;
import io.serverlesscontainers.store.document.ScalingRequest;
import io.serverlesscontainers.store.document.ServiceDocument;
import io.serverlesscontainers.store.document.Structure;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What the tests write. */
final class Documents {
    private static final Instant NOW = Instant.ofEpochSecond(1_763_769_600);

    private Documents() {}

    static ServiceDocument counter(String name, int count) {
        return new ServiceDocument(name, Map.of("COUNT", IntNode.valueOf(count)), Map.of(), List.of());
    }

    static ServiceDocument incremented(ServiceDocument service) {
        return service.withConfig("COUNT", IntNode.valueOf(count(service) + 1));
    }

    static int count(ServiceDocument service) {
        return service.config().get("COUNT").asInt();
    }

    static int count(Revisioned<ServiceDocument> service) {
        return count(service.document());
    }

    static ScalingEvent event(int number) {
        return ScalingEvent.of("cont" + number, Resource.CPU, ScaleEvents.UP, NOW.plusSeconds(number));
    }

    static ScalingRequest request(int number) {
        var structure = Structure.of("cont" + number, Structure.Subtype.CONTAINER);
        return ScalingRequest.of(structure, Resource.CPU, 75, 0, NOW.plusSeconds(number));
    }
}

package io.serverlesscontainers.store.memory;

import static io.serverlesscontainers.store.document.DocumentKind.SERVICES;

import com.fasterxml.jackson.databind.node.IntNode;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.ScaleEvents;
import io.serverlesscontainers.store.document.ScalingEvent;
import io.serverlesscontainers.store.document.ServiceDocument;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A process that writes to a store until it is killed, and prints a line {@code NAME COUNT.} for every write that the
 * store has acknowledged. The small floor makes it compact all the time.
 */
final class KilledWriter {
    private KilledWriter() {}

    public static void main(String[] arguments) {
        InMemoryStateStore store = InMemoryStateStore.open(Path.of(arguments[0]), 100_000);
        for (int i = 0; ; i++) {
            String name = "service" + i % 50;
            IntNode count = IntNode.valueOf(i);
            if (i < 50) {
                store.create(SERVICES, new ServiceDocument(name, Map.of("COUNT", count), Map.of(), List.of()));
            } else {
                store.change(SERVICES, name, it -> it.withConfig("COUNT", count));
            }
            store.addEvents(List.of(
                    ScalingEvent.of(name, Resource.CPU, ScaleEvents.UP, Instant.ofEpochSecond(1_763_769_600L + i))));
            System.out.println(name + " " + i + ".");
        }
    }
}

package io.serverlesscontainers.cgroups.internal.network;

import io.serverlesscontainers.cgroups.internal.controller.UsageCounter;
import io.serverlesscontainers.cgroups.internal.parse.NetDev;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The bytes that one container has received and sent, together, on all its interfaces but the loopback. No file is held
 * open: it would keep the network of a container alive that has ended. Where there is no network of its own, each call
 * is as if the counter were another one, so that nothing is told.
 */
final class NetworkCounter implements UsageCounter {
    private final NetworkProcess processes;

    private Optional<Integer> process = Optional.empty();
    private Optional<String> namespace = Optional.empty();
    private int openings;

    NetworkCounter(NetworkProcess processes) {
        this.processes = processes;
    }

    @Override
    public synchronized long used() {
        // Another namespace means that the number has become another process's.
        if (namespace.isEmpty() || !process.flatMap(processes::namespace).equals(namespace)) {
            lookAgain();
        }
        if (namespace.isEmpty()) {
            return 0;
        }
        Path file = processes.counters(process.orElseThrow());
        try {
            return NetDev.bytes(ByteBuffer.wrap(Files.readAllBytes(file)), file.toString());
        } catch (IOException ended) {
            namespace = Optional.empty();
            openings++;
            return 0;
        }
    }

    private void lookAgain() {
        openings++;
        process = processes.find();
        namespace = process.flatMap(processes::namespace)
                .filter(found -> !Optional.of(found).equals(processes.ownNamespace()));
    }

    @Override
    public synchronized int openings() {
        return openings;
    }
}

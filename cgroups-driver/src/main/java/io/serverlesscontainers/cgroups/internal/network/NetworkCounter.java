package io.serverlesscontainers.cgroups.internal.network;

import io.serverlesscontainers.cgroups.internal.controller.SplitCounter;
import io.serverlesscontainers.cgroups.internal.kernel.ProcFiles;
import io.serverlesscontainers.cgroups.internal.parse.KernelText;
import io.serverlesscontainers.cgroups.internal.parse.NetDev;
import io.serverlesscontainers.core.spi.CgroupException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The bytes that one container has received and sent, together, on all its interfaces but the loopback. No file is held
 * open: it would keep the network of a container alive that has ended. Where there is no network of its own, each call
 * is as if the counter were another one, so that nothing is told.
 */
final class NetworkCounter implements SplitCounter {
    private final NetworkProcess processes;

    private ProcFiles.File link;
    private ProcFiles.File counters;
    private long namespace = KernelText.ABSENT;
    private int openings;

    NetworkCounter(NetworkProcess processes) {
        this.processes = processes;
    }

    @Override
    public synchronized long used() {
        ByteBuffer text = read();
        return text == null ? 0 : NetDev.bytes(text, counters.toString());
    }

    /** The part is what was received. */
    @Override
    public synchronized Split split() {
        ByteBuffer text = read();
        return text == null
                ? new Split(0, 0)
                : new Split(NetDev.bytes(text, counters.toString()), NetDev.received(text, counters.toString()));
    }

    /** Null if there is no network of its own. */
    private ByteBuffer read() {
        // Another namespace means that the number has become another process's.
        if (namespace == KernelText.ABSENT || NetworkProcess.number(link) != namespace) {
            lookAgain();
        }
        ByteBuffer text = namespace == KernelText.ABSENT ? null : counters.read();
        if (text == null) {
            openings++;
            namespace = KernelText.ABSENT;
            return null;
        }
        return ProcFiles.isFull(text) ? readAll() : text;
    }

    /** Hundreds of interfaces do not fit into what is read otherwise. */
    private ByteBuffer readAll() {
        try {
            return ByteBuffer.wrap(Files.readAllBytes(Path.of(counters.toString())));
        } catch (IOException ended) {
            throw new CgroupException("cannot read " + counters + ": " + ended, ended);
        }
    }

    private void lookAgain() {
        openings++;
        namespace = KernelText.ABSENT;
        processes.find().ifPresent(process -> {
            link = processes.namespace(process);
            counters = processes.counters(process);
            long its = NetworkProcess.number(link);
            namespace = its == NetworkProcess.number(processes.ownNamespace()) ? KernelText.ABSENT : its;
        });
    }

    @Override
    public synchronized int openings() {
        return openings;
    }
}

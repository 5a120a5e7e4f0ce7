package io.serverlesscontainers.examples.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;

/** A container whose limits are watched from the moment on when they are its installation's. */
final class WatchedContainer implements AutoCloseable {
    private final LoadedContainer container;
    private LimitWatch cpu;
    private LimitWatch memory;

    WatchedContainer(LoadedContainer container) {
        this.container = container;
    }

    void watch() {
        cpu = new LimitWatch(container::cpuLimit);
        memory = new LimitWatch(container::memoryLimit);
    }

    String name() {
        return container.name();
    }

    LoadedContainer load() {
        return container;
    }

    LimitWatch cpu() {
        return cpu;
    }

    LimitWatch memory() {
        return memory;
    }

    /** How often its limits were changed. */
    int moves() {
        return cpu.moves().size() + memory.moves().size();
    }

    /** What it uses of a core from now on for some time, in shares. */
    double usage(Duration time) throws IOException, InterruptedException {
        long began = System.nanoTime();
        Duration before = container.cpuTime();
        await().pollDelay(time).until(() -> true);
        Duration used = container.cpuTime().minus(before);
        return 100.0 * used.toNanos() / (System.nanoTime() - began);
    }

    @Override
    public void close() throws IOException {
        if (cpu != null) {
            cpu.close();
        }
        if (memory != null) {
            memory.close();
        }
        container.close();
        assertThat(container.cgroups()).isEmpty();
    }
}

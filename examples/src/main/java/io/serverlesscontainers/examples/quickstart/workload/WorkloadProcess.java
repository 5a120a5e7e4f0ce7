package io.serverlesscontainers.examples.quickstart.workload;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** A running {@link Workload}, told what to do. For one thread. */
public final class WorkloadProcess implements AutoCloseable {
    private final String container;
    private final Process process;
    private final OutputStream instructions;
    private Demand last;

    /**
     * Takes over a process.
     *
     * @param container where it runs, for messages
     * @param process a process started with {@link Workload#command()}
     */
    public WorkloadProcess(String container, Process process) {
        this.container = container;
        this.process = process;
        this.instructions = process.getOutputStream();
    }

    /**
     * Tells the workload what to do from now on.
     *
     * @throws IOException if it has ended
     */
    public void follow(Demand demand) throws IOException {
        if (!process.isAlive()) {
            throw ended(null);
        }
        if (demand.equals(last)) {
            return;
        }
        try {
            instructions.write((demand.toLine() + "\n").getBytes(StandardCharsets.US_ASCII));
            instructions.flush();
        } catch (IOException closed) {
            throw ended(closed);
        }
        last = demand;
    }

    /** Whether it still runs. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Lets it end by itself. */
    @Override
    public void close() throws IOException {
        instructions.close();
    }

    private IOException ended(IOException cause) {
        String exitCode = process.isAlive() ? "" : " with exit code " + process.exitValue();
        return new IOException("the workload of container '" + container + "' has ended" + exitCode, cause);
    }
}

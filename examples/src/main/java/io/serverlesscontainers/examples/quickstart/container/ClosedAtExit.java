package io.serverlesscontainers.examples.quickstart.container;

import java.io.IOException;
import java.util.List;

/**
 * Containers that are taken away when the JVM ends, by whatever way it ends short of {@code kill -9}. Until then it is
 * the containers themselves.
 */
public final class ClosedAtExit implements DemoContainers {
    private final DemoContainers containers;
    private final Runnable before;
    private final Thread hook;

    /** Watches over containers from now on. */
    public ClosedAtExit(DemoContainers containers) {
        this(containers, () -> {});
    }

    /**
     * Watches over containers from now on.
     *
     * @param before what is done first when the JVM ends, such as giving whoever uses them the time to close them
     */
    public ClosedAtExit(DemoContainers containers, Runnable before) {
        this.containers = containers;
        this.before = before;
        this.hook = new Thread(this::closeQuietly, "remove-containers");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    @Override
    public void create(String name) throws IOException {
        containers.create(name);
    }

    @Override
    public Process run(String name, List<String> command) throws IOException {
        return containers.run(name, command);
    }

    @Override
    public void close() throws IOException {
        containers.close();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException alreadyEnding) {
            // The hook runs by itself now, and finds nothing left to do.
        }
    }

    private void closeQuietly() {
        before.run();
        try {
            containers.close();
        } catch (IOException left) {
            System.err.println(left.getMessage()); // loggers may be gone by now
        }
    }
}

package io.serverlesscontainers.examples.service;

import io.serverlesscontainers.examples.quickstart.Interruption;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

/** A command that runs until somebody ends the process. */
public final class Service {
    private static final Logger LOG = LoggerFactory.getLogger(Service.class);
    private static final Duration FOR_EVER = Duration.ofDays(36_500);

    private Service() {}

    /** The command line of a service: what it does not say, the environment or the file of {@code --config} does. */
    public static CommandLine commandLine(Callable<Integer> command) {
        return Settings.commandLine(command, System.getenv());
    }

    /**
     * Waits for the end of the process (SIGTERM, Ctrl-C), and stops what runs then, in order.
     *
     * @param running is said in the log
     * @param parts what to close, the first one first
     */
    public static void runUntilEnd(String running, AutoCloseable... parts) throws Exception {
        try (var interruption = new Interruption()) {
            LOG.info("{}", running);
            interruption.within(FOR_EVER);
            LOG.info("asked to end");
            for (AutoCloseable part : parts) {
                part.close();
            }
            LOG.info("ended");
        }
    }
}

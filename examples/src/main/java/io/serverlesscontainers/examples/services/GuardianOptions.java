package io.serverlesscontainers.examples.services;

import io.serverlesscontainers.core.Mode;
import picocli.CommandLine.Option;

/** What only a Guardian can be told. */
final class GuardianOptions {
    @Option(
            names = "--dry-run",
            description =
                    "Decides and logs what it would ask for, and writes nothing: no request, no event, no heartbeat. "
                            + "It may run beside a Guardian at work.")
    private boolean dryRun;

    Mode mode() {
        return dryRun ? Mode.DRY_RUN : Mode.ENFORCE;
    }
}

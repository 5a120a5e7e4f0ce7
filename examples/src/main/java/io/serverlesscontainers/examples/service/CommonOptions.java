package io.serverlesscontainers.examples.service;

import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What every service understands. */
@Command(
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:failed", "2:wrong usage"},
        footerHeading = "%n",
        footer = "Every option can be given as an environment variable too, --token-file as "
                + "SERVERLESS_CONTAINERS_TOKEN_FILE, or as a line of the file that --config names, 'token-file: …'.")
public final class CommonOptions {
    @Option(
            names = "--config",
            paramLabel = "FILE.yaml",
            description = "Options that are not given otherwise, a line each: 'port: 8000'.")
    private Path config;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    private boolean help;
}

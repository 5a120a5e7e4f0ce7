package io.serverlesscontainers.examples.service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What the Container Scalers of the hosts want to be shown. */
public final class HostTokenOptions {
    static final String TOKEN = Settings.PREFIX + "HOST_TOKEN";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec specification;

    @Option(
            names = "--host-token-file",
            paramLabel = "FILE",
            description = "Holds the token that the hosts' Container Scalers want to be shown; or the environment "
                    + "variable " + TOKEN + " does.")
    private Path file;

    /** The token, if there is one. */
    public Optional<String> token() {
        if (file == null) {
            return Optional.ofNullable(System.getenv(TOKEN)).filter(secret -> !secret.isBlank());
        }
        try {
            return Optional.of(Files.readString(file).strip()).filter(secret -> !secret.isEmpty());
        } catch (IOException unreadable) {
            throw new ParameterException(
                    specification.commandLine(), "--host-token-file " + file + " cannot be read: " + unreadable);
        }
    }
}

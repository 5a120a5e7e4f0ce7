package io.serverlesscontainers.examples.ctl;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** What every command of {@code ctl} understands, before or after its own words. */
final class Connection {
    private static final String TOKEN = "SERVERLESS_CONTAINERS_TOKEN";
    private static final Pattern TOKEN_FORM = Pattern.compile("[\\x21-\\x7e]+");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Spec(Spec.Target.MIXEE)
    private CommandSpec specification;

    @Option(
            names = "--orchestrator",
            paramLabel = "URL",
            scope = ScopeType.INHERIT,
            defaultValue = "http://127.0.0.1:5000",
            description = "The Orchestrator to ask; ${DEFAULT-VALUE} unless said otherwise.")
    private String url;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "Holds the token that the Orchestrator wants to be shown; or the environment variable "
                    + TOKEN + " does.")
    private Path tokenFile;

    @Option(
            names = "--json",
            scope = ScopeType.INHERIT,
            description = "Ends with one JSON object on standard output; everything else goes to standard error.")
    private boolean json;

    @Option(
            names = "--config",
            paramLabel = "FILE.yaml",
            scope = ScopeType.INHERIT,
            description = "Options that are not given otherwise, a line each: 'orchestrator: http://host0:5000'.")
    private Path config;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Shows this help.")
    private boolean help;

    boolean wantsJson() {
        return json;
    }

    /**
     * The Orchestrator to ask.
     *
     * @throws ParameterException if it cannot be, with one sentence
     */
    Orchestrator open(Map<String, String> environment) {
        HttpUrl server = HttpUrl.parse(url);
        if (server == null) {
            throw wrong("--orchestrator " + url + " is no URL, one like http://orchestrator:5000 is needed");
        }
        return new Orchestrator(server, token(environment), PATIENCE);
    }

    private Optional<String> token(Map<String, String> environment) {
        if (tokenFile == null) {
            return Optional.ofNullable(environment.get(TOKEN))
                    .filter(secret -> !secret.isBlank())
                    .map(secret -> sound(secret, TOKEN));
        }
        try {
            return Optional.of(sound(Files.readString(tokenFile).strip(), "--token-file " + tokenFile));
        } catch (IOException unreadable) {
            throw wrong("--token-file " + tokenFile + " cannot be read: " + unreadable);
        }
    }

    private String sound(String secret, String from) {
        if (!TOKEN_FORM.matcher(secret).matches()) {
            throw wrong(from + " holds no token: printable ASCII characters without spaces are needed");
        }
        return secret;
    }

    private ParameterException wrong(String sentence) {
        return new ParameterException(specification.commandLine(), sentence);
    }
}

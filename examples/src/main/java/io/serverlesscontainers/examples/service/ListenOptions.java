package io.serverlesscontainers.examples.service;

import io.serverlesscontainers.examples.service.http.Listen;
import io.serverlesscontainers.examples.service.http.Token;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where a service is reached over HTTP, and by whom. */
public final class ListenOptions {
    static final String TOKEN = Settings.PREFIX + "TOKEN";
    static final String KEYSTORE_PASSWORD = Settings.PREFIX + "KEYSTORE_PASSWORD";

    private static final String LOOPBACK = "127.0.0.1";
    private static final String EVERY_ADDRESS = "0.0.0.0";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec specification;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            description =
                    "The address of this machine to be reached at; 127.0.0.1, where only this machine reaches it, "
                            + "unless --listen is given.")
    private String host;

    @Option(names = "--port", paramLabel = "PORT", description = "The port to be reached at; 0 takes a free one.")
    private Integer port;

    @Option(
            names = "--listen",
            arity = "0..1",
            fallbackValue = "",
            paramLabel = "ADDRESS",
            description =
                    "Lets other machines in: at this address, at that of --host, or else at every address of this "
                            + "machine. A token is needed then.")
    private String listen;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description =
                    "Holds what everybody who asks must show as 'Authorization: Bearer TOKEN'; or the environment "
                            + "variable " + TOKEN + " does.")
    private Path tokenFile;

    @Option(names = "--insecure", description = "Lets other machines in without a token.")
    private boolean insecure;

    @Option(
            names = "--keystore",
            paramLabel = "FILE.p12",
            description = "Key and certificate for TLS; the environment variable " + KEYSTORE_PASSWORD
                    + ", or the file of --keystore-password-file, has the password.")
    private Path keystore;

    @Option(names = "--keystore-password-file", paramLabel = "FILE", description = "Holds the password of --keystore.")
    private Path keystorePasswordFile;

    @Option(
            names = "--requests-per-second",
            paramLabel = "NUMBER",
            defaultValue = "1000",
            description = "How often each address may ask; ${DEFAULT-VALUE} unless said otherwise.")
    private int requestsPerSecond;

    /** How often each address may ask. */
    public int requestsPerSecond() {
        if (requestsPerSecond < 1) {
            throw wrong("--requests-per-second is " + requestsPerSecond + ", at least 1 is needed");
        }
        return requestsPerSecond;
    }

    /**
     * Where to listen.
     *
     * @param usualPort unless {@code --port} says otherwise
     * @throws ParameterException if it cannot be so, with one sentence
     */
    public Listen listen(int usualPort) {
        return listen(usualPort, System.getenv());
    }

    Listen listen(int usualPort, Map<String, String> environment) {
        try {
            InetAddress address = InetAddress.getByName(address());
            if (!address.isLoopbackAddress() && listen == null) {
                throw wrong("--host " + host + " lets other machines in: --listen must be given too if that is wanted");
            }
            return new Listen(
                    address, port == null ? usualPort : port, token(environment), insecure, keystore(environment));
        } catch (UnknownHostException unknown) {
            throw wrong("'" + address() + "' is no address of this machine");
        } catch (IllegalArgumentException wrong) {
            throw wrong(wrong.getMessage());
        }
    }

    private String address() {
        if (listen != null && !listen.isEmpty()) {
            if (host != null && !host.equals(listen)) {
                throw wrong("--host " + host + " and --listen " + listen + " are two addresses, one is possible");
            }
            return listen;
        }
        if (host != null) {
            return host;
        }
        return listen == null ? LOOPBACK : EVERY_ADDRESS;
    }

    private Optional<Token> token(Map<String, String> environment) {
        if (tokenFile != null) {
            return Optional.of(Token.in(tokenFile));
        }
        return Optional.ofNullable(environment.get(TOKEN)).map(secret -> Token.of(secret, TOKEN));
    }

    private Optional<Listen.Keystore> keystore(Map<String, String> environment) {
        if (keystore == null) {
            return Optional.empty();
        }
        if (!Files.isReadable(keystore)) {
            throw wrong("--keystore " + keystore + " cannot be read");
        }
        return Optional.of(new Listen.Keystore(keystore.toString(), keystorePassword(environment)));
    }

    private String keystorePassword(Map<String, String> environment) {
        if (keystorePasswordFile == null) {
            return environment.getOrDefault(KEYSTORE_PASSWORD, "");
        }
        try {
            return Files.readString(keystorePasswordFile).strip();
        } catch (IOException unreadable) {
            throw wrong("--keystore-password-file " + keystorePasswordFile + " cannot be read: " + unreadable);
        }
    }

    private ParameterException wrong(String sentence) {
        return new ParameterException(specification.commandLine(), sentence);
    }
}

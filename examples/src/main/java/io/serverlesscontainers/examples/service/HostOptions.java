package io.serverlesscontainers.examples.service;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How the Container Scalers of the hosts are asked. */
public final class HostOptions {
    static final String TOKEN = Settings.PREFIX + "HOST_TOKEN";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec specification;

    @Option(
            names = "--host-token-file",
            paramLabel = "FILE",
            description = "Holds the token that the hosts' Container Scalers want to be shown; or the environment "
                    + "variable " + TOKEN + " does.")
    private Path tokenFile;

    @Option(
            names = "--host-certificates",
            paramLabel = "FILE.pem",
            description = "Certificates of who vouches for the hosts' Container Scalers, or their own: all of them are "
                    + "asked over HTTPS then. Without it, none is.")
    private Path certificates;

    /** As the command line and the environment say. */
    public HostAccess access() {
        return new HostAccess(token(), certificates == null ? List.of() : authorities());
    }

    private Optional<String> token() {
        if (tokenFile == null) {
            return Optional.ofNullable(System.getenv(TOKEN)).filter(secret -> !secret.isBlank());
        }
        try {
            return Optional.of(Files.readString(tokenFile).strip()).filter(secret -> !secret.isEmpty());
        } catch (IOException unreadable) {
            throw new ParameterException(
                    specification.commandLine(), "--host-token-file " + tokenFile + " cannot be read: " + unreadable);
        }
    }

    private List<X509Certificate> authorities() {
        String option = "--host-certificates " + certificates;
        try (InputStream pem = Files.newInputStream(certificates)) {
            List<X509Certificate> found = CertificateFactory.getInstance("X.509").generateCertificates(pem).stream()
                    .map(X509Certificate.class::cast)
                    .toList();
            if (found.isEmpty()) {
                throw new ParameterException(specification.commandLine(), option + " holds no certificate");
            }
            return found;
        } catch (CertificateException noCertificates) {
            throw new ParameterException(
                    specification.commandLine(), option + " holds what is no certificate", noCertificates);
        } catch (IOException unreadable) {
            throw new ParameterException(
                    specification.commandLine(), option + " cannot be read: " + unreadable, unreadable);
        }
    }
}

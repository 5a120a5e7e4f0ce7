package io.serverlesscontainers.couchdb;

import io.serverlesscontainers.store.document.Shown;
import java.io.IOException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLPeerUnverifiedException;

/** Why there was no connection on which a request could have left, in a sentence. */
final class Unreachable {
    private Unreachable() {}

    static String sentence(IOException failure) {
        if (failure instanceof SSLPeerUnverifiedException) { // another host's, or not the pinned one
            String firstLine = failure.getMessage().lines().findFirst().orElse("");
            return refused(Shown.of(firstLine.replaceAll("[:!]$", ""))); // the other lines show the certificate
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException) {
                return refused(reasonOf(cause));
            }
        }
        return "the server cannot be reached: " + reasonOf(failure);
    }

    private static String refused(String why) {
        return "the server's certificate is not trusted: " + why
                + "; a client that trusts it can be given to the builder";
    }

    static String reasonOf(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : Shown.of(message);
    }
}

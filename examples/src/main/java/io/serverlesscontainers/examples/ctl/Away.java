package io.serverlesscontainers.examples.ctl;

import io.serverlesscontainers.store.document.Shown;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.time.Duration;
import javax.net.ssl.SSLPeerUnverifiedException;

/** Why a server gave no answer, in a few words. */
final class Away {
    private Away() {}

    static String reason(IOException failure, Duration patience) {
        if (failure instanceof UnknownHostException) {
            return "no host has this name";
        }
        if (failure instanceof InterruptedIOException) {
            return "no answer within " + patience.toSeconds() + " s";
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException || cause instanceof SSLPeerUnverifiedException) {
                return "its certificate is not trusted: " + firstLine(cause).replaceAll("[:!]$", "");
            }
        }
        return failure instanceof ConnectException ? "nobody listens there" : firstLine(failure);
    }

    private static String firstLine(Throwable failure) {
        String message = failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
        return Shown.of(message.lines().findFirst().orElse(""));
    }
}

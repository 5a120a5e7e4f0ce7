package io.serverlesscontainers.examples.service;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import okhttp3.OkHttpClient;

/**
 * How the Container Scalers of the hosts are asked: all over HTTPS, or all without.
 *
 * @param token what they want to be shown
 * @param authorities who vouches for them, and nobody else does; empty for HTTP
 */
public record HostAccess(Optional<String> token, List<X509Certificate> authorities) {
    /** Copies the list. */
    public HostAccess {
        authorities = List.copyOf(authorities);
    }

    /** Over HTTP, without a token. */
    public static HostAccess plain() {
        return new HostAccess(Optional.empty(), List.of());
    }

    /** What their URLs begin with. */
    public String scheme() {
        return authorities.isEmpty() ? "http" : "https";
    }

    /** A client that asks so; its threads and connections are the caller's to end. */
    public OkHttpClient client() {
        if (authorities.isEmpty()) {
            return new OkHttpClient();
        }
        try {
            X509TrustManager trust = trust();
            SSLContext tls = SSLContext.getInstance("TLS");
            tls.init(null, new TrustManager[] {trust}, null);
            return new OkHttpClient.Builder()
                    .sslSocketFactory(tls.getSocketFactory(), trust)
                    .build();
        } catch (GeneralSecurityException | IOException everyJavaCan) {
            throw new IllegalStateException("this Java has no TLS", everyJavaCan);
        }
    }

    private X509TrustManager trust() throws GeneralSecurityException, IOException {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        for (X509Certificate authority : authorities) {
            trusted.setCertificateEntry(Integer.toString(trusted.size()), authority);
        }
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        return (X509TrustManager) factory.getTrustManagers()[0];
    }

    /** Without the token. */
    @Override
    public String toString() {
        return scheme() + (token.isPresent() ? ", with a token" : ", without a token");
    }
}

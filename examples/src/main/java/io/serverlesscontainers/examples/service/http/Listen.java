package io.serverlesscontainers.examples.service.http;

import java.net.InetAddress;
import java.util.Objects;
import java.util.Optional;

/**
 * Where a server is reached and by whom. Beyond this machine only with a token, or if somebody said that none is wanted.
 *
 * @param address the address of this machine
 * @param port the port; 0 for any free one
 * @param token what who asks must show, if anything
 * @param withoutToken whether it may go without one, though other machines reach it
 * @param keystore for TLS; plain HTTP without
 */
public record Listen(
        InetAddress address, int port, Optional<Token> token, boolean withoutToken, Optional<Keystore> keystore) {
    /** Refuses a server that everybody could ask. */
    public Listen {
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(token, "token");
        Objects.requireNonNull(keystore, "keystore");
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("the port is " + port + ", from 0 to 65535 is allowed");
        }
        if (!address.isLoopbackAddress() && token.isEmpty() && !withoutToken) {
            throw new IllegalArgumentException("everybody who reaches " + address.getHostAddress()
                    + " could move limits: a token is needed, or --insecure if that is wanted");
        }
    }

    /** This machine only, at any free port, without a token. */
    public static Listen loopback(int port) {
        return new Listen(InetAddress.getLoopbackAddress(), port, Optional.empty(), false, Optional.empty());
    }

    /** The same at another port. */
    public Listen withPort(int other) {
        return new Listen(address, other, token, withoutToken, keystore);
    }

    /**
     * The server's key and certificate.
     *
     * @param file a PKCS 12 file
     * @param password of the file and the key
     */
    public record Keystore(String file, String password) {
        @Override
        public String toString() {
            return file;
        }
    }
}

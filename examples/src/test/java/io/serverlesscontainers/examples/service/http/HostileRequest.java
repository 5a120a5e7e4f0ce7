package io.serverlesscontainers.examples.service.http;

import java.nio.charset.StandardCharsets;

/**
 * A request as an attacker would send it.
 *
 * @param header lines of the head, each with its end
 */
public record HostileRequest(String method, String target, String header, byte[] body) {
    @Override
    public String toString() {
        return method + " " + target + " " + header + " " + new String(body, StandardCharsets.UTF_8);
    }
}

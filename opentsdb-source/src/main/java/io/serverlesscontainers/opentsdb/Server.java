package io.serverlesscontainers.opentsdb;

import java.nio.charset.StandardCharsets;
import okhttp3.Credentials;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;

/**
 * Which server, and who asks it.
 *
 * @param url where it is, without credentials
 * @param authorization what each request is signed with; null to sign none
 * @param client like which to speak HTTP
 */
record Server(HttpUrl url, String authorization, OkHttpClient client) {

    static Server at(String url) {
        HttpUrl parsed = HttpUrl.parse(url);
        if (parsed == null) {
            throw new IllegalArgumentException(
                    "the server's URL cannot be read; one like http://opentsdb:4242 is needed"); // may hold a password
        }
        HttpUrl bare = parsed.newBuilder()
                .username("")
                .password("")
                .query(null)
                .fragment(null)
                .build();
        var server = new Server(bare, null, new OkHttpClient());
        return parsed.username().isEmpty() ? server : server.withUser(parsed.username(), parsed.password());
    }

    Server withUser(String name, String secret) {
        return new Server(url, Credentials.basic(name, secret, StandardCharsets.UTF_8), client);
    }

    Server withClient(OkHttpClient like) {
        return new Server(url, authorization, like);
    }

    /** What a sentence about it starts with. */
    String subject() {
        return "OpenTSDB at " + url;
    }

    @Override
    public String toString() {
        return subject();
    }
}

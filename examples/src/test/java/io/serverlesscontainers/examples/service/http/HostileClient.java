package io.serverlesscontainers.examples.service.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;

/** Sends hostile requests, over one connection for as long as the server keeps it. */
public final class HostileClient implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final URI server;
    private final String errorField;
    private RawHttp connection;

    /** A client of a server that tells errors in this field. */
    public HostileClient(URI server, String errorField) {
        this.server = server;
        this.errorField = errorField;
    }

    /** Sends a request; what comes back. */
    public RawHttp.Answer ask(HostileRequest hostile) throws IOException {
        if (connection == null) {
            connection = new RawHttp(server);
        }
        RawHttp.Answer answer = connection
                .send(hostile.method(), hostile.target(), hostile.header(), hostile.body())
                .answer();
        if (answer.isLast()) {
            close();
        }
        return answer;
    }

    /** The request must be refused as the asker's fault, in one sentence. */
    public void assertRefused(HostileRequest hostile) throws IOException {
        assertSentence(ask(hostile));
    }

    /** An answer must be a refusal in one sentence. */
    public void assertSentence(RawHttp.Answer answer) throws IOException {
        assertThat(answer.status()).as(answer.body()).isBetween(400, 499);
        JsonNode json = JSON.readTree(answer.body());
        assertThat(json.size()).isEqualTo(1);
        String sentence = json.path(errorField).textValue();
        assertThat(sentence).isNotBlank();
        assertThat(sentence.length()).isLessThan(1_000);
        assertThat(sentence.chars().noneMatch(Character::isISOControl)).isTrue();
    }

    @Override
    public void close() throws IOException {
        if (connection != null) {
            connection.close();
            connection = null;
        }
    }
}

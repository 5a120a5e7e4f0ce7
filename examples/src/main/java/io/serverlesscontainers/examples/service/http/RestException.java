package io.serverlesscontainers.examples.service.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Serial;

/** A request that is answered with an error: one sentence for whoever asked. */
public final class RestException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private final int status;
    private final transient ObjectNode more = JsonNodeFactory.instance.objectNode();

    /** An error with its HTTP status, 400 or above. */
    public RestException(int status, String sentence) {
        this(status, sentence, null);
    }

    /** An error with its HTTP status, 400 or above, and what led to it. */
    public RestException(int status, String sentence, Throwable cause) {
        super(sentence, cause);
        this.status = status;
    }

    /** The same with one more field beside the sentence. */
    public RestException with(String field, JsonNode value) {
        more.set(field, value);
        return this;
    }

    int status() {
        return status;
    }

    ObjectNode more() {
        return more;
    }
}

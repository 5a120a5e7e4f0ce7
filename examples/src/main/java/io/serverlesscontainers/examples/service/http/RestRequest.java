package io.serverlesscontainers.examples.service.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.http.Context;
import io.serverlesscontainers.store.document.Shown;
import java.io.IOException;
import java.io.InputStream;

/** One request, as far as a handler needs to know it. */
public final class RestRequest {
    static final int MOST_BODY_BYTES = 1 << 20;

    private static final int LONGEST_NAME = 2_048;

    private final Context context;

    RestRequest(Context context) {
        this.context = context;
    }

    /**
     * A part of the path, decoded.
     *
     * @throws RestException if it is longer than any name
     */
    public String name(String part) {
        String name = context.pathParam(part);
        if (name.length() > LONGEST_NAME) {
            throw new RestException(
                    400, "the " + part + " '" + Shown.of(name) + "' is longer than " + LONGEST_NAME + " characters");
        }
        return name;
    }

    /** Whether the query says {@code part=1}, or anything but {@code 0} or {@code false}. */
    public boolean asksFor(String part) {
        String value = context.queryParam(part);
        return value != null && !value.equals("0") && !value.equalsIgnoreCase("false");
    }

    /**
     * The body as JSON, whatever {@code Content-Type} says.
     *
     * @throws RestException 400 if it is none, 413 if it is larger than 1 MiB
     */
    public JsonNode body() {
        return JsonBody.read(bytes());
    }

    /** No more is read than may be there. */
    private byte[] bytes() {
        if (context.req().getContentLengthLong() > MOST_BODY_BYTES) {
            throw tooLarge();
        }
        try (InputStream body = context.req().getInputStream()) {
            byte[] bytes = body.readNBytes(MOST_BODY_BYTES + 1);
            if (bytes.length > MOST_BODY_BYTES) {
                throw tooLarge();
            }
            return bytes;
        } catch (IOException cutOff) {
            throw new RestException(400, "the body was cut off", cutOff);
        }
    }

    private RestException tooLarge() {
        // What is still to come is not read.
        context.header("Connection", "close");
        return new RestException(413, "the body is larger than " + MOST_BODY_BYTES + " bytes, which are allowed");
    }
}

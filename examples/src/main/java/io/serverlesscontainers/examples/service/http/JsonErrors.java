package io.serverlesscontainers.examples.service.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.handler.ErrorHandler;

/** What no route ever sees, such as a line that is no HTTP, is answered in JSON as well. */
final class JsonErrors extends ErrorHandler {
    private static final String TYPE = "application/json";

    private final String field;

    JsonErrors(String field) {
        this.field = field;
    }

    @Override
    public void handle(String target, Request request, HttpServletRequest same, HttpServletResponse response)
            throws IOException {
        byte[] body = body(response.getStatus());
        response.setContentType(TYPE);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
        request.setHandled(true);
    }

    @Override
    public ByteBuffer badMessageError(int status, String reason, HttpFields.Mutable fields) {
        fields.put(HttpHeader.CONTENT_TYPE, TYPE);
        return ByteBuffer.wrap(body(status));
    }

    /** The reason that Jetty gives may quote the request; it is not repeated. */
    private byte[] body(int status) {
        String sentence = "the request cannot be read as HTTP: " + HttpStatus.getMessage(status);
        return JsonNodeFactory.instance
                .objectNode()
                .put(field, sentence)
                .toString()
                .getBytes(StandardCharsets.UTF_8);
    }
}

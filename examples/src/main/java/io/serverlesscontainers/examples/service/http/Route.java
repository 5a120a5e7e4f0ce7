package io.serverlesscontainers.examples.service.http;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * One thing that can be asked for.
 *
 * @param method {@code GET}, {@code PUT}, {@code POST} or {@code DELETE}
 * @param path its path without a trailing slash; {@code {name}} is one part of it, {@code <name>} may have slashes inside
 * @param handler answers
 */
public record Route(String method, String path, Handler handler) {
    /** Answers a request, on any thread. */
    @FunctionalInterface
    public interface Handler {
        /**
         * The answer.
         *
         * @throws RestException if it is an error
         */
        Reply answer(RestRequest request);
    }

    /**
     * An answer.
     *
     * @param status its HTTP status
     * @param type what the body is
     * @param body the body
     */
    public record Reply(int status, String type, String body) {
        private static final String JSON = "application/json";

        /** What was asked for. */
        public static Reply ok(JsonNode json) {
            return new Reply(200, JSON, json + "\n");
        }

        /** What was changed, as it is now. */
        public static Reply changed(JsonNode json) {
            return new Reply(201, JSON, json + "\n");
        }
    }

    /** Reads something. */
    public static Route get(String path, Handler handler) {
        return new Route("GET", path, handler);
    }

    /** Changes something. */
    public static Route put(String path, Handler handler) {
        return new Route("PUT", path, handler);
    }

    /** Removes something. */
    public static Route delete(String path, Handler handler) {
        return new Route("DELETE", path, handler);
    }

    /** The path as OpenAPI writes it. */
    String openApiPath() {
        return path.replace('<', '{').replace('>', '}');
    }
}

package io.serverlesscontainers.opentsdb;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.databind.JsonNode;
import io.serverlesscontainers.store.document.Problem;
import io.serverlesscontainers.store.document.Shown;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * What {@code POST /api/put?details} answers: how many points it took, and what is wrong with the others.
 *
 * @param failed how many it did not take
 * @param problems one for each of these that it says something about
 */
record PutAnswer(long failed, List<Problem> problems) {

    /**
     * Reads one.
     *
     * @throws HttpFailure if the server took none, because it could not read them
     * @throws IOException if it is no such answer
     */
    static PutAnswer read(InputStream body) throws IOException {
        JsonNode json = Http.MAPPER.readTree(body);
        if (json == null || json.isMissingNode()) {
            return new PutAnswer(0, List.of()); // 204: all of them
        }
        if (json.has("error")) {
            throw HttpFailure.answered(
                    json.path("error").path("code").asInt(400),
                    json.path("error").path("message").asText());
        }
        if (!json.path("success").isIntegralNumber() || !json.path("failed").isIntegralNumber()) {
            throw new JsonParseException(null, "it is not of the form that OpenTSDB answers in");
        }
        var problems = new ArrayList<Problem>();
        for (JsonNode error : json.path("errors")) {
            JsonNode point = error.path("datapoint");
            problems.add(new Problem(
                    Shown.named("data point of", point.path("metric").asText()),
                    "OpenTSDB refuses it: " + Shown.of(error.path("error").asText()) + " (tags "
                            + Shown.of(point.path("tags")) + ", time " + Shown.of(point.path("timestamp")) + ", value "
                            + Shown.of(point.path("value")) + ")"));
        }
        return new PutAnswer(json.path("failed").asLong(), problems);
    }
}

package io.serverlesscontainers.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/**
 * The window of a client that asks for each container by itself, all metrics of it in one query, and takes the mean of the
 * samples that it gets: what the Python Guardian does.
 */
final class ContainerByContainer {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final MediaType JSON = MediaType.get("application/json");
    private static final long REPORT_NANOS = 2_000_000_000L;

    private final OkHttpClient client;
    private final HttpUrl url;
    private final List<String> metrics;

    ContainerByContainer(OkHttpClient client, String server, List<String> metrics) {
        this.client = client;
        this.url = HttpUrl.get(server).newBuilder().addPathSegments("api/query").build();
        this.metrics = metrics;
    }

    /** The sum of all means. */
    double window(List<String> containers, Instant from, Instant to, Consumer<String> progress) throws IOException {
        double sum = 0;
        long reported = System.nanoTime();
        for (int i = 0; i < containers.size(); i++) {
            for (double mean : means(containers.get(i), from, to).values()) {
                sum += mean;
            }
            if (System.nanoTime() - reported > REPORT_NANOS) {
                reported = System.nanoTime();
                progress.accept("one container at a time: " + (i + 1) + " of " + containers.size());
            }
        }
        return sum;
    }

    /** The mean of the samples of each metric that has any. */
    Map<String, Double> means(String container, Instant from, Instant to) throws IOException {
        ObjectNode query = MAPPER.createObjectNode();
        query.put("start", from.getEpochSecond());
        query.put("end", to.getEpochSecond());
        ArrayNode queries = query.putArray("queries");
        for (String metric : metrics) {
            ObjectNode one = queries.addObject().put("aggregator", "zimsum").put("metric", metric);
            one.putObject("tags").put("host", container);
        }
        Request request = new Request.Builder()
                .url(url)
                .post(RequestBody.create(MAPPER.writeValueAsBytes(query), JSON))
                .build();
        try (Response response = client.newCall(request).execute()) {
            if (!response.isSuccessful()) {
                throw new IOException("the query of " + container + " was answered with " + response.code());
            }
            var means = new HashMap<String, Double>();
            for (JsonNode series : MAPPER.readTree(response.body().byteStream())) {
                double sum = 0;
                for (JsonNode value : series.path("dps")) {
                    sum += value.asDouble();
                }
                means.put(
                        series.path("metric").asText(), sum / series.path("dps").size());
            }
            return means;
        }
    }
}

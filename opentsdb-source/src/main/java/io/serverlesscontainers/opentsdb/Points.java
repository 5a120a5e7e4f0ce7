package io.serverlesscontainers.opentsdb;

import com.fasterxml.jackson.core.JsonGenerator;
import io.serverlesscontainers.core.spi.DataPoint;
import io.serverlesscontainers.store.document.Problem;
import io.serverlesscontainers.store.document.Shown;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Points as OpenTSDB takes them. */
final class Points {
    private static final int MOST_TAGS = 8;
    /** Times are four bytes in its keys. */
    private static final long LAST_SECOND = 0xFFFF_FFFFL;

    private Points() {}

    /** Why OpenTSDB would not take a point; empty if it would. */
    static Optional<Problem> problem(DataPoint point) {
        Optional<String> wrong = Names.problem("metric", point.metric());
        if (wrong.isEmpty() && point.tags().size() > MOST_TAGS) {
            wrong = Optional.of("it has " + point.tags().size() + " tags, at most " + MOST_TAGS + " are allowed");
        }
        for (Map.Entry<String, String> tag : point.tags().entrySet()) {
            wrong = wrong.or(() -> Names.problem("name of a tag", tag.getKey()))
                    .or(() -> Names.problem("tag " + tag.getKey(), tag.getValue()));
        }
        long second = point.time().getEpochSecond();
        if (wrong.isEmpty() && (second < 1 || second > LAST_SECOND)) {
            wrong = Optional.of("its time is " + second + " s, 1 to " + LAST_SECOND + " are allowed");
        }
        return wrong.map(sentence -> new Problem(Shown.named("data point of", point.metric()), sentence));
    }

    static byte[] gzippedJson(List<DataPoint> points) {
        return Gzip.json(json -> {
            json.writeStartArray();
            for (DataPoint point : points) {
                write(json, point);
            }
            json.writeEndArray();
        });
    }

    /** Each value as a fraction: a whole number would go into another column, beside what the same second had before. */
    private static void write(JsonGenerator json, DataPoint point) throws IOException {
        json.writeStartObject();
        json.writeStringField("metric", point.metric());
        json.writeNumberField("timestamp", point.time().getEpochSecond());
        json.writeNumberField("value", point.value());
        json.writeObjectFieldStart("tags");
        for (Map.Entry<String, String> tag : point.tags().entrySet()) {
            json.writeStringField(tag.getKey(), tag.getValue());
        }
        json.writeEndObject();
        json.writeEndObject();
    }
}

package io.serverlesscontainers.opentsdb;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/**
 * One query as the server takes it: for each metric, the series of some structures, told apart by a tag.
 *
 * <p>The mean is taken by the server: {@code 0all-avg} makes one number of all samples of a series from the first to the
 * last instant (OpenTSDB 2.3 and later), and {@code zimsum} adds up the series that a structure has several of, one for
 * each of its disks for instance. The end of {@code 0all} is exclusive, so it is a millisecond later than asked.
 *
 * @param tag the tag that holds the structures' names
 * @param metrics the metrics
 * @param known structures whose names the server knows; to ask for any other by name is an error
 * @param unsure structures that it may not know. A filter that ignores case looks at the series that there are instead of
 *     looking names up, so that it is no error; who reads the answer picks the exact names
 * @param isOfAll whether to ask for the series of all structures there are instead
 * @param from start of the window, inclusive
 * @param to its end, inclusive
 */
record Question(
        String tag,
        List<String> metrics,
        Collection<String> known,
        Collection<String> unsure,
        boolean isOfAll,
        Instant from,
        Instant to) {

    /** Whether nothing is asked at all. */
    boolean isEmpty() {
        return metrics.isEmpty() || !isOfAll && known.isEmpty() && unsure.isEmpty();
    }

    byte[] gzippedJson() {
        return Gzip.json(json -> {
            json.writeStartObject();
            json.writeNumberField("start", from.toEpochMilli());
            json.writeNumberField("end", to.toEpochMilli() + 1);
            json.writeArrayFieldStart("queries");
            for (String metric : metrics) {
                if (isOfAll) {
                    write(json, metric, "wildcard", "*");
                    continue;
                }
                if (!known.isEmpty()) {
                    write(json, metric, "literal_or", String.join("|", known));
                }
                if (!unsure.isEmpty()) {
                    write(json, metric, "iliteral_or", String.join("|", unsure));
                }
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private void write(JsonGenerator json, String metric, String filter, String names) throws IOException {
        json.writeStartObject();
        json.writeStringField("metric", metric);
        json.writeStringField("aggregator", "zimsum");
        json.writeStringField("downsample", "0all-avg");
        json.writeArrayFieldStart("filters");
        json.writeStartObject();
        json.writeStringField("type", filter);
        json.writeStringField("tagk", tag);
        json.writeStringField("filter", names);
        json.writeBooleanField("groupBy", true);
        json.writeEndObject();
        json.writeEndArray();
        json.writeEndObject();
    }
}

package io.serverlesscontainers.opentsdb;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * One query as the server takes it: series of some metrics and structures, told apart by a tag.
 *
 * <p>The mean is taken by the server: {@code 0all-avg} makes one number of all samples of a series from the first to the
 * last instant (OpenTSDB 2.3 and later), and {@code zimsum} adds up the series that a structure has several of, one for
 * each of its disks for instance. The end of {@code 0all} is exclusive, so it is a millisecond later than asked.
 *
 * <p>Names are asked for with {@code iliteral_or}. {@code literal_or} looks each name up first, and fails the whole query if
 * the server has never seen one of them. This one, which ignores case, looks at the series that there are; who reads the
 * answer picks the exact names. It is also the faster one from some hundred names on.
 *
 * @param tag the tag that holds the structures' names
 * @param parts what is asked for
 * @param from start of the window, inclusive
 * @param to its end, inclusive
 */
record Question(String tag, List<Part> parts, Instant from, Instant to) {

    /** One metric of some structures. */
    record Part(String metric, List<String> structures) {}

    /**
     * As few questions as there can be, if none may have an answer of more than so many series. They go through the
     * structures metric by metric: the server reads all series of a metric anew for each question.
     */
    static List<Question> about(
            String tag, List<String> metrics, List<String> structures, int mostSeries, Instant from, Instant to) {
        var questions = new ArrayList<Question>();
        var parts = new ArrayList<Part>();
        int room = mostSeries;
        for (String metric : metrics) {
            for (int next = 0; next < structures.size(); ) {
                int end = Math.min(structures.size(), next + room);
                parts.add(new Part(metric, structures.subList(next, end)));
                room -= end - next;
                next = end;
                if (room == 0) {
                    questions.add(new Question(tag, List.copyOf(parts), from, to));
                    parts.clear();
                    room = mostSeries;
                }
            }
        }
        if (!parts.isEmpty()) {
            questions.add(new Question(tag, List.copyOf(parts), from, to));
        }
        return questions;
    }

    /** The same about fewer metrics; empty if it asks nothing then. */
    Question without(Predicate<String> metrics) {
        return new Question(
                tag, parts.stream().filter(part -> !metrics.test(part.metric())).toList(), from, to);
    }

    boolean isEmpty() {
        return parts.isEmpty();
    }

    boolean asksFor(String metric) {
        return parts.stream().anyMatch(part -> part.metric().equals(metric));
    }

    List<String> metrics() {
        return parts.stream().map(Part::metric).distinct().toList();
    }

    /** Two that ask the same together; one if it cannot be cut. */
    List<Question> halves() {
        if (parts.size() > 1) {
            int middle = parts.size() / 2;
            return List.of(
                    new Question(tag, parts.subList(0, middle), from, to),
                    new Question(tag, parts.subList(middle, parts.size()), from, to));
        }
        Part part = parts.get(0);
        int middle = part.structures().size() / 2;
        return middle == 0
                ? List.of(this)
                : List.of(
                        of(part.metric(), part.structures().subList(0, middle)),
                        of(
                                part.metric(),
                                part.structures()
                                        .subList(middle, part.structures().size())));
    }

    private Question of(String metric, List<String> structures) {
        return new Question(tag, List.of(new Part(metric, structures)), from, to);
    }

    byte[] gzippedJson() {
        return Gzip.json(json -> {
            json.writeStartObject();
            json.writeNumberField("start", from.toEpochMilli());
            json.writeNumberField("end", to.toEpochMilli() + 1);
            json.writeArrayFieldStart("queries");
            for (Part part : parts) {
                write(json, part);
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private void write(JsonGenerator json, Part part) throws IOException {
        json.writeStartObject();
        json.writeStringField("metric", part.metric());
        json.writeStringField("aggregator", "zimsum");
        json.writeStringField("downsample", "0all-avg");
        json.writeArrayFieldStart("filters");
        json.writeStartObject();
        json.writeStringField("type", "iliteral_or");
        json.writeStringField("tagk", tag);
        json.writeStringField("filter", String.join("|", part.structures()));
        json.writeBooleanField("groupBy", true);
        json.writeEndObject();
        json.writeEndArray();
        json.writeEndObject();
    }
}

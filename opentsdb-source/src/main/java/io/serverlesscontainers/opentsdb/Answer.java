package io.serverlesscontainers.opentsdb;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;

/**
 * Reads what {@code POST /api/query} answers, one time series after the other. A function of bytes: it knows nothing of what
 * was asked.
 */
final class Answer {
    private static final long SECONDS_END = 100_000_000_000L;

    private Answer() {}

    /** Takes one series. */
    interface Series {
        /**
         * @param metric its metric
         * @param name the value of the tag that was asked about
         * @param mean the mean of its values; NaN if it has none that is a number
         * @param lastSecond the time of its last value; {@link Long#MIN_VALUE} if it has none
         */
        void take(String metric, String name, double mean, long lastSecond);
    }

    /**
     * Reads an answer to its end. {@code null} and the string or bare word {@code NaN}, which say that there is no value
     * at a time, are passed over, and so are series that do not have the tag.
     *
     * @param tag the tag to tell series apart by; null to tell them apart by nothing
     * @throws IOException if the bytes are no such answer; series that came before it were taken
     */
    static void read(InputStream bytes, String tag, Series series) throws IOException {
        try (JsonParser json = Http.MAPPER.createParser(bytes)) {
            expect(json.nextToken(), JsonToken.START_ARRAY, json);
            while (json.nextToken() != JsonToken.END_ARRAY) {
                expect(json.currentToken(), JsonToken.START_OBJECT, json);
                readOne(json, tag, series);
            }
            if (json.nextToken() != null) {
                throw unexpected(json);
            }
        }
    }

    private static void readOne(JsonParser json, String tag, Series series) throws IOException {
        String metric = null;
        String name = tag == null ? "" : null;
        double sum = 0;
        long count = 0;
        long lastSecond = Long.MIN_VALUE;
        for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
            JsonToken value = json.nextToken();
            switch (field) {
                case "metric" -> {
                    expect(value, JsonToken.VALUE_STRING, json);
                    metric = json.getText();
                }
                case "tags" -> {
                    String found = tagIn(json, tag);
                    name = found == null ? name : found;
                }
                case "dps" -> {
                    expect(value, JsonToken.START_OBJECT, json);
                    for (String time = json.nextFieldName(); time != null; time = json.nextFieldName()) {
                        json.nextToken();
                        double number = number(json);
                        if (Double.isFinite(number)) {
                            sum += number;
                            count++;
                            lastSecond = Math.max(lastSecond, second(time, json));
                        }
                    }
                }
                default -> json.skipChildren();
            }
        }
        if (metric != null && name != null) {
            double mean = sum / count; // 0 / 0 is NaN
            series.take(metric, name, Double.isFinite(mean) ? mean : Double.NaN, lastSecond);
        }
    }

    private static String tagIn(JsonParser json, String tag) throws IOException {
        expect(json.currentToken(), JsonToken.START_OBJECT, json);
        String found = null;
        for (String key = json.nextFieldName(); key != null; key = json.nextFieldName()) {
            expect(json.nextToken(), JsonToken.VALUE_STRING, json);
            if (key.equals(tag)) {
                found = json.getText();
            }
        }
        return found;
    }

    private static double number(JsonParser json) throws IOException {
        return switch (json.currentToken()) {
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> json.getDoubleValue();
            case VALUE_NULL -> Double.NaN;
            case VALUE_STRING -> {
                String text = json.getText();
                if (text.equals("NaN") || text.equals("Infinity") || text.equals("-Infinity")) {
                    yield Double.NaN;
                }
                throw unexpected(json);
            }
            default -> throw unexpected(json);
        };
    }

    /** Servers that are asked for milliseconds, or configured to, answer in them. */
    private static long second(String time, JsonParser json) throws IOException {
        try {
            long number = Long.parseLong(time);
            return number >= SECONDS_END ? number / 1_000 : number;
        } catch (NumberFormatException e) {
            throw unexpected(json);
        }
    }

    private static void expect(JsonToken found, JsonToken expected, JsonParser json) throws IOException {
        if (found != expected) {
            throw unexpected(json);
        }
    }

    private static IOException unexpected(JsonParser json) {
        return new JsonParseException(json, "it is not of the form that OpenTSDB answers in");
    }
}

package io.serverlesscontainers.opentsdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Whatever the bytes: series that are numbers or NaN, or one exception that says so. */
class AnswerPropertiesTest {

    private record Read(List<String> names, List<Double> means, String error) {}

    private static Read read(byte[] bytes) {
        var names = new ArrayList<String>();
        var means = new ArrayList<Double>();
        try {
            Answer.read(new ByteArrayInputStream(bytes), "host", (metric, name, mean, second) -> {
                assertThat(metric).isNotNull();
                names.add(name);
                means.add(mean);
            });
            return new Read(names, means, null);
        } catch (IOException e) {
            return new Read(names, means, e.getClass().getSimpleName());
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Property(tries = 2_000)
    void any_bytes_are_an_answer_or_an_io_exception(@ForAll byte[] bytes) {
        assertThat(read(bytes).means()).noneMatch(mean -> mean.isInfinite());
    }

    @Property(tries = 2_000)
    void any_answer_with_some_bytes_changed_is_one_too(
            @ForAll("answers") String answer, @ForAll @Size(min = 1, max = 4) List<Byte> noise, @ForAll int where) {
        byte[] bytes = utf8(answer);
        for (int i = 0; i < noise.size(); i++) {
            bytes[Math.floorMod(where * (i + 1), bytes.length)] = noise.get(i);
        }
        assertThat(read(bytes).names()).doesNotContainNull();
    }

    @Property
    void an_answer_that_ends_early_is_never_taken_for_whole(@ForAll("answers") String answer, @ForAll int where) {
        byte[] bytes = utf8(answer);
        byte[] beginning = new byte[Math.floorMod(where, bytes.length)];
        System.arraycopy(bytes, 0, beginning, 0, beginning.length);

        assertThat(read(beginning).error()).isNotNull();
    }

    @Property
    void the_mean_is_that_of_the_values_that_are_numbers(
            @ForAll @Size(max = 20) List<Double> values, @ForAll @IntRange(max = 3) int withoutValue) {
        var points = new StringBuilder();
        long second = 1_600_000_000;
        double sum = 0;
        for (double value : values) {
            points.append(points.isEmpty() ? "" : ",")
                    .append('"')
                    .append(second++)
                    .append("\":")
                    .append(value);
            sum += value;
        }
        for (int i = 0; i < withoutValue; i++) {
            String none = List.of("null", "\"NaN\"", "NaN").get(i);
            points.append(points.isEmpty() ? "" : ",")
                    .append('"')
                    .append(second++)
                    .append("\":")
                    .append(none);
        }
        Read read = read(
                utf8("[{\"metric\":\"m\",\"tags\":{\"host\":\"a\"},\"aggregateTags\":[],\"dps\":{" + points + "}}]"));

        assertThat(read.error()).isNull();
        assertThat(read.names()).containsExactly("a");
        double mean = read.means().get(0);
        if (values.isEmpty() || Double.isInfinite(sum)) {
            assertThat(mean).isNaN();
        } else {
            assertThat(mean).isCloseTo(sum / values.size(), within(Math.abs(sum) * 1e-12));
        }
    }

    @Provide
    Arbitrary<String> answers() {
        Arbitrary<String> names = Arbitraries.strings().alpha().ofMinLength(1).ofMaxLength(8);
        Arbitrary<String> values = Arbitraries.oneOf(
                Arbitraries.doubles().between(-1e6, 1e6).map(String::valueOf),
                Arbitraries.longs().map(String::valueOf),
                Arbitraries.of("null", "\"NaN\"", "NaN", "\"Infinity\""));
        Arbitrary<String> points = values.list().ofMaxSize(4).map(list -> {
            var text = new StringBuilder("{");
            for (int i = 0; i < list.size(); i++) {
                text.append(i == 0 ? "" : ",")
                        .append("\"160000000")
                        .append(i)
                        .append("\":")
                        .append(list.get(i));
            }
            return text.append('}').toString();
        });
        Arbitrary<String> series = Combinators.combine(names, names, points)
                .as((metric, host, dps) -> "{\"metric\":\"" + metric + "\",\"tags\":{\"host\":\"" + host
                        + "\",\"disk\":\"sda\"},\"aggregateTags\":[\"x\"],\"dps\":" + dps + "}");
        return series.list().ofMaxSize(3).map(list -> "[" + String.join(",", list) + "]");
    }
}

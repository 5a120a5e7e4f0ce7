package io.serverlesscontainers.examples.quickstart.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import io.serverlesscontainers.examples.quickstart.report.Reading;
import io.serverlesscontainers.store.document.Resource;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class LiveViewTest {
    private static final Look PLAIN = new Look(false, false, true, 100);
    private static final Look ASCII = new Look(false, false, false, 100);
    private static final Look COLOURED = new Look(true, true, true, 100);
    private static final Reading CPU = new Reading(20, 50, 40, 30, 10, 100);
    private static final Reading MEMORY = new Reading(90, 114, 89, 64, 64, 256);

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(written, true, StandardCharsets.UTF_8);

    @Test
    void theBarShowsUsageAndEveryMarkFromZeroToMax() {
        assertThat(UsageBar.draw(CPU, 50, PLAIN)).isEqualTo("█████╷████·····╎····╎····┃" + " ".repeat(24) + "▏");
        assertThat(UsageBar.draw(CPU, 50, ASCII)).isEqualTo("#####,####.....:....:....|" + " ".repeat(24) + "]");
    }

    @Test
    void theLimitAtMaxIsStillWithinTheBar() {
        assertThat(UsageBar.draw(new Reading(0, 100, Double.NaN, Double.NaN, 10, 100), 10, ASCII))
                .isEqualTo(".,.......|]");
    }

    @Property
    void theBarIsAlwaysAsWideAsAsked(
            @ForAll @DoubleRange(max = 1000) double usage,
            @ForAll @DoubleRange(max = 1000) double limit,
            @ForAll @IntRange(min = 1, max = 48) int columns) {
        Reading reading = new Reading(usage, limit, limit - 10, limit - 20, 10, 500);

        assertThat(UsageBar.draw(reading, columns, ASCII)).hasSize(columns + 1);
    }

    @Test
    void theTableFitsItsWidth() {
        for (int columns : new int[] {60, 80, 100, 160}) {
            var look = new Look(true, false, true, columns);

            assertThat(LiveTable.lines(moment(12), look))
                    .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(columns));
        }
    }

    @Test
    void theTableSaysWhatWasDecidedAndHowFarTheRunIs() {
        List<String> lines = LiveTable.lines(moment(12), PLAIN);

        assertThat(lines.get(0)).contains("12.0 s", "of 60.0 s", "serverless");
        assertThat(String.join("\n", lines))
                .contains("cont0", "cpu", "20 of 50", "mem", "90 of 114 MiB", "raised from 30 to 50");
    }

    @Test
    void onATerminalTheTableIsRedrawnInPlace() {
        try (var view = new LiveView(out, COLOURED)) {
            view.show(moment(1));
            view.show(moment(2));
        }

        int height = LiveTable.lines(moment(1), COLOURED).size();
        assertThat(text()).containsOnlyOnce("\u001b[" + height + "A").endsWith("\u001b[?25h");
    }

    @Test
    void aSentenceGoesAboveTheTable() {
        int height = LiveTable.lines(moment(1), COLOURED).size();
        try (var view = new LiveView(out, COLOURED)) {
            view.say("before");
            view.show(moment(1));
            view.say("between");
            view.show(moment(2));
        }

        assertThat(text())
                .startsWith("before\n")
                .containsOnlyOnce("\u001b[" + height + "A")
                .contains("\u001b[" + height + "A\r\u001b[Jbetween\n\u001b[?25l");
    }

    @Test
    void elsewhereALineIsAddedNowAndThenWithoutASingleEscape() {
        try (var view = new LiveView(out, PLAIN)) {
            for (int second = 0; second <= 10; second++) {
                view.show(moment(second));
            }
        }

        assertThat(text()).doesNotContain("\u001b");
        assertThat(text().lines()).hasSize(3).last().isEqualTo(" 10.0 s serverless  | cont0 cpu  20/50  mem  90/114");
    }

    @Test
    void aNameCannotMoveTheCursor() {
        var row = new Row("cont\u001b[2J", Resource.CPU, CPU, "\u001b[31mred\nline");
        var moment = new Moment(Duration.ofSeconds(1), Duration.ofSeconds(60), "serverless", List.of(row));

        assertThat(String.join("", LiveTable.lines(moment, PLAIN)))
                .doesNotContain("\u001b")
                .doesNotContain("\n");
        assertThat(SteadyLine.of(moment)).doesNotContain("\u001b");
    }

    private static Moment moment(int second) {
        return new Moment(
                Duration.ofSeconds(second),
                Duration.ofSeconds(60),
                "serverless",
                List.of(
                        new Row("cont0", Resource.CPU, CPU, "raised from 30 to 50: usage above 40"),
                        new Row("cont0", Resource.MEMORY, MEMORY, "a very long explanation ".repeat(20))));
    }

    private String text() {
        return written.toString(StandardCharsets.UTF_8);
    }
}

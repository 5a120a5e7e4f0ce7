package io.serverlesscontainers.examples.quickstart.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import io.serverlesscontainers.examples.quickstart.report.QuickstartReportTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReportTableTest {
    @Test
    void everyFigureStandsInItsColumn() {
        List<String> lines = ReportTable.lines(QuickstartReportTest.aReport(), new Look(false, false, true, 100));

        assertThat(lines)
                .contains("                    used   allocated    reserved  serverless traditional")
                .contains("cont0 cpu           12.0        25.0        50.0        48 %        24 %   core·s")
                .contains("all cpu             20.0        50.0       100.0        40 %        20 %   core·s")
                .contains("cont0: scaled up 3 times, down twice, held back by its CPU quota in 3 % of the periods")
                .contains("cont1: scaled up once, down never")
                .contains("Plot: quickstart-cont0.svg");
    }

    @Test
    void whereOnlyAsciiIsShownOnlyAsciiIsWritten() {
        String text = String.join(
                "\n", ReportTable.lines(QuickstartReportTest.aReport(), new Look(false, false, false, 100)));

        assertThat(StandardCharsets.US_ASCII.newEncoder().canEncode(text)).isTrue();
    }
}

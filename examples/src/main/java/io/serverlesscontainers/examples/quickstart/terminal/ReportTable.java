package io.serverlesscontainers.examples.quickstart.terminal;

import io.serverlesscontainers.core.accounting.Utilization;
import io.serverlesscontainers.examples.quickstart.report.ContainerReport;
import io.serverlesscontainers.examples.quickstart.report.QuickstartReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The report at the end of a run: a pure function from the report to lines. */
public final class ReportTable {
    private static final int NAME_COLUMNS = 12;
    private static final int NUMBER_COLUMNS = 12;

    private ReportTable() {}

    /** The lines. */
    public static List<String> lines(QuickstartReport report, Look look) {
        String coreSeconds = look.unicode() ? "core·s" : "core s";
        String mebibyteSeconds = look.unicode() ? "MiB·s" : "MiB s";
        List<String> lines = new ArrayList<>();
        lines.add(Paint.STRONG.on("While guarded", look) + " (" + report.driver() + " containers, a run of "
                + Words.seconds(report.duration()) + ")");
        lines.add("");
        lines.add(Paint.QUIET.on(row("", "used", "allocated", "reserved", "serverless", "traditional") + "", look));
        for (ContainerReport container : report.containers()) {
            lines.add(accounts(container.name() + " cpu", coreSeconds, container.cpu()));
            lines.add(accounts(container.name() + " mem", mebibyteSeconds, container.memory()));
        }
        if (report.containers().size() > 1) {
            lines.add(Paint.STRONG.on(accounts("all cpu", coreSeconds, report.cpu()), look));
            lines.add(Paint.STRONG.on(accounts("all mem", mebibyteSeconds, report.memory()), look));
        }
        lines.add("");
        for (ContainerReport container : report.containers()) {
            String throttled = container.throttledRatio().isPresent()
                    ? ", held back by its CPU quota in "
                            + Words.percent(container.throttledRatio().getAsDouble()) + " of the periods"
                    : "";
            lines.add(Words.cut(container.name(), NAME_COLUMNS) + ": scaled up " + times(container.scaleUps())
                    + ", down " + times(container.scaleDowns()) + throttled);
        }
        lines.add("Utilization is used / allocated when serverless, used / reserved when traditional.");
        lines.add("From crossing a threshold to the written limit: half within "
                + Words.delay(report.reaction().p50()) + ", 99 % within "
                + Words.delay(report.reaction().p99()) + ", the slowest "
                + Words.delay(report.reaction().max()));
        lines.add(report.decisions() + " decisions, " + report.invariantViolations() + " limits outside their bounds");
        for (Path plot : report.plots()) {
            lines.add("Plot: " + plot);
        }
        return lines;
    }

    private static String accounts(String name, String unit, Utilization accounts) {
        return row(
                        name,
                        Words.oneDecimal(accounts.used()),
                        Words.oneDecimal(accounts.allocated()),
                        Words.oneDecimal(accounts.reserved()),
                        Words.percent(accounts.ratio()),
                        Words.percent(accounts.traditionalRatio()))
                + "   " + unit;
    }

    private static String row(String name, String... numbers) {
        var row = new StringBuilder(Words.left(name, NAME_COLUMNS));
        for (String number : numbers) {
            row.append(Words.right(number, NUMBER_COLUMNS));
        }
        return row.toString();
    }

    private static String times(int count) {
        return switch (count) {
            case 0 -> "never";
            case 1 -> "once";
            case 2 -> "twice";
            default -> count + " times";
        };
    }
}

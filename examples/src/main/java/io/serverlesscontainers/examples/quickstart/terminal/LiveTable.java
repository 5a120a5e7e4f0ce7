package io.serverlesscontainers.examples.quickstart.terminal;

import io.serverlesscontainers.examples.quickstart.report.Reading;
import io.serverlesscontainers.store.document.Resource;
import java.util.ArrayList;
import java.util.List;

/** The table that is redrawn in place: a pure function from a moment to lines. */
final class LiveTable {
    private static final int NAME_COLUMNS = 10;
    private static final int RESOURCE_COLUMNS = 4;
    private static final int NUMBER_COLUMNS = 20;
    private static final int MOST_BAR_COLUMNS = 48;

    private LiveTable() {}

    static List<String> lines(Moment moment, Look look) {
        int bar = Math.min(MOST_BAR_COLUMNS, look.columns() - NAME_COLUMNS - RESOURCE_COLUMNS - NUMBER_COLUMNS - 5);
        List<String> lines = new ArrayList<>();
        lines.add(progress(moment, look));
        lines.add("");
        String last = "";
        for (Row row : moment.rows()) {
            String name = row.container().equals(last) ? "" : row.container();
            last = row.container();
            lines.add(Paint.STRONG.on(Words.left(name, NAME_COLUMNS), look)
                    + " "
                    + Words.left(row.resource().wireName(), RESOURCE_COLUMNS)
                    + " "
                    + UsageBar.draw(row.reading(), bar, look)
                    + numbers(row, look));
            String decision = Words.cut(row.lastDecision(), look.columns() - NAME_COLUMNS - RESOURCE_COLUMNS - 2);
            lines.add(Paint.QUIET.on(" ".repeat(NAME_COLUMNS + RESOURCE_COLUMNS + 2) + decision, look));
        }
        lines.add("");
        lines.add(legend(look));
        return lines;
    }

    private static String progress(Moment moment, Look look) {
        int columns = Math.min(MOST_BAR_COLUMNS, look.columns() - 40);
        int done = (int) Math.round(moment.progress() * columns);
        String bar = (look.unicode() ? "━" : "=").repeat(done);
        String rest = (look.unicode() ? "─" : "-").repeat(columns - done);
        return Words.right(Words.seconds(moment.elapsed()), 8)
                + " "
                + Paint.GOOD.on(bar, look)
                + Paint.QUIET.on(rest, look)
                + " of "
                + Words.seconds(moment.duration())
                + "  "
                + Paint.STRONG.on(Words.cut(moment.state(), 14), look);
    }

    private static String numbers(Row row, Look look) {
        Reading reading = row.reading();
        String unit = row.resource() == Resource.CPU ? "" : " " + row.resource().unit();
        return Words.right(Words.whole(reading.usage()), 5)
                + " of "
                + Paint.LIMIT.on(Words.whole(reading.limit()), look)
                + unit;
    }

    private static String legend(Look look) {
        String used = look.unicode() ? "█" : "#";
        String limit = look.unicode() ? "┃" : "|";
        String threshold = look.unicode() ? "╎" : ":";
        String min = look.unicode() ? "╷" : ",";
        return Paint.USAGE.on(used, look) + " used  " + Paint.LIMIT.on(limit, look) + " limit  "
                + Paint.THRESHOLD.on(threshold, look) + " lower, upper  " + Paint.QUIET.on(min, look)
                + " min  ends at max";
    }
}

package io.serverlesscontainers.examples.quickstart.terminal;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;

/**
 * Shows a run while it goes on. On a terminal a table is redrawn in place; anywhere else a line is added whenever five
 * seconds of the run have passed. For one thread.
 */
public final class LiveView implements AutoCloseable {
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(5);
    private static final String HIDE_CURSOR = "\u001b[?25l";
    private static final String SHOW_CURSOR = "\u001b[?25h";
    private static final String CLEAR_LINE = "\u001b[K";

    private final PrintStream out;
    private final Look look;
    private int linesShown;
    private Duration nextLine = Duration.ZERO;

    /** A view on a stream, which stays open. */
    public LiveView(PrintStream out, Look look) {
        this.out = out;
        this.look = look;
    }

    /** Shows a moment. */
    public void show(Moment moment) {
        if (look.interactive()) {
            redraw(LiveTable.lines(moment, look));
        } else if (moment.elapsed().compareTo(nextLine) >= 0) {
            out.println(SteadyLine.of(moment));
            nextLine = moment.elapsed().plus(BETWEEN_LINES);
        }
    }

    /** Leaves what was shown last, and gives the cursor back. May be called again. */
    @Override
    public void close() {
        if (linesShown > 0) {
            out.print(SHOW_CURSOR);
            out.flush();
            linesShown = 0;
        }
    }

    private void redraw(List<String> lines) {
        var frame = new StringBuilder(HIDE_CURSOR);
        if (linesShown > 0) {
            frame.append("\u001b[").append(linesShown).append('A');
        }
        lines.forEach(line -> frame.append('\r').append(line).append(CLEAR_LINE).append('\n'));
        out.print(frame);
        out.flush();
        linesShown = lines.size();
    }
}

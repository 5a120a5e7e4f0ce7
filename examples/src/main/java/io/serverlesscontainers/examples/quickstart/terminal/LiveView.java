package io.serverlesscontainers.examples.quickstart.terminal;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;

/**
 * Shows a run while it goes on. On a terminal a table is redrawn in place; anywhere else a line is added whenever five
 * seconds of the run have passed. Thread-safe: one line never falls into another one.
 */
public final class LiveView implements AutoCloseable {
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(5);
    private static final String HIDE_CURSOR = "\u001b[?25l";
    private static final String SHOW_CURSOR = "\u001b[?25h";
    private static final String CLEAR_LINE = "\u001b[K";
    private static final String CLEAR_BELOW = "\u001b[J";

    private final PrintStream out;
    private final Look look;
    private int linesShown;
    private boolean cursorHidden;
    private Duration nextLine = Duration.ZERO;

    /** A view on a stream, which stays open. */
    public LiveView(PrintStream out, Look look) {
        this.out = out;
        this.look = look;
    }

    /** Says a sentence, above the table if there is one. */
    public synchronized void say(String sentence) {
        if (linesShown > 0) {
            out.print(upToTheTable() + CLEAR_BELOW);
            linesShown = 0;
        }
        out.println(sentence);
    }

    /** Shows a moment. */
    public synchronized void show(Moment moment) {
        if (look.interactive()) {
            redraw(LiveTable.lines(moment, look));
        } else if (moment.elapsed().compareTo(nextLine) >= 0) {
            out.println(SteadyLine.of(moment));
            nextLine = moment.elapsed().plus(BETWEEN_LINES);
        }
    }

    /** Leaves what was shown last, and gives the cursor back. May be called again. */
    @Override
    public synchronized void close() {
        if (cursorHidden) {
            // A terminal may have shown a pressed Ctrl-C just here.
            out.print("\r" + CLEAR_LINE + SHOW_CURSOR);
            out.flush();
            cursorHidden = false;
        }
        linesShown = 0;
    }

    private void redraw(List<String> lines) {
        var frame = new StringBuilder(HIDE_CURSOR);
        if (linesShown > 0) {
            frame.append(upToTheTable());
        }
        lines.forEach(line -> frame.append('\r').append(line).append(CLEAR_LINE).append('\n'));
        out.print(frame);
        out.flush();
        linesShown = lines.size();
        cursorHidden = true;
    }

    private String upToTheTable() {
        return "\u001b[" + linesShown + "A\r";
    }
}

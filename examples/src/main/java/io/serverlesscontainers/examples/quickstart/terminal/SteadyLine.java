package io.serverlesscontainers.examples.quickstart.terminal;

import java.util.StringJoiner;

/** A moment as one line, for logs and pipes. */
final class SteadyLine {
    private SteadyLine() {}

    static String of(Moment moment) {
        var line = new StringJoiner(" | ");
        line.add(Words.right(Words.seconds(moment.elapsed()), 7) + " " + Words.left(moment.state(), 11));
        String container = "";
        var part = new StringBuilder();
        for (Row row : moment.rows()) {
            if (!row.container().equals(container)) {
                if (!part.isEmpty()) {
                    line.add(part);
                }
                container = row.container();
                part = new StringBuilder(Words.cut(container, 32));
            }
            part.append(' ').append(row.resource().wireName()).append(' ');
            part.append(Words.right(Words.whole(row.reading().usage()), 3));
            part.append('/').append(Words.left(Words.whole(row.reading().limit()), 3));
        }
        if (!part.isEmpty()) {
            line.add(part);
        }
        return line.toString().stripTrailing();
    }
}

package io.serverlesscontainers.examples.quickstart.terminal;

import io.serverlesscontainers.examples.quickstart.report.Reading;

/**
 * One reading as one line from 0 to max: filled up to the usage, with marks for min, lower, upper and limit; what lies
 * beyond the limit stays blank. Where marks meet, the limit is the one to see.
 */
final class UsageBar {
    private UsageBar() {}

    static String draw(Reading reading, int columns, Look look) {
        char[] signs = new char[columns];
        Paint[] paints = new Paint[columns];
        int used = cell(reading.usage(), reading.max(), columns);
        int limit = cell(reading.limit(), reading.max(), columns);
        for (int i = 0; i < columns; i++) {
            boolean inUse = i < used || used == 0 && i == 0 && reading.usage() > 0;
            boolean allocated = i <= limit;
            signs[i] = inUse ? look.unicode() ? '█' : '#' : allocated ? look.unicode() ? '·' : '.' : ' ';
            paints[i] = inUse ? Paint.USAGE : Paint.QUIET;
        }
        mark(signs, paints, reading.min(), reading.max(), look.unicode() ? '╷' : ',', Paint.QUIET);
        mark(signs, paints, reading.lower(), reading.max(), look.unicode() ? '╎' : ':', Paint.THRESHOLD);
        mark(signs, paints, reading.upper(), reading.max(), look.unicode() ? '╎' : ':', Paint.THRESHOLD);
        mark(signs, paints, reading.limit(), reading.max(), look.unicode() ? '┃' : '|', Paint.LIMIT);
        var line = new StringBuilder();
        for (int begin = 0, end; begin < columns; begin = end) {
            end = begin;
            while (end < columns && paints[end] == paints[begin]) {
                end++;
            }
            line.append(paints[begin].on(new String(signs, begin, end - begin), look));
        }
        return line + Paint.QUIET.on(look.unicode() ? "▏" : "]", look);
    }

    private static void mark(char[] signs, Paint[] paints, double value, double max, char sign, Paint paint) {
        int cell = cell(value, max, signs.length);
        if (cell >= 0) {
            signs[Math.min(cell, signs.length - 1)] = sign;
            paints[Math.min(cell, signs.length - 1)] = paint;
        }
    }

    /** Where a value lies, −1 if that is not known. */
    private static int cell(double value, double max, int columns) {
        if (Double.isNaN(value) || !(max > 0)) {
            return -1;
        }
        return (int) Math.max(0, Math.min(columns, Math.round(value / max * columns)));
    }
}

package io.serverlesscontainers.examples.quickstart.terminal;

import java.time.Duration;
import java.util.Locale;

/** Numbers and texts as the tables show them. */
final class Words {
    private Words() {}

    /** A whole number, or a dash where it is not known. */
    static String whole(double value) {
        return Double.isNaN(value) ? "-" : Long.toString(Math.round(value));
    }

    static String oneDecimal(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    static String percent(double ratio) {
        return Math.round(ratio * 100) + " %";
    }

    static String seconds(Duration duration) {
        return oneDecimal(duration.toMillis() / 1000.0) + " s";
    }

    /** Milliseconds for what is short, seconds for the rest. */
    static String delay(Duration duration) {
        return duration.toMillis() < 1000 ? duration.toMillis() + " ms" : seconds(duration);
    }

    static String left(String text, int width) {
        return cut(text, width) + " ".repeat(Math.max(0, width - text.length()));
    }

    static String right(String text, int width) {
        return " ".repeat(Math.max(0, width - text.length())) + cut(text, width);
    }

    /** A text that fits, with dots where something is missing, and without anything that moves the cursor. */
    static String cut(String text, int width) {
        String clean = text.replaceAll("\\p{Cntrl}", "?");
        return clean.length() <= width ? clean : clean.substring(0, Math.max(0, width - 2)) + "..";
    }
}

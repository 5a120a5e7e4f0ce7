package io.serverlesscontainers.examples.table;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Rows in aligned columns: texts to the left, numbers to the right. What would break a line is shown as its escape. */
public final class Table {
    /** Stands where there is no value, among numbers too. */
    public static final String NOTHING = "-";

    private static final Pattern NUMBER = Pattern.compile("-|-?[0-9.]+");
    private static final Pattern BREAKS_LINES = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}]");

    private final List<String[]> rows = new ArrayList<>();

    /** No rows yet. */
    public Table(String... head) {
        rows.add(head);
    }

    /** Adds a row, with a cell for each column; a {@code double} is shown with one decimal. */
    public void add(Object... cells) {
        rows.add(Arrays.stream(cells).map(Table::shown).toArray(String[]::new));
    }

    private static String shown(Object cell) {
        return oneLine(
                cell instanceof Double number ? String.format(Locale.ROOT, "%.1f", number) : String.valueOf(cell));
    }

    /** A text as a cell shows it: all of it, on one line. */
    public static String oneLine(String text) {
        return BREAKS_LINES
                .matcher(text)
                .replaceAll(found -> String.format("\\\\u%04x", found.group().codePointAt(0)));
    }

    /** Whether there is nothing under the head. */
    public boolean isEmpty() {
        return rows.size() == 1;
    }

    /** The head, then the rows, without spaces at the ends. */
    public List<String> lines() {
        int[] widths = new int[rows.get(0).length];
        for (String[] row : rows) {
            for (int column = 0; column < widths.length; column++) {
                widths[column] = Math.max(widths[column], row[column].length());
            }
        }
        var lines = new ArrayList<String>();
        for (String[] row : rows) {
            var line = new StringBuilder();
            for (int column = 0; column < widths.length; column++) {
                String padding = " ".repeat(widths[column] - row[column].length());
                boolean isNumber = isNumber(column);
                line.append(isNumber ? padding + row[column] : row[column] + padding)
                        .append("  ");
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }

    /** The same as one text that begins with a new line, to follow a sentence in a log. */
    @Override
    public String toString() {
        return System.lineSeparator() + String.join(System.lineSeparator(), lines());
    }

    private boolean isNumber(int column) {
        List<String> cells = rows.stream().skip(1).map(row -> row[column]).toList();
        return cells.stream().allMatch(cell -> NUMBER.matcher(cell).matches())
                && cells.stream().anyMatch(cell -> !cell.equals(NOTHING));
    }
}

package io.serverlesscontainers.examples.services;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Rows in aligned columns: texts to the left, numbers to the right. */
final class Table {
    private final List<String[]> rows = new ArrayList<>();

    Table(String... head) {
        rows.add(head);
    }

    void add(Object... cells) {
        rows.add(Arrays.stream(cells)
                .map(cell -> cell instanceof Double number ? String.format("%.1f", number) : String.valueOf(cell))
                .toArray(String[]::new));
    }

    boolean isEmpty() {
        return rows.size() == 1;
    }

    @Override
    public String toString() {
        int[] widths = new int[rows.get(0).length];
        for (String[] row : rows) {
            for (int column = 0; column < widths.length; column++) {
                widths[column] = Math.max(widths[column], row[column].length());
            }
        }
        var text = new StringBuilder();
        for (String[] row : rows) {
            var line = new StringBuilder();
            for (int column = 0; column < widths.length; column++) {
                String padding = " ".repeat(widths[column] - row[column].length());
                boolean isNumber = isNumber(column);
                line.append(isNumber ? padding + row[column] : row[column] + padding)
                        .append("  ");
            }
            text.append(System.lineSeparator()).append(line.toString().stripTrailing());
        }
        return text.toString();
    }

    private boolean isNumber(int column) {
        return rows.size() > 1 && rows.stream().skip(1).allMatch(row -> row[column].matches("-?[0-9.]+"));
    }
}

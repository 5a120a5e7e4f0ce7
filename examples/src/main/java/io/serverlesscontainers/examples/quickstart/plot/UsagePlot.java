package io.serverlesscontainers.examples.quickstart.plot;

import io.serverlesscontainers.store.document.Direction;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * The picture of one container's run: what it used, the limit that followed, and what the limit left free for others.
 * One panel per resource, beneath each other on one time axis. A single SVG file that needs nothing else, readable on
 * light and dark pages.
 *
 * @param title the container's name
 * @param subtitle one line that says what there is to see
 * @param spans the parts of the run
 * @param series the panels
 */
public record UsagePlot(String title, String subtitle, List<Span> spans, List<ResourceSeries> series) {
    private static final int WIDTH = 1000;
    private static final int LEFT = 64;
    private static final int RIGHT = WIDTH - 84;
    private static final int SPANS_TOP = 88;
    private static final int SPANS_HEIGHT = 26;
    private static final int LEGEND_TOP = 142;
    private static final int FIRST_PANEL_TOP = 206;
    private static final int PANEL_HEIGHT = 220;
    private static final int PANEL_DISTANCE = 86;
    private static final int FOOT = 58;

    /** Copies the lists. */
    public UsagePlot {
        Objects.requireNonNull(title, "title");
        Objects.requireNonNull(subtitle, "subtitle");
        spans = List.copyOf(spans);
        series = List.copyOf(series);
    }

    /** The whole file. */
    public String toSvg() {
        int height = panelTop(series.size()) - PANEL_DISTANCE + FOOT;
        Scale time = new Scale(0, end(), LEFT, RIGHT);
        var svg = new Svg();
        svg.open(
                "svg",
                "xmlns",
                "http://www.w3.org/2000/svg",
                "viewBox",
                "0 0 " + WIDTH + " " + height,
                "width",
                WIDTH,
                "height",
                height,
                "role",
                "img");
        svg.text("title", title + ": usage and limits over time");
        svg.text("desc", subtitle);
        svg.text("style", styleSheet());
        svg.empty("rect", "class", "paper", "x", 0.5, "y", 0.5, "width", WIDTH - 1, "height", height - 1, "rx", 10);
        svg.text("text", title, "class", "title", "x", LEFT, "y", 42);
        svg.text("text", subtitle, "class", "subtitle", "x", LEFT, "y", 66);
        drawVeils(svg, time);
        drawSpans(svg, time, height);
        drawLegend(svg);
        for (int i = 0; i < series.size(); i++) {
            new Panel(series.get(i), time, panelTop(i), panelTop(i) + PANEL_HEIGHT).draw(svg);
        }
        svg.text(
                "text",
                "seconds since the start",
                "class",
                "quiet",
                "x",
                (LEFT + RIGHT) / 2,
                "y",
                height - 14,
                "text-anchor",
                "middle");
        return svg.close("svg").toString();
    }

    /** Writes the file, and creates its directory if need be. */
    public void writeTo(Path file) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory != null) {
            Files.createDirectories(directory);
        }
        Files.writeString(file, toSvg());
    }

    private void drawVeils(Svg svg, Scale time) {
        for (Span span : spans) {
            for (int i = 0; i < series.size() && !span.guarded(); i++) {
                svg.empty(
                        "rect",
                        "class",
                        "veil",
                        "x",
                        time.pixel(span.from()),
                        "y",
                        panelTop(i),
                        "width",
                        time.pixel(span.to()) - time.pixel(span.from()),
                        "height",
                        PANEL_HEIGHT);
            }
        }
    }

    private void drawSpans(Svg svg, Scale time, int height) {
        for (Span span : spans) {
            double left = time.pixel(span.from());
            double right = time.pixel(span.to());
            String guarded = span.guarded() ? " guarded" : "";
            svg.empty(
                    "rect",
                    "class",
                    "span" + guarded,
                    "x",
                    left + 1,
                    "y",
                    SPANS_TOP,
                    "width",
                    Math.max(0, right - left - 2),
                    "height",
                    SPANS_HEIGHT,
                    "rx",
                    5);
            svg.text(
                    "text",
                    span.name(),
                    "class",
                    "span-name" + guarded,
                    "x",
                    (left + right) / 2,
                    "y",
                    SPANS_TOP + 18,
                    "text-anchor",
                    "middle");
            if (span.from() > 0) {
                for (int i = 0; i < series.size(); i++) {
                    svg.empty(
                            "line",
                            "class",
                            "divider",
                            "x1",
                            left,
                            "x2",
                            left,
                            "y1",
                            panelTop(i),
                            "y2",
                            panelTop(i) + PANEL_HEIGHT);
                }
            }
        }
    }

    private static void drawLegend(Svg svg) {
        double x = LEFT;
        x = legend(svg, x, "usage-area", "usage", "used");
        x = legend(svg, x, "", "limit", "limit");
        x = legend(svg, x, "", "threshold", "upper and lower threshold");
        x = legend(svg, x, "free", "", "left free for others");
        Panel.triangle(svg, Direction.UP, x + 7, LEGEND_TOP, "");
        svg.text("text", "scaled up", "class", "quiet", "x", x + 20, "y", LEGEND_TOP + 4);
        Panel.triangle(svg, Direction.DOWN, x + 109, LEGEND_TOP, "");
        svg.text("text", "scaled down", "class", "quiet", "x", x + 122, "y", LEGEND_TOP + 4);
    }

    private static double legend(Svg svg, double x, String area, String line, String name) {
        if (!area.isEmpty()) {
            svg.empty("rect", "class", area, "x", x, "y", LEGEND_TOP - 7, "width", 24, "height", 14);
        }
        if (!line.isEmpty()) {
            double y = area.isEmpty() ? LEGEND_TOP : LEGEND_TOP - 7;
            svg.empty("path", "class", line, "d", "M" + x + " " + y + "h24");
        }
        svg.text("text", name, "class", "quiet", "x", x + 32, "y", LEGEND_TOP + 4);
        return x + 32 + name.length() * 6.4 + 24;
    }

    private double end() {
        double lastSpan = spans.stream().mapToDouble(Span::to).max().orElse(0);
        double lastSample = series.stream()
                .flatMap(one -> one.samples().stream())
                .mapToDouble(TimedReading::seconds)
                .max()
                .orElse(0);
        return Math.max(lastSpan, lastSample);
    }

    private static int panelTop(int panel) {
        return FIRST_PANEL_TOP + panel * (PANEL_HEIGHT + PANEL_DISTANCE);
    }

    private static String styleSheet() {
        try (InputStream css = UsagePlot.class.getResourceAsStream("usage-plot.css")) {
            return new String(
                    Objects.requireNonNull(css, "usage-plot.css is missing in the jar")
                            .readAllBytes(),
                    StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException("usage-plot.css cannot be read from the jar", unreadable);
        }
    }
}

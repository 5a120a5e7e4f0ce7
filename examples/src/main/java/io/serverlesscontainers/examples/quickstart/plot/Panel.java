package io.serverlesscontainers.examples.quickstart.plot;

import io.serverlesscontainers.examples.quickstart.report.Reading;
import io.serverlesscontainers.store.document.Direction;
import io.serverlesscontainers.store.document.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Draws one resource over time into a rectangle of the picture. */
final class Panel {
    private static final int MOST_SAMPLES = 4000;
    private static final double HEADROOM = 1.08;
    private static final double MARK_PIXELS = 7;
    private static final double ROOM_FOR_WORDS = 130;
    private static final double ROOM_FOR_LINE = 26;

    private final ResourceSeries series;
    private final List<TimedReading> samples;
    private final Scale time;
    private final Scale amount;
    private final double top;
    private final double bottom;

    /**
     * A panel.
     *
     * @param series what to draw
     * @param time the horizontal axis, shared by all panels
     * @param top upper edge in pixels
     * @param bottom lower edge in pixels
     */
    Panel(ResourceSeries series, Scale time, double top, double bottom) {
        this.series = series;
        this.samples = thinned(series.samples());
        this.time = time;
        this.top = top;
        this.bottom = bottom;
        this.amount = new Scale(0, highest() * HEADROOM, bottom, top);
    }

    void draw(Svg svg) {
        drawGrid(svg);
        path(svg, "allocated", area(steps(Reading::limit), amount.pixel(0)));
        path(svg, "free", between(Reading::limit, Reading::max));
        path(svg, "usage-area", usage(true));
        path(svg, "usage", usage(false));
        path(svg, "bound", line(steps(Reading::max)));
        path(svg, "bound", line(steps(Reading::min)));
        path(svg, "threshold", line(levels(Reading::upper)));
        path(svg, "threshold", line(levels(Reading::lower)));
        path(svg, "limit", line(steps(Reading::limit)));
        nameBounds(svg);
        nameFreeArea(svg);
        series.marks().forEach(mark -> drawMark(svg, mark));
    }

    /** A triangle: up stands on its place, down hangs from it. */
    static void triangle(Svg svg, Direction direction, double x, double y, String tooltip) {
        double tip = direction == Direction.UP ? y - MARK_PIXELS : y + MARK_PIXELS;
        double base = direction == Direction.UP ? y + MARK_PIXELS * 0.7 : y - MARK_PIXELS * 0.7;
        String shape =
                "M" + point(x, tip) + "L" + point(x + MARK_PIXELS, base) + "L" + point(x - MARK_PIXELS, base) + "Z";
        svg.open("path", "class", "mark " + direction.wireName(), "d", shape)
                .text("title", tooltip)
                .close("path");
    }

    private void drawGrid(Svg svg) {
        svg.open("text", "x", time.fromPixel(), "y", top - 12)
                .text("tspan", heading(series.resource()), "class", "panel-title")
                .text("tspan", unit(series.resource()), "class", "quiet", "dx", 6)
                .close("text");
        for (double tick : amount.ticks(5)) {
            double y = amount.pixel(tick);
            svg.empty("line", "class", "grid", "x1", time.fromPixel(), "x2", time.toPixel(), "y1", y, "y2", y);
            svg.text(
                    "text",
                    Svg.number(tick),
                    "class",
                    "quiet",
                    "x",
                    time.fromPixel() - 8,
                    "y",
                    y + 4,
                    "text-anchor",
                    "end");
        }
        svg.empty("line", "class", "axis", "x1", time.fromPixel(), "x2", time.toPixel(), "y1", bottom, "y2", bottom);
        for (double tick : time.ticks(12)) {
            double x = time.pixel(tick);
            svg.empty("line", "class", "axis", "x1", x, "x2", x, "y1", bottom, "y2", bottom + 5);
            svg.text("text", Svg.number(tick), "class", "quiet", "x", x, "y", bottom + 19, "text-anchor", "middle");
        }
    }

    private void drawMark(Svg svg, Mark mark) {
        String tooltip = Svg.number(mark.seconds()) + " s: " + mark.sentence();
        triangle(svg, mark.direction(), time.pixel(mark.seconds()), amount.pixel(mark.limit()), tooltip);
    }

    private void nameBounds(Svg svg) {
        if (samples.isEmpty()) {
            return;
        }
        Reading last = samples.get(samples.size() - 1).reading();
        nameBound(svg, "max", last.max());
        nameBound(svg, "min", last.min());
    }

    private void nameBound(Svg svg, String name, double value) {
        if (!Double.isNaN(value)) {
            svg.text(
                    "text",
                    name + " " + Svg.number(value),
                    "class",
                    "quiet",
                    "x",
                    time.toPixel() + 8,
                    "y",
                    amount.pixel(value) + 4);
        }
    }

    /** Says what the area above the limit is, where it has most room to say so. */
    private void nameFreeArea(Svg svg) {
        double bestArea = 0;
        double x = 0;
        double y = 0;
        for (int first = 0; first + 1 < samples.size(); first++) {
            double height = Double.POSITIVE_INFINITY;
            for (int last = first; last + 1 < samples.size(); last++) {
                Reading reading = samples.get(last).reading();
                height = Math.min(height, amount.pixel(reading.limit()) - amount.pixel(reading.max()));
                if (!(height >= ROOM_FOR_LINE)) {
                    break;
                }
                double left = time.pixel(samples.get(first).seconds());
                double right = time.pixel(samples.get(last + 1).seconds());
                if (right - left >= ROOM_FOR_WORDS && height * (right - left) > bestArea) {
                    bestArea = height * (right - left);
                    x = (left + right) / 2;
                    y = amount.pixel(reading.max()) + height / 2 + 4;
                }
            }
        }
        if (bestArea > 0) {
            svg.text("text", "free for others", "class", "free-name", "x", x, "y", y, "text-anchor", "middle");
        }
    }

    private String usage(boolean filled) {
        var path = new StringBuilder();
        for (List<double[]> piece : pieces(Reading::usage)) {
            path.append(filled ? area(piece, amount.pixel(0)) : line(piece));
        }
        return path.toString();
    }

    private String line(List<double[]> points) {
        var path = new StringBuilder();
        boolean pen = false;
        for (double[] point : points) {
            if (Double.isNaN(point[1])) {
                pen = false;
            } else {
                path.append(pen ? 'L' : 'M').append(point(point[0], point[1]));
                pen = true;
            }
        }
        return path.toString();
    }

    private String area(List<double[]> points, double base) {
        List<double[]> known =
                points.stream().filter(point -> !Double.isNaN(point[1])).toList();
        if (known.isEmpty()) {
            return "";
        }
        return line(known) + "L" + point(known.get(known.size() - 1)[0], base) + "L" + point(known.get(0)[0], base)
                + "Z";
    }

    private String between(ToDoubleFunction<Reading> low, ToDoubleFunction<Reading> high) {
        List<double[]> outline = new ArrayList<>(steps(low));
        List<double[]> back = steps(high);
        for (int i = back.size() - 1; i >= 0; i--) {
            outline.add(back.get(i));
        }
        List<double[]> known =
                outline.stream().filter(point -> !Double.isNaN(point[1])).toList();
        return known.isEmpty() ? "" : line(known) + "Z";
    }

    /** A value that holds until the next sample. */
    private List<double[]> steps(ToDoubleFunction<Reading> value) {
        List<double[]> points = new ArrayList<>();
        double before = Double.NaN;
        for (TimedReading sample : samples) {
            double x = time.pixel(sample.seconds());
            double now = value.applyAsDouble(sample.reading());
            if (!Double.isNaN(before) && before != now) {
                points.add(new double[] {x, amount.pixel(before)});
            }
            points.add(new double[] {x, amount.pixel(now)});
            before = now;
        }
        return points;
    }

    /** The same without the way from one value to the next. */
    private List<double[]> levels(ToDoubleFunction<Reading> value) {
        List<double[]> points = new ArrayList<>();
        for (double[] point : steps(value)) {
            double[] before = points.isEmpty() ? point : points.get(points.size() - 1);
            if (before[1] != point[1]) {
                points.add(new double[] {point[0], Double.NaN});
            }
            points.add(point);
        }
        return points;
    }

    /** The stretches of samples in which a value is known. */
    private List<List<double[]>> pieces(ToDoubleFunction<Reading> value) {
        List<List<double[]>> pieces = new ArrayList<>();
        List<double[]> piece = new ArrayList<>();
        for (TimedReading sample : samples) {
            double now = value.applyAsDouble(sample.reading());
            if (Double.isNaN(now)) {
                pieces.add(piece);
                piece = new ArrayList<>();
            } else {
                piece.add(new double[] {time.pixel(sample.seconds()), amount.pixel(now)});
            }
        }
        pieces.add(piece);
        return pieces;
    }

    private double highest() {
        return samples.stream()
                .map(TimedReading::reading)
                .mapToDouble(reading -> Math.max(known(reading.max()), known(reading.usage())))
                .max()
                .orElse(1);
    }

    private static double known(double value) {
        return Double.isNaN(value) ? 0 : value;
    }

    /** A day of samples is more than there are pixels: not every one is drawn. */
    private static List<TimedReading> thinned(List<TimedReading> samples) {
        int stride = samples.size() / MOST_SAMPLES + 1;
        List<TimedReading> kept = new ArrayList<>();
        for (int i = 0; i < samples.size(); i += stride) {
            kept.add(samples.get(i));
        }
        return kept;
    }

    private static void path(Svg svg, String style, String shape) {
        if (!shape.isEmpty()) {
            svg.empty("path", "class", style, "d", shape);
        }
    }

    private static String point(double x, double y) {
        return Svg.number(x) + " " + Svg.number(y);
    }

    private static String heading(Resource resource) {
        return switch (resource) {
            case CPU -> "CPU";
            case MEMORY -> "Memory";
            default -> resource.wireName().toUpperCase(Locale.ROOT);
        };
    }

    private static String unit(Resource resource) {
        return resource == Resource.CPU ? "in shares, 100 are one core" : "in " + resource.unit();
    }
}

package dev.natter.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/**
 * Curves as SVG: lines through points, two axes, a legend. Used by one thread.
 *
 * @param title what it shows
 * @param across the horizontal axis
 * @param up the vertical axis
 * @param curves what to draw
 */
record Chart(String title, Axis across, Axis up, List<Curve> curves) {
    private static final int WIDTH = 860;
    private static final int HEIGHT = 460;
    private static final int LEFT = 70;
    private static final int TOP = 40;
    private static final int RIGHT = 270;
    private static final int BOTTOM = 60;
    private static final int STEPS = 5;
    private static final double NANOS_OF_A_MILLI = 1e6;

    /** Told apart without seeing red and green as different (after Okabe and Ito). */
    private static final List<String> COLOURS =
            List.of("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#999999");

    /**
     * An axis.
     *
     * @param name what it measures, and in what
     * @param logarithmic each step ten times the one before; all values are above 0 then
     */
    record Axis(String name, boolean logarithmic) {}

    /** A point of a curve. */
    record Point(double x, double y) {}

    /**
     * A curve.
     *
     * @param name as the legend tells it
     * @param points from left to right; at least one
     */
    record Curve(String name, List<Point> points) {}

    /** An axis with the values that are on it, as far as a picture goes. */
    private record Scale(Axis axis, double least, double most, int begin, int end) {
        static Scale of(Axis axis, DoubleStream values, int begin, int end) {
            var all = values.summaryStatistics();
            if (axis.logarithmic) {
                double most = Math.ceil(Math.log10(all.getMax()));
                return new Scale(axis, Math.min(Math.floor(Math.log10(all.getMin())), most - 1), most, begin, end);
            }
            double step = Math.pow(10, Math.floor(Math.log10(Math.max(all.getMax(), Double.MIN_NORMAL)))) / 2;
            return new Scale(axis, 0, Math.max(step, Math.ceil(all.getMax() / step) * step), begin, end);
        }

        double at(double value) {
            double along = axis.logarithmic ? Math.log10(value) : value;
            return begin + (end - begin) * (along - least) / (most - least);
        }

        List<Double> marks() {
            List<Double> marks = new ArrayList<>();
            if (axis.logarithmic) {
                for (int exponent = (int) least; exponent <= most; exponent++) {
                    marks.add(Math.pow(10, exponent));
                }
            } else {
                for (int step = 0; step <= STEPS; step++) {
                    marks.add(most * step / STEPS);
                }
            }
            return marks;
        }

        /** Twice and five times each mark, to read a logarithmic axis by. */
        List<Double> between() {
            return !axis.logarithmic
                    ? List.of()
                    : marks().stream()
                            .limit((long) (most - least))
                            .flatMap(mark -> Stream.of(2 * mark, 5 * mark))
                            .toList();
        }
    }

    /** Distributions beside each other, each by {@link #slowest}. */
    static Chart latencies(String title, List<Curve> curves) {
        return new Chart(
                title,
                new Axis("the slowest one of so many (10: p90, 100: p99, 1,000: p99.9)", true),
                new Axis("milliseconds", true),
                curves);
    }

    /** How long the slowest one of ten took, of a hundred, of a thousand, and so on: a distribution with its tail. */
    static Curve slowest(String name, Histogram nanos) {
        List<Point> points = new ArrayList<>();
        for (HistogramIterationValue step : nanos.percentiles(STEPS)) {
            if (step.getPercentileLevelIteratedTo() < 100) {
                points.add(new Point(
                        100 / (100 - step.getPercentileLevelIteratedTo()),
                        step.getValueIteratedTo() / NANOS_OF_A_MILLI));
            }
        }
        return new Curve(name, points);
    }

    /** Draws it into a file. */
    void write(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, svg());
    }

    private String svg() {
        Scale x = Scale.of(across, values(Point::x), LEFT, WIDTH - RIGHT);
        Scale y = Scale.of(up, values(Point::y), HEIGHT - BOTTOM, TOP);
        var svg = new StringBuilder();
        add(svg, """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12">
                <rect width="100%%" height="100%%" fill="white"/>
                <text x="%d" y="24" font-size="15">%s</text>
                """, WIDTH, HEIGHT, LEFT, text(title));
        for (double line : x.between()) {
            add(svg, "<path d=\"M%.1f %dV%d\" stroke=\"#f2f2f2\"/>\n", x.at(line), y.begin, y.end);
        }
        for (double line : y.between()) {
            add(svg, "<path d=\"M%d %.1fH%d\" stroke=\"#f2f2f2\"/>\n", x.begin, y.at(line), x.end);
        }
        for (double mark : x.marks()) {
            add(svg, """
                    <path d="M%.1f %dV%d" stroke="#ddd"/><text x="%.1f" y="%d" text-anchor="middle">%s</text>
                    """, x.at(mark), y.begin, y.end, x.at(mark), y.begin + 18, number(mark));
        }
        for (double mark : y.marks()) {
            add(svg, """
                    <path d="M%d %.1fH%d" stroke="#ddd"/><text x="%d" y="%.1f" text-anchor="end">%s</text>
                    """, x.begin, y.at(mark), x.end, x.begin - 6, y.at(mark) + 4, number(mark));
        }
        add(svg, """
                <text x="%d" y="%d" text-anchor="middle">%s</text>
                <text transform="translate(16 %d) rotate(-90)" text-anchor="middle">%s</text>
                """, (x.begin + x.end) / 2, HEIGHT - 16, text(across.name), (y.begin + y.end) / 2, text(up.name));
        for (int at = 0; at < curves.size(); at++) {
            draw(svg, curves.get(at), COLOURS.get(at % COLOURS.size()), TOP + 10 + 20 * at, x, y);
        }
        return svg.append("</svg>\n").toString();
    }

    private static void draw(StringBuilder svg, Curve curve, String colour, int legend, Scale x, Scale y) {
        String points = curve.points.stream()
                .map(point -> String.format(Locale.ROOT, "%.1f,%.1f", x.at(point.x), y.at(point.y)))
                .collect(Collectors.joining(" "));
        add(svg, """
                <polyline points="%s" fill="none" stroke="%s" stroke-width="2"/>
                <path d="M%d %dh20" stroke="%s" stroke-width="3"/><text x="%d" y="%d">%s</text>
                """, points, colour, x.end + 14, legend, colour, x.end + 40, legend + 4, text(curve.name));
    }

    private static void add(StringBuilder svg, String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values));
    }

    private DoubleStream values(ToDoubleFunction<Point> coordinate) {
        return curves.stream().flatMap(curve -> curve.points.stream()).mapToDouble(coordinate);
    }

    private static String number(double value) {
        return new DecimalFormat("#,##0.######", DecimalFormatSymbols.getInstance(Locale.ROOT)).format(value);
    }

    private static String text(String plain) {
        return plain.replace("&", "&amp;").replace("<", "&lt;");
    }
}

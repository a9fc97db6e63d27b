package dev.natter.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.natter.bench.Chart.Axis;
import dev.natter.bench.Chart.Curve;
import dev.natter.bench.Chart.Point;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

class ChartTest {
    @TempDir
    private Path folder;

    @Test
    void aTenfoldStepIsAsWideAsAnother() throws Exception {
        var curve = new Curve("one & <all>", List.of(new Point(10, 1), new Point(100, 2), new Point(1000, 3)));
        Document svg = written(new Chart("Title", new Axis("x", true), new Axis("y", false), List.of(curve)));

        String[] points = svg.getElementsByTagName("polyline")
                .item(0)
                .getAttributes()
                .getNamedItem("points")
                .getNodeValue()
                .split("[ ,]");
        assertThat(points).hasSize(6);
        assertThat(number(points[4]) - number(points[2])).isEqualTo(number(points[2]) - number(points[0]));
        assertThat(number(points[1])).isGreaterThan(number(points[3]));
        assertThat(svg.getDocumentElement().getTextContent()).contains("one & <all>", "Title", "1,000");
    }

    @Test
    void aDistributionShowsItsTail() {
        var histogram = new Histogram(3);
        for (int i = 0; i < 999; i++) {
            histogram.recordValue(1_000_000);
        }
        histogram.recordValue(50_000_000);

        List<Point> points = Chart.slowest("a wish", histogram).points();

        assertThat(points.getFirst().y()).isBetween(0.99, 1.01);
        assertThat(points.getLast().y()).isBetween(49.0, 51.0);
        assertThat(points).allSatisfy(point -> assertThat(point.x()).isBetween(1.0, 2_000.0));
    }

    private Document written(Chart chart) throws Exception {
        Path file = folder.resolve("charts/chart.svg");
        chart.write(file);
        try (var in = Files.newInputStream(file)) {
            return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(in);
        }
    }

    private static double number(String text) {
        return Double.parseDouble(text);
    }
}

package dev.natter.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.natter.bench.Chart.Axis;
import dev.natter.bench.Chart.Curve;
import dev.natter.bench.Chart.Point;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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

        double[] points = points(svg, 0);
        assertThat(points).hasSize(6);
        assertThat(points[4] - points[2]).isEqualTo(points[2] - points[0]);
        assertThat(points[1]).isGreaterThan(points[3]);
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

    @Test
    void whatIsSlowerIsDrawnAboveWhatItIsComparedWith() throws Exception {
        var ours = Chart.slowest("ours", waits(10_000_000));
        var reference = Chart.slowest("reference", waits(2_000_000));

        Document svg = written(Chart.latencies("Title", List.of(ours, reference)));

        assertThat(points(svg, 0)[1]).isLessThan(points(svg, 1)[1]);
        assertThat(svg.getDocumentElement().getTextContent()).contains("ours", "reference", "milliseconds");
    }

    @Test
    void marksAreWrittenAsPeopleWriteThem() throws Exception {
        var curve = new Curve("", List.of(new Point(0.2, 0.4), new Point(2_000, 1.4)));

        Document svg = written(new Chart("", new Axis("", true), new Axis("", false), List.of(curve)));

        var texts = svg.getElementsByTagName("text");
        assertThat(IntStream.range(0, texts.getLength())
                        .mapToObj(at -> texts.item(at).getTextContent()))
                .contains("0.1", "1", "10", "100", "1,000", "10,000")
                .contains("0", "0.3", "0.6", "0.9", "1.2", "1.5");
    }

    private static Histogram waits(long nanos) {
        var waits = new Histogram(3);
        waits.recordValue(nanos);
        return waits;
    }

    private Document written(Chart chart) throws Exception {
        Path file = folder.resolve("charts/chart.svg");
        chart.write(file);
        try (var in = Files.newInputStream(file)) {
            return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(in);
        }
    }

    /** Where a curve's points are drawn: across, down, across, down. */
    private static double[] points(Document svg, int curve) {
        String points = svg.getElementsByTagName("polyline")
                .item(curve)
                .getAttributes()
                .getNamedItem("points")
                .getNodeValue();
        return Stream.of(points.split("[ ,]")).mapToDouble(Double::parseDouble).toArray();
    }
}

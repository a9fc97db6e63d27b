package dev.natter.bench;

import dev.natter.bench.Figure.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** What was measured, run by run: as one table of medians, and as JSON with every run. Not thread-safe. */
final class Report {
    private static final List<String> HEADS = List.of("", "measured", "reference", "ratio", "target", "");

    private final Map<String, List<List<Figure>>> runs = new LinkedHashMap<>();
    private final Instant begun = Instant.now();

    /** One run of a scenario has ended. */
    void add(Scenario scenario, List<Figure> figures) {
        runs.computeIfAbsent(scenario.name(), _ -> new ArrayList<>()).add(figures);
    }

    /** The medians of a scenario's runs. */
    private static List<Figure> medians(List<List<Figure>> runs) {
        return IntStream.range(0, runs.getFirst().size())
                .mapToObj(at ->
                        Figure.median(runs.stream().map(run -> run.get(at)).toList()))
                .toList();
    }

    /** Whether every target is met. */
    boolean isGood() {
        return runs.values().stream().flatMap(each -> medians(each).stream()).allMatch(Figure::isMet);
    }

    /** Rewrites the file of all runs, so that a bench that is cut short leaves what it has. */
    void keep(Path file) throws IOException {
        List<Map<String, Object>> scenarios = new ArrayList<>();
        runs.forEach((name, figures) -> scenarios.add(Map.of(
                "scenario", name, "runs", figures.stream().map(Report::json).toList())));
        Map<String, Object> whole = new LinkedHashMap<>();
        whole.put("begun", begun.toString());
        whole.put("processors", Runtime.getRuntime().availableProcessors());
        whole.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        whole.put("java", System.getProperty("java.vm.version"));
        whole.put("scenarios", scenarios);
        Files.write(file, People.JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(whole));
    }

    private static List<Map<String, Object>> json(List<Figure> figures) {
        return figures.stream().map(Report::json).toList();
    }

    private static Map<String, Object> json(Figure figure) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("what", figure.what());
        json.put("value", figure.value());
        json.put("unit", figure.unit());
        if (figure.reference() != null) {
            json.put(
                    "reference",
                    Map.of(
                            "what",
                            figure.reference().what(),
                            "value",
                            figure.reference().value()));
            json.put("ratio", figure.judged());
        }
        if (figure.target() != null) {
            json.put("target", target(figure));
            json.put("met", figure.isMet());
        }
        return json;
    }

    /** The table, in Markdown, so that it can be read here and pasted there. */
    @Override
    public String toString() {
        List<List<String>> rows = new ArrayList<>(List.of(HEADS));
        runs.values().forEach(each -> medians(each).forEach(figure -> rows.add(row(figure))));
        int[] widths = IntStream.range(0, HEADS.size())
                .map(at -> rows.stream()
                        .mapToInt(row -> row.get(at).length())
                        .max()
                        .orElse(0))
                .toArray();
        var table = new StringBuilder();
        for (int number = 0; number < rows.size(); number++) {
            line(table, rows.get(number), widths);
            if (number == 0) {
                line(table, IntStream.of(widths).mapToObj("-"::repeat).toList(), widths);
            }
        }
        return table.toString();
    }

    private static void line(StringBuilder table, List<String> row, int[] widths) {
        for (int at = 0; at < widths.length; at++) {
            String cell = row.get(at);
            table.append("| ").append(cell).append(" ".repeat(widths[at] - cell.length() + 1));
        }
        table.append("|\n");
    }

    private static List<String> row(Figure figure) {
        Figure.Reference reference = figure.reference();
        return List.of(
                figure.what(),
                amount(figure.value(), figure.unit()),
                reference == null ? "" : amount(reference.value(), figure.unit()) + " " + reference.what(),
                reference == null ? "" : Figure.number(figure.judged()),
                target(figure),
                figure.target() == null ? "" : figure.isMet() ? "met" : "missed");
    }

    private static String amount(double value, String unit) {
        return Figure.number(value) + (unit.startsWith("/") ? unit : " " + unit);
    }

    private static String target(Figure figure) {
        String unit = figure.reference() == null ? " " + figure.unit() : " x";
        return switch (figure.target()) {
            case null -> "";
            case Target.AtLeast(double bound) -> "at least " + Figure.number(bound) + unit;
            case Target.AtMost(double bound) -> "at most " + Figure.number(bound) + unit;
        };
    }
}

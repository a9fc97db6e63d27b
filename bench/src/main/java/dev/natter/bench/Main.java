package dev.natter.bench;

import java.io.PrintStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.List;

/** What {@code ./natter bench} runs. */
public final class Main {
    private static final Logger LOG = System.getLogger(Main.class.getName());
    private static final PrintStream OUT = System.out;
    private static final List<Scenario> SCENARIOS = List.of(
            new Sends(),
            new Lone(),
            new Delivery(),
            new History(),
            new ChatLists(),
            new FanOut(),
            new Idle(),
            new Crowd(),
            new Growth(),
            new Start(),
            new Pieces());

    private Main() {}

    /**
     * Measures, and prints one table.
     *
     * @param args {@code [scenario...] [--runs N] [--seconds N] [--size N] [--folder FOLDER] [--url URL]}
     */
    public static void main(String[] args) {
        Path root = Path.of(System.getProperty("natter.root", "."));
        try {
            Order order = Order.parse(List.of(args), root);
            System.exit(measure(order, root) ? 0 : 1);
        } catch (Order.Misunderstood misunderstood) {
            System.err.println("natter: " + misunderstood.getMessage());
            System.exit(2);
        } catch (Exception failure) {
            LOG.log(Level.ERROR, "The bench can't go on", failure);
            System.exit(1);
        }
    }

    private static boolean measure(Order order, Path root) throws Exception {
        List<Scenario> wanted = order.scenarios().isEmpty()
                ? SCENARIOS
                : order.scenarios().stream().map(Main::named).toList();
        var report = new Report();
        for (int run = 1; run <= order.runs(); run++) {
            for (Scenario scenario : wanted) {
                OUT.printf("%s: %s (%d of %d)%n", scenario.name(), scenario.about(), run, order.runs());
                var ground = new Ground(
                        root, order.folder().resolve(scenario.name()), order.length(), order.size(), order.url());
                ground.clear();
                report.add(scenario, scenario.run(ground));
                report.keep(order.folder().resolve("figures.json"));
            }
        }
        OUT.println();
        OUT.println(report);
        OUT.println("Every run: " + order.folder().resolve("figures.json"));
        return report.isGood();
    }

    private static Scenario named(String name) {
        return SCENARIOS.stream()
                .filter(scenario -> scenario.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new Order.Misunderstood("there is no scenario \"" + name + "\"; there are "
                        + String.join(
                                ", ", SCENARIOS.stream().map(Scenario::name).toList())));
    }
}

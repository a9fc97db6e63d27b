package dev.natter.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds the alert rules against Prometheus's own tools, and against the runbooks. */
class AlertsTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern ALERT =
            Pattern.compile("- alert: (\\w+)\\s+expr: (.*?)\\n {8}\\w.*?runbook: \"([^\"]*)\"", Pattern.DOTALL);
    private static final List<String> STORED =
            List.of("auth-service", "chat-service", "message-service", "media-service");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "promtool check rules rules.yml",
                "promtool check config prometheus.yml",
                "promtool test rules rules.test.yml",
                "amtool check-config alertmanager.yml"
            })
    void prometheusToolsHaveNothingAgainstIt(String command) throws Exception {
        Process tool = new ProcessBuilder(command.split(" "))
                .directory(ROOT.resolve("deploy/prometheus").toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(tool.getInputStream().readAllBytes());

        assertThat(tool.waitFor()).as(said).isZero();
    }

    @Test
    void everyAlertLeadsToARunbookInTheReadmeOfEachServiceThatItMayBeAbout() throws IOException {
        Matcher alert = ALERT.matcher(Files.readString(ROOT.resolve("deploy/prometheus/rules.yml")));
        int alerts = 0;
        while (alert.find()) {
            alerts++;
            for (String service : concerned(alert.group(2))) {
                String[] runbook =
                        alert.group(3).replace("{{ $labels.job }}", service).split("#");
                assertThat(Files.readString(ROOT.resolve(runbook[0])).lines())
                        .as(alert.group(1))
                        .anyMatch(line -> line.startsWith("### ")
                                && line.substring(4).toLowerCase(Locale.ROOT).equals(runbook[1]));
            }
        }
        assertThat(alerts).isGreaterThan(10);
    }

    private static List<String> concerned(String expression) {
        if (expression.contains("natter:sends")) {
            return List.of("message-service");
        }
        if (expression.contains("natter_realtime")) {
            return List.of("realtime-gateway");
        }
        List<String> all = new java.util.ArrayList<>(STORED);
        if (!expression.matches("(?s).*natter_(outbox|replica|database).*")) {
            all.add("realtime-gateway");
        }
        return all;
    }
}

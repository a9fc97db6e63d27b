package dev.natter.platform.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.natter.platform.http.Json;
import dev.natter.platform.http.RequestId;
import dev.natter.platform.trace.Span;
import dev.natter.platform.trace.Tracer;
import io.helidon.config.Config;
import io.helidon.config.ConfigSources;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class LoggingTest {
    private final Logging.Line line = new Logging.Line();

    @Test
    void aLineNamesItsRequest() {
        LogRecord record = record(Level.WARNING, "something");

        assertThat(RequestId.during("r-1", () -> line.format(record)))
                .matches("\\S+Z WARN  r-1 a\\.logger: something\n");
        assertThat(line.format(record)).contains("WARN  - a.logger");
    }

    @Test
    void aLineBreakFromOutsideMakesNoLineOfItsOwn() {
        assertThat(line.format(record(Level.INFO, "GET /\r\n2026 ERROR forged")).lines())
                .hasSize(1);
    }

    @Test
    void aFailureComesWithItsTrace() {
        LogRecord record = record(Level.SEVERE, "broken");
        record.setThrown(new IllegalStateException("why"));

        assertThat(line.format(record)).contains("ERROR", "broken\n", "IllegalStateException: why", "LoggingTest");
    }

    @Test
    void inJsonALineIsAnObjectWithItsRequestAndItsTraceback() {
        LogRecord broken = record(Level.SEVERE, "broken\n{\"level\":\"INFO\"}");
        broken.setThrown(new IllegalStateException("why"));

        String written = RequestId.during("r-1", () -> new JsonLine().format(broken));

        assertThat(written).endsWith("}\n").hasLineCount(1);
        JsonNode object = Json.mapper().readTree(written);
        assertThat(object.get("level").asString()).isEqualTo("ERROR");
        assertThat(object.get("request_id").asString()).isEqualTo("r-1");
        assertThat(object.get("logger").asString()).isEqualTo("a.logger");
        assertThat(object.get("message").asString()).isEqualTo("broken\n{\"level\":\"INFO\"}");
        assertThat(object.get("stack_trace").asString()).contains("IllegalStateException: why", "LoggingTest");
        assertThat(object.has("trace_id")).isFalse();
    }

    @Test
    void inJsonALineOfATracedRequestNamesRequestAndTrace() {
        Config config = Config.just(ConfigSources.create(Map.of(
                // Nobody listens there: what is traced doesn't matter.
                "otel.exporter.otlp.endpoint", "http://127.0.0.1:9",
                "otel.bsp.schedule.delay", "3600000")));
        try (Tracer tracer = Tracer.from(config, "test")) {
            Span span = tracer.begin(Span.Kind.SERVER, "request", null);

            String written = RequestId.during(
                    "r-1", () -> span.during(() -> new JsonLine().format(record(Level.INFO, "something"))));

            JsonNode object = Json.mapper().readTree(written);
            assertThat(object.get("request_id").asString()).isEqualTo("r-1");
            assertThat(object.get("trace_id").asString())
                    .isEqualTo(span.traceId())
                    .matches("[0-9a-f]{32}");
        }
    }

    @Test
    void inJsonTheFieldsOfARecordAreFieldsOfTheLine() {
        record Access(String method, int status) {}
        LogRecord record = record(Level.INFO, "GET 200");
        record.setParameters(new Object[] {new Access("GET", 200)});

        JsonNode object = Json.mapper().readTree(new JsonLine().format(record));

        assertThat(object.get("message").asString()).isEqualTo("GET 200");
        assertThat(object.get("method").asString()).isEqualTo("GET");
        assertThat(object.get("status").asInt()).isEqualTo(200);
    }

    private static LogRecord record(Level level, String message) {
        LogRecord record = new LogRecord(level, message);
        record.setLoggerName("a.logger");
        return record;
    }
}

package dev.natter.platform.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.natter.platform.http.RequestId;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

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

    private static LogRecord record(Level level, String message) {
        LogRecord record = new LogRecord(level, message);
        record.setLoggerName("a.logger");
        return record;
    }
}

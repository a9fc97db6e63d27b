package dev.natter.platform.run;

import dev.natter.platform.http.RequestId;
import dev.natter.platform.http.Rfc3339;
import io.helidon.config.Config;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.BiConsumer;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * One line for one thing that happened: when, how bad, which request, who says so, what. Java's own logging, set up in
 * one place.
 */
public final class Logging {
    private static final BiConsumer<Throwable, PrintWriter> WRITE_TRACE = Throwable::printStackTrace;
    private static final String MANAGER = "java.util.logging.manager";

    /**
     * Helidon's loggers that print stack traces when a client hangs up, or a banner, are quiet; what they would say of
     * real failures is said by the edge. So are Hikari's that tell of a lost server once for each connection, with a
     * stack trace: {@code Database} tells it once.
     */
    private static final String PROPERTIES = """
            handlers = %s
            .level = INFO
            io.helidon.level = WARNING
            io.helidon.http.DirectHandler.level = OFF
            io.helidon.webserver.http.DirectHandlers.level = OFF
            io.helidon.webserver.http.ErrorHandlers.level = SEVERE
            io.helidon.webserver.http1.Http1Connection.level = SEVERE
            io.helidon.webserver.ConnectionHandler.level = SEVERE
            org.flywaydb.level = WARNING
            com.zaxxer.hikari.level = WARNING
            com.zaxxer.hikari.pool.PoolBase.level = SEVERE
            com.zaxxer.hikari.pool.ProxyConnection.level = SEVERE
            """.formatted(Lines.class.getName());

    private Logging() {}

    /** Sets logging up for a process; called before anything logs. A configuration file named to the JDK wins. */
    public static void configure() {
        if (System.getProperty("java.util.logging.config.file") != null) {
            return;
        }
        outlive();
        try {
            LogManager.getLogManager()
                    .updateConfiguration(
                            new ByteArrayInputStream(PROPERTIES.getBytes(StandardCharsets.UTF_8)),
                            key -> (before, now) -> now);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /**
     * Says how the lines of this process look from now on, by the key {@code log.format}: {@code text}, or {@code json}
     * for those who collect logs.
     *
     * @param config the settings
     * @throws IllegalArgumentException if it is neither
     */
    public static void format(Config config) {
        String wanted = config.get("log.format").asString().orElse("text");
        Formatter formatter = switch (wanted) {
            case "text" -> new Line();
            case "json" -> new JsonLine();
            default -> throw new IllegalArgumentException("log.format: '" + wanted + "' is neither text nor json");
        };
        for (Handler handler : Logger.getLogger("").getHandlers()) {
            if (handler instanceof Lines) {
                handler.setFormatter(formatter);
            }
        }
    }

    /**
     * Lets logging go on until the process has stopped. Works only before the process's first logger is made, so a main
     * class calls this before its own.
     */
    public static void outlive() {
        System.setProperty(MANAGER, System.getProperty(MANAGER, Logging.class.getName() + "$Lasting"));
    }

    /** Logs to the end: the JDK's own falls silent as soon as the process is told to stop. */
    public static final class Lasting extends LogManager {
        /** Made by the JDK, by its name in a system property. */
        public Lasting() {}

        @Override
        public void reset() {
            // What a node says while it stops matters most.
        }
    }

    /** Five characters, so that what comes after it in a line of text is in one column. */
    static String level(Level level) {
        return switch (level.getName()) {
            case "SEVERE" -> "ERROR";
            case "WARNING" -> "WARN ";
            case "INFO", "CONFIG" -> "INFO ";
            default -> "DEBUG";
        };
    }

    static String trace(Throwable thrown) {
        StringWriter trace = new StringWriter();
        WRITE_TRACE.accept(thrown, new PrintWriter(trace));
        return trace.toString();
    }

    /** Formats a line. */
    public static final class Line extends Formatter {
        /** Made by the JDK, by its name in the configuration. */
        public Line() {}

        @Override
        public String format(LogRecord record) {
            String request = RequestId.current();
            StringBuilder line = new StringBuilder(160)
                    .append(Rfc3339.text(record.getInstant()))
                    .append(' ')
                    .append(level(record.getLevel()))
                    .append(' ')
                    .append(request == null ? "-" : request)
                    .append(' ')
                    .append(record.getLoggerName())
                    .append(": ")
                    .append(oneLine(formatMessage(record)))
                    .append('\n');
            if (record.getThrown() != null) {
                line.append(trace(record.getThrown()));
            }
            return line.toString();
        }

        /** A line break in what a client sent must not look like a line of ours. */
        private static String oneLine(String message) {
            return message.indexOf('\n') < 0 && message.indexOf('\r') < 0
                    ? message
                    : message.replace("\r", "\\r").replace("\n", "\\n");
        }
    }
}

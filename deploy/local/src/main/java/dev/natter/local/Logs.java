package dev.natter.local;

import dev.natter.platform.run.Lines;
import dev.natter.platform.run.Logging;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Where words go. Everything is in files under {@code logs}; the console shows what the launcher and its processes do,
 * and the warnings of services.
 */
final class Logs {
    private static final long LARGE = 10_000_000;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneId.systemDefault());

    private Logs() {}

    /** The log of a process. */
    static Path file(Path home, String process) {
        return file(home.resolve("logs").resolve(process + ".log"));
    }

    /** A log that is about to be written to; if it has grown large it begins anew and the old one is kept. */
    static Path file(Path log) {
        try {
            Files.createDirectories(log.getParent());
            if (Files.exists(log) && Files.size(log) > LARGE) {
                Files.move(log, log.resolveSibling(log.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
            }
            return log;
        } catch (IOException failure) {
            throw new StartFailure("Can't write " + log + ": " + failure.getMessage(), failure);
        }
    }

    /** Sends this process's log records on their ways. */
    static void configure(Path home, String process, boolean verbose) {
        Logging.configure();
        Logger root = Logger.getLogger("");
        for (Handler handler : root.getHandlers()) {
            root.removeHandler(handler);
        }
        Handler console = new ConsoleHandler();
        console.setFormatter(verbose ? new Logging.Line() : new Brief());
        console.setFilter(record -> verbose || forHumans(record));
        root.addHandler(console);
        Path log = file(home, process);
        try {
            root.addHandler(
                    new Lines(Files.newOutputStream(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND)));
        } catch (IOException failure) {
            throw new StartFailure("Can't write " + log + ": " + failure.getMessage(), failure);
        }
    }

    private static boolean forHumans(LogRecord record) {
        String source = String.valueOf(record.getLoggerName());
        return record.getLevel().intValue() >= Level.WARNING.intValue()
                || source.startsWith("dev.natter.local")
                || source.startsWith("dev.natter.servers");
    }

    /** One line for a human at a terminal; what went wrong in detail is in the file. */
    private static final class Brief extends Formatter {
        @Override
        public String format(LogRecord record) {
            Throwable thrown = record.getThrown();
            return TIME.format(Instant.ofEpochMilli(record.getMillis())) + "  " + formatMessage(record)
                    + (thrown == null ? "" : " (" + thrown + ")") + System.lineSeparator();
        }
    }
}

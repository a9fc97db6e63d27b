package dev.natter.platform.run;

import dev.natter.platform.http.Listener;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.logging.ErrorManager;
import java.util.logging.Handler;
import java.util.logging.LogRecord;

/**
 * Writes log lines to a stream. A line of the access log waits a moment for others, since a system call for each would
 * cost more than making it; whatever else is said is written at once, after what waits. A process that is killed loses
 * the access log's last moment. Thread-safe.
 */
public final class Lines extends Handler {
    private static final Duration MOMENT = Duration.ofMillis(50);
    private static final int ENOUGH = 1 << 16;

    private final OutputStream out;
    private final StringBuilder waiting = new StringBuilder();

    /** Writes to standard error; made by the JDK, by its name in the configuration. */
    public Lines() {
        this(System.err);
    }

    /**
     * Writes to a stream.
     *
     * @param out the stream; never closed
     */
    public Lines(OutputStream out) {
        this.out = out;
        setFormatter(new Logging.Line());
        Thread.ofPlatform().daemon().name("log").start(this::run);
    }

    @Override
    public void publish(LogRecord record) {
        if (!isLoggable(record)) {
            return;
        }
        // Here and not by the writer: only this thread knows its request.
        String line = getFormatter().format(record);
        synchronized (this) {
            if (waiting.isEmpty()) {
                notifyAll();
            }
            waiting.append(line);
            if (waiting.length() >= ENOUGH || !Listener.ACCESS_LOG.equals(record.getLoggerName())) {
                flush();
            }
        }
    }

    private synchronized void run() {
        try {
            while (true) {
                while (waiting.isEmpty()) {
                    wait();
                }
                wait(MOMENT.toMillis());
                flush();
            }
        } catch (InterruptedException ended) {
            flush();
        }
    }

    @Override
    public synchronized void flush() {
        try {
            out.write(waiting.toString().getBytes(StandardCharsets.UTF_8));
            out.flush();
        } catch (IOException full) {
            reportError(null, full, ErrorManager.WRITE_FAILURE);
        }
        waiting.setLength(0);
    }

    @Override
    public void close() {
        flush();
    }
}

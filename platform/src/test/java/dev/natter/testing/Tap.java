package dev.natter.testing;

import dev.natter.platform.bus.Envelope;
import dev.natter.platform.bus.Outgoing;
import io.nats.client.Connection;
import io.nats.client.ErrorListener;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/**
 * Hears everything that is published on a NATS server and holds it against the contract; closing it fails if anything
 * wasn't what it should be. The server may be stopped and started meanwhile.
 */
public final class Tap implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int ENOUGH = 5;

    private final List<String> violations = new CopyOnWriteArrayList<>();
    private final List<String> excused = new CopyOnWriteArrayList<>();
    private final Connection connection;

    private Tap(String url) {
        try {
            connection = Nats.connect(Options.builder()
                    .server(url)
                    .connectionName("tap")
                    .maxReconnects(-1)
                    .reconnectWait(Duration.ofMillis(100))
                    .errorListener(new ErrorListener() {})
                    .build());
            var dispatcher = connection.createDispatcher(this::hear);
            dispatcher.setPendingLimits(-1, -1);
            dispatcher.subscribe("natter.>");
            connection.flush(PATIENCE);
        } catch (IOException | TimeoutException failure) {
            throw new UncheckedIOException(new IOException(failure));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /**
     * Taps a server.
     *
     * @param natsUrl where it is, credentials included
     * @return the tap
     */
    public static Tap on(String natsUrl) {
        return new Tap(natsUrl);
    }

    /**
     * Says that the test is about to publish on purpose what no service would.
     *
     * @param subjects where: how the subjects begin
     */
    public void excuse(String subjects) {
        excused.add(subjects);
    }

    /**
     * Looks whether everything so far was what it should be.
     *
     * @throws AssertionError if an event wasn't what the contract says
     */
    public void demandValid() {
        if (!violations.isEmpty()) {
            throw new AssertionError("Published in this test: " + String.join("\n", violations));
        }
    }

    private void hear(Message message) {
        if (violations.size() < ENOUGH && excused.stream().noneMatch(message.getSubject()::startsWith)) {
            try {
                Protocol.natter().event(message.getSubject(), message.getData());
                if (message.getSubject().startsWith("natter.kept.")) {
                    open(message);
                }
            } catch (AssertionError violation) {
                violations.add(violation.getMessage());
            }
        }
    }

    private static void open(Message envelope) {
        List<String> heads = envelope.getHeaders().get("Natter-Event");
        for (Outgoing event : Envelope.parse(heads, envelope.getData()).events()) {
            if (!Envelope.kept(event.subject()).equals(envelope.getSubject())) {
                throw new AssertionError(event.subject() + " in an envelope on " + envelope.getSubject());
            }
            Protocol.natter().event(event.subject(), event.payload());
        }
    }

    /**
     * Waits for what is on its way and stops.
     *
     * @throws AssertionError if an event wasn't what the contract says
     */
    @Override
    public void close() {
        try {
            if (connection.getStatus() == Connection.Status.CONNECTED) {
                connection.drain(PATIENCE).get();
            }
            connection.close();
        } catch (TimeoutException | ExecutionException cutOff) {
            violations.add("The tap could not be drained: " + cutOff);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        demandValid();
    }
}

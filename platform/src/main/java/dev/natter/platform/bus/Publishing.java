package dev.natter.platform.bus;

import dev.natter.platform.trace.Span;
import dev.natter.platform.trace.Tracer;
import io.nats.client.Connection;
import io.nats.client.Connection.Status;
import io.nats.client.Message;
import io.nats.client.api.ServerInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sends to JetStream, as many at a time as may be on their way together. JetStream acknowledges to a subject that is
 * named with what is sent; all of these lie under one that is subscribed to once, and end in the flight's place.
 *
 * <p>What is on its way when a connection breaks may be lost, and nothing that comes later may overtake it. So the
 * first to notice, be it the next publication on the new connection, fails all of it at once. Thread-safe.
 */
final class Publishing implements AutoCloseable {
    private static final int MAX_IN_FLIGHT = 4096;
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);
    private static final Pattern SEQ = Pattern.compile("\"seq\":\\s*([0-9]{1,18})");

    /** What isn't acknowledged yet. */
    private record Flight(long began, List<Span> spans, CompletableFuture<Long> acknowledged) {
        void land(long seq) {
            spans.forEach(Span::end);
            acknowledged.complete(seq);
        }

        void fail(Exception why) {
            spans.forEach(span -> {
                span.failed(why.toString());
                span.end();
            });
            acknowledged.completeExceptionally(why);
        }
    }

    private final Connection connection;
    private final BusMeters meters;
    private final Tracer tracer;
    private final Semaphore inFlight = new Semaphore(MAX_IN_FLIGHT);
    private final Map<Long, Flight> flights = new ConcurrentHashMap<>();
    private final AtomicLong places = new AtomicLong();
    private final String acknowledgements;
    private final Thread lookout;
    private volatile ServerInfo flownOn;
    private volatile boolean closed;

    /** Subscribes to the acknowledgements. */
    Publishing(Connection connection, BusMeters meters, Tracer tracer) {
        this.connection = connection;
        this.meters = meters;
        this.tracer = tracer;
        this.acknowledgements = connection.createInbox() + ".";
        this.flownOn = connection.getServerInfo();
        connection.createDispatcher(this::acknowledge).subscribe(acknowledgements + "*");
        this.lookout = Thread.ofVirtual().name("bus-acknowledgements").start(this::lookOut);
    }

    /** Has events heard at once by whoever listens, and kept by their stream. */
    CompletableFuture<Long> publish(Envelope envelope) {
        List<Span> spans = envelope.events().stream().map(this::begin).toList();
        List<Cause> causes = new ArrayList<>(spans.size());
        for (int i = 0; i < spans.size(); i++) {
            causes.add(envelope.events().get(i).cause().at(spans.get(i)));
        }
        return fly(spans, place -> {
            // In this order: NATS has passed them on when it has acknowledged the envelope.
            for (int i = 0; i < causes.size(); i++) {
                connection.publish(Wire.message(envelope.events().get(i), causes.get(i), null));
            }
            connection.publish(envelope.message(causes, acknowledgements + place));
        });
    }

    /** Has an event kept by the stream of its own subject. */
    CompletableFuture<Long> keep(Outgoing event) {
        return fly(
                List.of(), place -> connection.publish(Wire.message(event, event.cause(), acknowledgements + place)));
    }

    private CompletableFuture<Long> fly(List<Span> spans, LongConsumer send) {
        var flight = new Flight(System.nanoTime(), spans, new CompletableFuture<>());
        IOException obstacle = obstacle();
        if (obstacle != null) {
            flight.fail(obstacle);
            return flight.acknowledged;
        }
        long place = places.getAndIncrement();
        flights.put(place, flight);
        try {
            send.accept(place);
        } catch (RuntimeException refused) {
            fail(place, refused);
        }
        return flight.acknowledged;
    }

    /** Why nothing can be sent now; null if something can, which then takes part of what may be on its way. */
    private IOException obstacle() {
        if (connection.getStatus() != Status.CONNECTED) {
            return new IOException("Not connected to NATS");
        }
        if (isAnother(connection.getServerInfo()) && failAll()) {
            // This one too, or it would overtake the others.
            return lost();
        }
        return inFlight.tryAcquire() ? null : new IOException("Too much is on its way to JetStream");
    }

    private Span begin(Outgoing event) {
        String parent = event.cause().traceparent();
        return parent == null
                ? Span.none()
                : tracer.follow(Span.Kind.PRODUCER, "publish " + Wire.kind(event.subject()), parent)
                        .tag("messaging.system", "nats")
                        .tag("messaging.destination.name", event.subject())
                        .tag("messaging.message.id", event.id());
    }

    private void acknowledge(Message answer) {
        long place = Long.parseLong(
                answer.getSubject(),
                acknowledgements.length(),
                answer.getSubject().length(),
                10);
        String text = answer.getData() == null ? "" : new String(answer.getData(), StandardCharsets.UTF_8);
        Matcher seq = SEQ.matcher(text);
        if (text.contains("\"error\"") || !seq.find()) {
            // No such stream, no JetStream, or one that can't take it now.
            fail(place, new IOException("JetStream says " + (text.isEmpty() ? answer.getStatus() : text)));
            return;
        }
        Flight flight = land(place);
        if (flight != null) {
            meters.published(System.nanoTime() - flight.began, true);
            flight.land(Long.parseLong(seq.group(1)));
        }
    }

    private void fail(long place, Exception why) {
        Flight flight = land(place);
        if (flight != null) {
            meters.published(System.nanoTime() - flight.began, false);
            flight.fail(why);
        }
    }

    private Flight land(long place) {
        Flight flight = flights.remove(place);
        if (flight != null) {
            inFlight.release();
        }
        return flight;
    }

    private boolean isAnother(ServerInfo info) {
        ServerInfo known = flownOn;
        return info != known
                && (info.getClientId() != known.getClientId()
                        || !info.getServerId().equals(known.getServerId()));
    }

    /**
     * Fails what is on its way; what is published from now on goes by the connection that there is now.
     *
     * @return whether anything was
     */
    private synchronized boolean failAll() {
        ServerInfo now = connection.getServerInfo();
        if (connection.getStatus() == Status.CONNECTED && !isAnother(now)) {
            return false;
        }
        boolean any = !flights.isEmpty();
        flights.keySet().forEach(place -> fail(place, lost()));
        flownOn = now;
        return any;
    }

    private static IOException lost() {
        return new IOException("The connection to NATS was lost");
    }

    private void lookOut() {
        while (!closed) {
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
            failAll();
            long latest = System.nanoTime() - Bus.ACK_TIMEOUT.toNanos();
            flights.forEach((place, flight) -> {
                if (flight.began - latest < 0) {
                    fail(place, new TimeoutException("JetStream hasn't acknowledged within " + Bus.ACK_TIMEOUT));
                }
            });
        }
    }

    /** What is on its way fails. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(lookout);
        var end = new IOException("The connection to NATS was closed");
        flights.keySet().forEach(place -> fail(place, end));
    }
}

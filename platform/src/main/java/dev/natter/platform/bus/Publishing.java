package dev.natter.platform.bus;

import dev.natter.platform.trace.Span;
import dev.natter.platform.trace.Tracer;
import io.nats.client.Connection;
import io.nats.client.Connection.Status;
import io.nats.client.Message;
import io.nats.client.api.ServerInfo;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sends events to JetStream, as many at a time as may be on their way together. JetStream acknowledges to a subject
 * that the event names; all of these lie under one that is subscribed to once, and end in the event's place.
 *
 * <p>What is on its way when a connection breaks may be lost, and nothing that comes later may overtake it. So the
 * first to notice, be it the next publication on the new connection, fails all of it at once. Thread-safe.
 */
final class Publishing implements AutoCloseable {
    private static final int MAX_IN_FLIGHT = 4096;
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);
    private static final Pattern SEQ = Pattern.compile("\"seq\":\\s*([0-9]{1,18})");

    /** An event that isn't acknowledged yet. */
    private record Flight(long began, Span span, CompletableFuture<Long> acknowledged) {}

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

    CompletableFuture<Long> publish(Outgoing event) {
        if (connection.getStatus() != Status.CONNECTED) {
            return CompletableFuture.failedFuture(new IOException("Not connected to NATS"));
        }
        if (isAnother(connection.getServerInfo()) && failAll()) {
            // This event too, or it would overtake the others.
            return CompletableFuture.failedFuture(lost());
        }
        if (!inFlight.tryAcquire()) {
            return CompletableFuture.failedFuture(new IOException("Too much is on its way to JetStream"));
        }
        long place = places.getAndIncrement();
        var flight = new Flight(System.nanoTime(), begin(event), new CompletableFuture<>());
        flights.put(place, flight);
        try {
            connection.publish(message(event, flight.span.traceparent(), acknowledgements + place));
        } catch (RuntimeException refused) {
            fail(place, refused);
        }
        return flight.acknowledged;
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

    private static NatsMessage message(Outgoing event, String traceparent, String replyTo) {
        Headers headers = new Headers();
        headers.put(Wire.ID, event.id());
        headers.put(Wire.SEQ, Long.toString(event.seq()));
        if (event.cause().requestId() != null) {
            headers.put(Wire.REQUEST_ID, event.cause().requestId());
        }
        if (traceparent != null) {
            headers.put(Wire.TRACEPARENT, traceparent);
        }
        return NatsMessage.builder()
                .subject(event.subject())
                .replyTo(replyTo)
                .headers(headers)
                .data(event.payload())
                .build();
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
            flight.span.end();
            flight.acknowledged.complete(Long.parseLong(seq.group(1)));
        }
    }

    private void fail(long place, Exception why) {
        Flight flight = land(place);
        if (flight != null) {
            meters.published(System.nanoTime() - flight.began, false);
            flight.span.failed(why.toString());
            flight.span.end();
            flight.acknowledged.completeExceptionally(why);
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

package dev.natter.platform.bus;

import io.nats.client.JetStream;
import io.nats.client.api.PublishAck;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Sends events to JetStream, as many at a time as may be on their way together. Thread-safe. */
final class Publishing {
    private static final int MAX_IN_FLIGHT = 4096;

    private final Semaphore inFlight = new Semaphore(MAX_IN_FLIGHT);
    private final BusMeters meters;

    Publishing(BusMeters meters) {
        this.meters = meters;
    }

    CompletableFuture<Long> publish(JetStream jetStream, Outgoing event) {
        if (!inFlight.tryAcquire()) {
            return CompletableFuture.failedFuture(new IOException("Too much is on its way to JetStream"));
        }
        long began = System.nanoTime();
        CompletableFuture<PublishAck> ack;
        try {
            ack = jetStream.publishAsync(message(event));
        } catch (RuntimeException refused) {
            inFlight.release();
            return CompletableFuture.failedFuture(refused);
        }
        return ack.orTimeout(Bus.ACK_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((_, failure) -> {
                    inFlight.release();
                    meters.published(System.nanoTime() - began, failure == null);
                })
                .thenApply(PublishAck::getSeqno);
    }

    private static NatsMessage message(Outgoing event) {
        Headers headers = new Headers();
        headers.put(Wire.ID, event.id());
        headers.put(Wire.SEQ, Long.toString(event.seq()));
        if (event.requestId() != null) {
            headers.put(Wire.REQUEST_ID, event.requestId());
        }
        return NatsMessage.builder()
                .subject(event.subject())
                .headers(headers)
                .data(event.payload())
                .build();
    }
}

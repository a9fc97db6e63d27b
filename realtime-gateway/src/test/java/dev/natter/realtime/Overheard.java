package dev.natter.realtime;

import dev.natter.contracts.PresenceEvent;
import dev.natter.platform.http.Json;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/** What gateways tell each other on a subject. */
final class Overheard implements AutoCloseable {
    private final List<PresenceEvent> events = new CopyOnWriteArrayList<>();
    private final Connection nats;
    private final Dispatcher dispatcher;

    Overheard(Connection nats, String subject) {
        this.nats = nats;
        this.dispatcher =
                nats.createDispatcher(message -> events.add(Json.parse(message.getData(), PresenceEvent.class)));
        dispatcher.subscribe(subject);
        try {
            nats.flush(java.time.Duration.ofSeconds(5));
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    List<PresenceEvent> events() {
        return List.copyOf(events);
    }

    PresenceEvent await(Predicate<PresenceEvent> wanted) {
        Awaitility.await().until(() -> events.stream().anyMatch(wanted));
        return events.stream().filter(wanted).findFirst().orElseThrow();
    }

    @Override
    public void close() {
        nats.closeDispatcher(dispatcher);
    }
}

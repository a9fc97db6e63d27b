package dev.natter.platform.bus;

import io.nats.client.Message;
import java.util.List;

/**
 * A message of a stream, opened.
 *
 * @param message what is to be acknowledged
 * @param deliveries its events, at least one
 */
record Parcel(Message message, List<Delivery> deliveries) {
    static Parcel of(Message message) {
        return new Parcel(message, Envelope.open(message));
    }

    int events() {
        return deliveries.size();
    }
}

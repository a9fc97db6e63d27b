package dev.natter.platform.bus;

import io.nats.client.Message;
import io.nats.client.impl.Headers;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.function.Consumer;

/** How an event looks as a NATS message. */
final class Wire {
    static final String ID = "Nats-Msg-Id";
    static final String SEQ = "Natter-Seq";
    static final String REQUEST_ID = "X-Request-Id";

    private static final Logger LOG = System.getLogger(Wire.class.getName());

    private Wire() {}

    /** Reads a message; one that isn't ours has no id and seq 0. */
    static Delivery read(Message message) {
        return new Delivery(
                message.getSubject(),
                header(message, ID),
                seq(message),
                message.getData(),
                header(message, REQUEST_ID));
    }

    /** Hands a message over; whatever the consumer throws must not end the dispatcher's thread. */
    static void deliver(Message message, Consumer<Delivery> consumer) {
        try {
            consumer.accept(read(message));
        } catch (RuntimeException failure) {
            LOG.log(Level.ERROR, "A delivery of " + message.getSubject() + " failed", failure);
        }
    }

    private static String header(Message message, String name) {
        Headers headers = message.getHeaders();
        return headers == null ? null : headers.getFirst(name);
    }

    private static long seq(Message message) {
        String seq = header(message, SEQ);
        try {
            return seq == null ? 0 : Long.parseLong(seq);
        } catch (NumberFormatException notOurs) {
            return 0;
        }
    }
}

package dev.natter.platform.bus;

import io.helidon.metrics.api.Counter;
import io.helidon.metrics.api.Metrics;
import io.helidon.metrics.api.Tag;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.ExecutionException;

/** Where events go that a replica can't take, to be looked at by a human: a stream of their own. */
final class DeadLetters {
    private static final Logger LOG = System.getLogger(DeadLetters.class.getName());
    private static final String STREAM = "natter-dead";
    private static final String SUBJECTS = "natter.dead.>";

    private final Bus bus;
    private final String durable;
    private final Counter buried;

    DeadLetters(Bus bus, String durable) {
        this.bus = bus;
        this.durable = durable;
        // Told before there is any: what appears as a 1 looks to nobody like a rise.
        this.buried = Metrics.globalRegistry()
                .getOrCreate(Counter.builder("natter.replica.dead")
                        .description("Events that the replica gave up on")
                        .tags(List.of(Tag.create("replica", durable))));
    }

    /** Keeps an event; whether it could. */
    boolean bury(Delivery delivery, Exception failure) {
        String id = durable + "/" + delivery.subject() + "/" + delivery.id();
        try {
            bus.state(STREAM, SUBJECTS);
            bus.keep(new Outgoing("natter.dead." + durable, id, delivery.seq(), delivery.payload(), delivery.cause()))
                    .get();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | IOException notNow) {
            LOG.log(Level.WARNING, "A dead letter of {0} can''t be kept now: {1}", durable, notNow.getMessage());
            return false;
        }
        buried.increment();
        LOG.log(Level.ERROR, durable + " gave up on " + delivery.subject() + " " + delivery.id(), failure);
        return true;
    }
}

package dev.natter.platform.bus;

import dev.natter.platform.bus.Replica.BatchHandler;
import dev.natter.platform.db.Failure;
import dev.natter.platform.http.Refused;
import dev.natter.platform.trace.Span;
import dev.natter.platform.trace.Tracer;
import io.nats.client.Message;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;

/** Has a replica's events applied, and decides what becomes of those that can't be. Used by one thread. */
final class Intake {
    private static final Logger LOG = System.getLogger(Intake.class.getName());

    /** How long to wait before the second try, the third, and so on; after the last, the event is dead. */
    private static final List<Duration> PATIENCE =
            List.of(Duration.ofMillis(100), Duration.ofMillis(500), Duration.ofSeconds(2), Duration.ofSeconds(5));

    private final String durable;
    private final BatchHandler handler;
    private final Tracer tracer;
    private final DeadLetters dead;
    private final BiConsumer<BackOff, String> pause;
    private final BooleanSupplier closed;
    private final boolean together;

    Intake(
            String durable,
            BatchHandler handler,
            Tracer tracer,
            DeadLetters dead,
            BiConsumer<BackOff, String> pause,
            BooleanSupplier closed,
            boolean together) {
        this.durable = durable;
        this.handler = handler;
        this.tracer = tracer;
        this.dead = dead;
        this.pause = pause;
        this.closed = closed;
        this.together = together;
    }

    /**
     * Takes what came at once as one, or event by event if it can't be taken so: most of what a poison event is among
     * is sound.
     */
    void take(List<Parcel> parcels) throws InterruptedException {
        List<Delivery> all =
                parcels.stream().flatMap(parcel -> parcel.deliveries().stream()).toList();
        if (together && all.size() > 1 && isApplied(all)) {
            parcels.forEach(parcel -> parcel.message().ack());
            return;
        }
        for (Parcel parcel : parcels) {
            take(parcel);
        }
    }

    /** Has events applied, each as a step of its own trace; questions that a lone one leads to belong to it too. */
    private void apply(List<Delivery> deliveries) throws Exception {
        List<Span> steps = deliveries.stream().map(this::step).toList();
        try {
            (steps.size() == 1 ? steps.getFirst() : Span.none()).during(() -> {
                handler.apply(deliveries);
                return null;
            });
        } catch (Exception failure) {
            steps.forEach(step -> step.failed(failure.toString()));
            throw failure;
        } finally {
            steps.forEach(Span::end);
        }
    }

    private Span step(Delivery delivery) {
        return tracer.follow(
                Span.Kind.CONSUMER, "apply " + durable, delivery.cause().traceparent());
    }

    private boolean isApplied(List<Delivery> deliveries) throws InterruptedException {
        try {
            apply(deliveries);
            return true;
        } catch (InterruptedException closing) {
            throw closing;
        } catch (Exception failure) {
            LOG.log(Level.DEBUG, () -> durable + " takes " + deliveries.size() + " events one by one: " + failure);
            return false;
        }
    }

    private void take(Parcel parcel) throws InterruptedException {
        Map<Delivery, Exception> refused = new IdentityHashMap<>();
        for (Delivery delivery : parcel.deliveries()) {
            if (closed.getAsBoolean()) {
                return;
            }
            Exception failure = tried(parcel.message(), delivery);
            if (failure != null) {
                refused.put(delivery, failure);
            }
        }
        if (refused.isEmpty()) {
            parcel.message().ack();
        } else if (!closed.getAsBoolean()) {
            refuse(parcel.message(), refused);
        }
    }

    /** Waits for as long as it isn't the event's fault; what is wrong with the event, or null if it is applied. */
    private Exception tried(Message message, Delivery delivery) throws InterruptedException {
        BackOff notNow = new BackOff("Replica " + durable + " waits for what it needs");
        while (true) {
            try {
                apply(List.of(delivery));
                return null;
            } catch (InterruptedException closing) {
                throw closing;
            } catch (Exception failure) {
                if (!isPassing(failure) || closed.getAsBoolean()) {
                    return failure;
                }
                message.inProgress();
                pause.accept(notNow, String.valueOf(failure.getMessage()));
            }
        }
    }

    /** Has all of a message come again, until at last those of its events are buried that still can't be applied. */
    private void refuse(Message message, Map<Delivery, Exception> refused) {
        int tries = (int) message.metaData().deliveredCount();
        if (tries <= PATIENCE.size()) {
            LOG.log(Level.DEBUG, () -> durable + " can't take " + refused.size() + " events yet: " + refused.values());
            message.nakWithDelay(PATIENCE.get(tries - 1));
        } else if (refused.entrySet().stream().allMatch(each -> dead.bury(each.getKey(), each.getValue()))) {
            message.term();
        } else {
            message.nakWithDelay(PATIENCE.getLast());
        }
    }

    private static boolean isPassing(Exception failure) {
        return failure instanceof Refused refused
                ? refused.problem().status() == 503
                : Failure.of(failure) != Failure.BUG;
    }
}

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
import java.util.List;
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

    Intake(
            String durable,
            BatchHandler handler,
            Tracer tracer,
            DeadLetters dead,
            BiConsumer<BackOff, String> pause,
            BooleanSupplier closed) {
        this.durable = durable;
        this.handler = handler;
        this.tracer = tracer;
        this.dead = dead;
        this.pause = pause;
        this.closed = closed;
    }

    /** Takes a batch as one, or one by one if it can't be taken so: most of what a poison event is among is sound. */
    void take(List<Message> batch) throws InterruptedException {
        if (batch.size() > 1 && isApplied(batch)) {
            batch.forEach(Message::ack);
            return;
        }
        for (Message message : batch) {
            take(message);
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

    private boolean isApplied(List<Message> batch) throws InterruptedException {
        try {
            apply(batch.stream().map(Wire::read).toList());
            return true;
        } catch (InterruptedException closing) {
            throw closing;
        } catch (Exception failure) {
            LOG.log(Level.DEBUG, () -> durable + " takes " + batch.size() + " events one by one: " + failure);
            return false;
        }
    }

    private void take(Message message) throws InterruptedException {
        Delivery delivery = Wire.read(message);
        BackOff notNow = new BackOff("Replica " + durable + " waits for what it needs");
        while (!closed.getAsBoolean()) {
            try {
                apply(List.of(delivery));
                message.ack();
                return;
            } catch (InterruptedException closing) {
                throw closing;
            } catch (Exception failure) {
                if (!isPassing(failure)) {
                    refuse(message, delivery, failure);
                    return;
                }
                message.inProgress();
                pause.accept(notNow, String.valueOf(failure.getMessage()));
            }
        }
    }

    private void refuse(Message message, Delivery delivery, Exception failure) {
        int tries = (int) message.metaData().deliveredCount();
        if (tries <= PATIENCE.size()) {
            LOG.log(Level.DEBUG, () -> durable + " can't take " + delivery.id() + " yet: " + failure);
            message.nakWithDelay(PATIENCE.get(tries - 1));
        } else if (dead.bury(delivery, failure)) {
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

package dev.natter.faults;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What may happen to the news on its way from NATS: it understands just enough of NATS's client protocol to do
 * something to plain deliveries of events. What JetStream delivers to consumers goes through as it is: it has its own
 * acknowledgements. Thread-safe; a {@link Way} belongs to one connection.
 */
final class Mischief {
    private static final int HELD = 5;

    /** What happens. */
    enum Mode {
        NONE,
        /** Every other message comes again, a little later. */
        TWICE,
        /** Messages come in another order. */
        SHUFFLED,
        /** Every fourth change of a timeline never comes; what else is lost would leave no hole to notice it by. */
        LOST
    }

    /** Where what comes out goes. */
    interface Sink {
        void accept(byte[] operation) throws IOException, InterruptedException;
    }

    private final SplittableRandom random;
    private final AtomicLong done = new AtomicLong();
    private volatile Mode mode = Mode.NONE;

    Mischief(SplittableRandom random) {
        this.random = random;
    }

    void set(Mode wanted) {
        mode = wanted;
    }

    /** How many messages it was done to. */
    long done() {
        return done.get();
    }

    synchronized Way onConnection() {
        return new Way(random.split());
    }

    /** The way of one connection. */
    final class Way {
        private final SplittableRandom dice;
        private final List<byte[]> held = new ArrayList<>();

        private Way(SplittableRandom dice) {
            this.dice = dice;
        }

        /** Carries until the connection ends. */
        void carry(InputStream in, Sink out) throws IOException, InterruptedException {
            InputStream buffered = new BufferedInputStream(in, 1 << 14);
            for (byte[] operation = read(buffered); operation != null; operation = read(buffered)) {
                take(operation, out);
            }
        }

        private void take(byte[] operation, Sink out) throws IOException, InterruptedException {
            Mode now = isNews(operation) ? mode : Mode.NONE;
            switch (now) {
                case NONE -> {
                    release(out);
                    out.accept(operation);
                }
                case TWICE -> {
                    out.accept(operation);
                    if (dice.nextBoolean()) {
                        hold(operation, out);
                    }
                }
                case SHUFFLED -> hold(operation, out);
                case LOST -> {
                    release(out);
                    if (dice.nextInt(4) == 0 && line(operation).contains("MSG natter.message.")) {
                        done.incrementAndGet();
                    } else {
                        out.accept(operation);
                    }
                }
            }
        }

        private void hold(byte[] operation, Sink out) throws IOException, InterruptedException {
            done.incrementAndGet();
            held.add(operation);
            if (held.size() >= HELD) {
                release(out);
            }
        }

        private void release(Sink out) throws IOException, InterruptedException {
            while (!held.isEmpty()) {
                out.accept(held.remove(dice.nextInt(held.size())));
            }
        }
    }

    private static boolean isNews(byte[] operation) {
        String line = line(operation);
        return (line.startsWith("MSG natter.") || line.startsWith("HMSG natter.")) && !line.contains(" $JS.ACK.");
    }

    /** One operation with its payload, or null at the end. */
    private static byte[] read(InputStream in) throws IOException {
        ByteArrayOutputStream operation = new ByteArrayOutputStream(256);
        int next;
        while ((next = in.read()) != '\n') {
            if (next < 0) {
                return null;
            }
            operation.write(next);
        }
        operation.write('\n');
        String line = line(operation.toByteArray());
        if (line.startsWith("MSG ") || line.startsWith("HMSG ")) {
            int length = Integer.parseInt(line.substring(line.lastIndexOf(' ') + 1)) + 2;
            byte[] payload = in.readNBytes(length);
            if (payload.length < length) {
                throw new EOFException("in the midst of a message");
            }
            operation.writeBytes(payload);
        }
        return operation.toByteArray();
    }

    private static String line(byte[] operation) {
        int end = 0;
        while (operation[end] != '\r' && operation[end] != '\n') {
            end++;
        }
        return new String(operation, 0, end, StandardCharsets.US_ASCII);
    }
}

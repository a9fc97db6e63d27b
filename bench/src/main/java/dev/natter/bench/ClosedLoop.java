package dev.natter.bench;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.IntFunction;
import org.HdrHistogram.Histogram;

/**
 * As many connections as are wanted, each asking again as soon as it is answered: what a server can do at most, the way
 * pgbench measures a database. Says nothing of how long somebody waits who comes when they please.
 *
 * @param base the server
 * @param connections how many
 * @param warmUp for how long answers aren't counted
 * @param length for how long they are
 */
record ClosedLoop(URI base, int connections, Duration warmUp, Duration length) {
    private static final long LONGEST_NANOS = Duration.ofMinutes(1).toNanos();
    private static final int SELECT_MILLIS = 100;

    /** What one connection asks next. */
    interface Asker {
        byte[] next() throws IOException;
    }

    /**
     * What came of it.
     *
     * @param perSecond answers
     * @param latency of each, nanoseconds
     */
    record Outcome(double perSecond, Histogram latency) {
        double millis(double percentile) {
            return latency.getValueAtPercentile(percentile) / 1e6;
        }
    }

    /**
     * Runs it, all on this thread.
     *
     * @param askers makes what a connection asks, from its number
     * @throws IOException if any answer isn't 2xx
     */
    Outcome run(IntFunction<Asker> askers) throws IOException {
        long begin = System.nanoTime() + warmUp.toNanos();
        long end = begin + length.toNanos();
        var latency = new Histogram(LONGEST_NANOS, 3);
        try (Selector ready = Selector.open()) {
            try {
                for (int number = 0; number < connections; number++) {
                    var line = new Line(base, askers.apply(number));
                    line.channel.register(ready, SelectionKey.OP_READ, line);
                    line.ask();
                }
                while (System.nanoTime() < end) {
                    ready.select(key -> heard((Line) key.attachment(), begin, end, latency), SELECT_MILLIS);
                }
            } finally {
                for (SelectionKey key : ready.keys()) {
                    key.channel().close();
                }
            }
        } catch (UncheckedIOException failure) {
            throw failure.getCause();
        }
        return new Outcome(latency.getTotalCount() * 1e9 / length.toNanos(), latency);
    }

    private static void heard(Line line, long begin, long end, Histogram latency) {
        try {
            if (line.isAnswered()) {
                long answered = System.nanoTime();
                if (answered >= begin && answered < end) {
                    latency.recordValue(answered - line.asked);
                }
                line.ask();
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** One connection: a question, an answer with a {@code Content-Length} in full, the next question. */
    private static final class Line {
        private static final byte[] LENGTH = "content-length:".getBytes(StandardCharsets.US_ASCII);
        private static final int LARGEST = 1 << 18;
        private static final int STATUS_AT = 9;

        private final SocketChannel channel;
        private final Asker asker;
        private final ByteBuffer in = ByteBuffer.allocate(LARGEST);
        private long asked;

        Line(URI base, Asker asker) throws IOException {
            this.asker = asker;
            this.channel = SocketChannel.open(new InetSocketAddress(base.getHost(), base.getPort()));
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.configureBlocking(false);
        }

        void ask() throws IOException {
            ByteBuffer question = ByteBuffer.wrap(asker.next());
            asked = System.nanoTime();
            while (question.hasRemaining()) {
                channel.write(question);
            }
        }

        /** Reads on; whether the answer is complete. */
        boolean isAnswered() throws IOException {
            if (channel.read(in) < 0) {
                throw new EOFException("The server closed the connection");
            }
            int body = bodyAt();
            if (body < 0 || in.position() < body + length(body)) {
                return false;
            }
            if (in.get(STATUS_AT) != '2') {
                throw new IOException(new String(in.array(), 0, in.position(), StandardCharsets.UTF_8));
            }
            in.clear();
            return true;
        }

        private int bodyAt() {
            byte[] bytes = in.array();
            for (int at = 3; at < in.position(); at++) {
                if (bytes[at] == '\n' && bytes[at - 2] == '\n') {
                    return at + 1;
                }
            }
            return -1;
        }

        private int length(int head) throws IOException {
            byte[] bytes = in.array();
            for (int at = 0; at < head - LENGTH.length; at++) {
                if (isLengthAt(bytes, at)) {
                    int length = 0;
                    for (int next = at + LENGTH.length; bytes[next] != '\r'; next++) {
                        length = bytes[next] == ' ' ? length : length * 10 + bytes[next] - '0';
                    }
                    return length;
                }
            }
            throw new IOException(
                    "An answer without Content-Length: " + new String(bytes, 0, head, StandardCharsets.UTF_8));
        }

        private static boolean isLengthAt(byte[] bytes, int at) {
            for (int next = 0; next < LENGTH.length; next++) {
                if ((bytes[at + next] | 0x20) != LENGTH[next] && bytes[at + next] != LENGTH[next]) {
                    return false;
                }
            }
            return true;
        }
    }
}

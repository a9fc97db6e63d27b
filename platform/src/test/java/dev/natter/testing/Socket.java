package dev.natter.testing;

import dev.natter.platform.http.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * A WebSocket client that remembers every frame. Answers the server's pings by itself. What it says and what it is told
 * is held against the contract; a frame that is wrong on purpose goes by {@link #sendRaw}.
 */
public final class Socket implements AutoCloseable {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** The code that {@link #awaitClose} gives for a connection that just ended. */
    public static final int NO_CLOSE_FRAME = 1006;

    private final List<JsonNode> frames = new ArrayList<>();
    private final List<JsonNode> fresh = new ArrayList<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final WebSocket socket;
    private volatile boolean reading = true;
    private int pings;
    private String violation;

    private Socket(URI uri, Map<String, String> headers) {
        WebSocket.Builder builder = CLIENT.newWebSocketBuilder().connectTimeout(PATIENCE);
        headers.forEach((name, value) -> {
            if (name.equalsIgnoreCase("Sec-WebSocket-Protocol")) {
                List<String> protocols = List.of(value.split("\\s*,\\s*"));
                builder.subprotocols(
                        protocols.getFirst(), protocols.stream().skip(1).toArray(String[]::new));
            } else {
                builder.header(name, value);
            }
        });
        this.socket = builder.buildAsync(uri, new Listener()).join();
    }

    /**
     * Connects.
     *
     * @param uri a {@code ws://} address
     * @param headers headers of the handshake, {@code Sec-WebSocket-Protocol} included
     * @return the open socket
     * @throws CompletionException around a {@link WebSocketHandshakeException} if the server refuses
     */
    public static Socket open(URI uri, Map<String, String> headers) {
        return new Socket(uri, headers);
    }

    /**
     * Connects, expecting to be refused.
     *
     * @param uri a {@code ws://} address
     * @param headers headers of the handshake
     * @return the HTTP status of the refusal
     */
    public static int refused(URI uri, Map<String, String> headers) {
        try (Socket socket = open(uri, headers)) {
            throw new AssertionError("Not refused: " + uri + " " + socket.frames());
        } catch (CompletionException failure) {
            if (failure.getCause() instanceof WebSocketHandshakeException refusal) {
                return refusal.getResponse().statusCode();
            }
            throw failure;
        }
    }

    /**
     * Sends a frame.
     *
     * @param frame anything that JSON can be made of; a string is JSON already
     * @throws AssertionError if the contract knows no such frame
     */
    public void send(Object frame) {
        String text = text(frame);
        Protocol.natter().fromClient(text);
        sendRaw(text);
    }

    /**
     * Sends a frame that is wrong on purpose.
     *
     * @param frame anything that JSON can be made of; a string is sent as it is
     */
    public void sendRaw(Object frame) {
        socket.sendText(text(frame), true).join();
    }

    private static String text(Object frame) {
        return frame instanceof String text ? text : new String(Json.bytes(frame), StandardCharsets.UTF_8);
    }

    /**
     * Sends a binary frame.
     *
     * @param bytes its content
     */
    public void sendBinary(byte[] bytes) {
        socket.sendBinary(ByteBuffer.wrap(bytes), true).join();
    }

    /**
     * Waits for a frame of a type.
     *
     * @param type its {@code type}
     * @return the oldest such frame that no earlier call returned
     */
    public JsonNode await(String type) {
        return await(
                "a frame of type " + type,
                frame -> type.equals(frame.path("type").asString("")));
    }

    /**
     * Waits for a frame.
     *
     * @param wanted which
     * @return the oldest such frame that no earlier call returned
     */
    public JsonNode await(Predicate<JsonNode> wanted) {
        return await("that frame", wanted);
    }

    private synchronized JsonNode await(String what, Predicate<JsonNode> wanted) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            demandValid();
            for (JsonNode frame : fresh) {
                if (wanted.test(frame)) {
                    fresh.remove(frame);
                    return frame;
                }
            }
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0 || closed.isDone()) {
                throw new AssertionError("Waited in vain for " + what + "; closed: " + closed + "; got " + frames);
            }
            try {
                wait(left);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new AssertionError(interrupted);
            }
        }
    }

    /**
     * Everything that arrived, in order.
     *
     * @return a copy
     */
    public synchronized List<JsonNode> frames() {
        demandValid();
        return List.copyOf(frames);
    }

    private synchronized void demandValid() {
        if (violation != null) {
            throw new AssertionError("Told to a client: " + violation);
        }
    }

    /**
     * Everything of a type that arrived, in order.
     *
     * @param type the {@code type}
     * @return a copy
     */
    public List<JsonNode> frames(String type) {
        return frames().stream()
                .filter(frame -> type.equals(frame.path("type").asString("")))
                .toList();
    }

    /**
     * How often the server has pinged.
     *
     * @return the number
     */
    public synchronized int pings() {
        return pings;
    }

    /**
     * Whether the connection has ended, from whichever side.
     *
     * @return true for good once it is
     */
    public boolean isClosed() {
        return closed.isDone();
    }

    /** Stops reading, as a client that is too slow. */
    public void stopReading() {
        reading = false;
    }

    /** Cuts the connection without a word. */
    public void abort() {
        socket.abort();
    }

    /**
     * Waits until the server has closed the connection.
     *
     * @return its close code
     */
    public int awaitClose() {
        try {
            return closed.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException open) {
            throw new AssertionError("Still open; got " + frames(), open);
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }

    @Override
    public void close() {
        if (!socket.isOutputClosed()) {
            socket.sendClose(WebSocket.NORMAL_CLOSURE, "")
                    .exceptionally(_ -> socket)
                    .join();
        }
        socket.abort();
        demandValid();
    }

    private synchronized void ended(int code) {
        closed.complete(code);
        notifyAll();
    }

    private synchronized void hear(String text) {
        try {
            JsonNode frame = Json.mapper().readTree(text);
            frames.add(frame);
            fresh.add(frame);
            Protocol.natter().fromServer(frame);
        } catch (JacksonException | AssertionError wrong) {
            violation = violation == null ? wrong.getMessage() : violation;
        }
        notifyAll();
    }

    private final class Listener implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                hear(text.toString());
                text.setLength(0);
            }
            if (reading) {
                from.request(1);
            }
            return null;
        }

        @Override
        public CompletionStage<?> onPing(WebSocket from, ByteBuffer message) {
            synchronized (Socket.this) {
                pings++;
            }
            from.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            ended(code);
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable error) {
            ended(NO_CLOSE_FRAME);
        }
    }
}

package dev.natter.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Thousands of WebSockets (RFC 6455) on one thread, cheap enough not to be what is measured: it answers pings, and
 * hands on whole text frames. Understands what servers send: frames that aren't masked and aren't fragments. Sockets
 * may be opened, and frames sent, by other threads.
 */
final class Swarm implements AutoCloseable {
    private static final int BUFFER = 1 << 18;
    private static final int TEXT = 0x1;
    private static final int CLOSE = 0x8;
    private static final int PING = 0x9;
    private static final int PONG = 0xA;
    private static final int MASKED = 0x80;
    private static final int FIN = 0x80;
    private static final int LENGTH_16 = 126;
    private static final int LENGTH_64 = 127;
    private static final long PATIENCE_SECONDS = 20;
    private static final byte[] END_OF_HEAD = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    /** Who listens. */
    interface Ear {
        /**
         * A text frame came.
         *
         * @param utf8 its payload; only to be read, and only now
         */
        void heard(ByteBuffer utf8) throws IOException;
    }

    /** One of the sockets. */
    final class Member {
        private final SocketChannel channel;
        private final CompletableFuture<Void> upgraded = new CompletableFuture<>();
        private byte[] rest = {};

        private Member(SocketChannel channel) {
            this.channel = channel;
        }

        /** Sends the same text as often, all in one write. */
        void send(byte[] utf8, int times) throws IOException {
            var frames = new ByteArrayOutputStream();
            for (int i = 0; i < times; i++) {
                frames.writeBytes(frame(TEXT, utf8));
            }
            write(frames.toByteArray());
        }

        private synchronized void write(byte[] bytes) throws IOException {
            ByteBuffer left = ByteBuffer.wrap(bytes);
            while (left.hasRemaining()) {
                channel.write(left);
            }
        }
    }

    private final Selector selector = Selector.open();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    private final Ear ear;
    private final Tally pings = new Tally();
    private final Thread thread;
    private volatile IOException failure;
    private volatile boolean closed;

    /**
     * With no sockets yet.
     *
     * @param ear told of every frame, by one thread
     */
    Swarm(Ear ear) throws IOException {
        this.ear = ear;
        this.thread = Thread.ofPlatform().daemon().name("bench-swarm").start(this::listen);
    }

    /**
     * Opens a socket; returns when it is open.
     *
     * @param base where
     * @param path path and query
     * @param token access token; null for none
     */
    Member open(URI base, String path, String token) throws IOException {
        SocketChannel channel = SocketChannel.open(new InetSocketAddress(base.getHost(), base.getPort()));
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        String head = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                + (token == null ? "\r\n" : "Authorization: Bearer " + token + "\r\n\r\n");
        channel.write(ByteBuffer.wrap(head.getBytes(StandardCharsets.US_ASCII)));
        channel.configureBlocking(false);
        Member member = new Member(channel);
        channel.register(selector, SelectionKey.OP_READ, member);
        selector.wakeup();
        try {
            member.upgraded.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException refused) {
            throw new IOException("No socket at " + base, refused);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException(interrupted);
        }
        return member;
    }

    /** Whether a payload begins so. */
    static boolean begins(ByteBuffer utf8, byte[] with) {
        return utf8.remaining() >= with.length && utf8.slice(0, with.length).equals(ByteBuffer.wrap(with));
    }

    /** The pings that were answered. */
    Tally pings() {
        return pings;
    }

    /** Throws what has gone wrong with any socket, if anything has. */
    void check() throws IOException {
        if (failure != null) {
            throw new IOException("The sockets don't stay open", failure);
        }
    }

    private void listen() {
        try {
            while (!closed) {
                selector.select(key -> {
                    Member member = (Member) key.attachment();
                    try {
                        read(member);
                    } catch (IOException gone) {
                        key.cancel();
                        // First: whoever opened it may ask at once what has gone wrong.
                        failure = closed ? failure : gone;
                        member.upgraded.completeExceptionally(gone);
                    }
                });
            }
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
            selector.close();
        } catch (IOException broken) {
            failure = broken;
        }
    }

    private void read(Member member) throws IOException {
        buffer.clear().put(member.rest);
        if (member.channel.read(buffer) < 0) {
            throw new IOException("The server closed a socket");
        }
        buffer.flip();
        if (member.upgraded.isDone() || upgrade(member)) {
            while (next(member)) {
                // The ear has heard it.
            }
        }
        member.rest = new byte[buffer.remaining()];
        buffer.get(member.rest);
    }

    private boolean upgrade(Member member) throws IOException {
        for (int end = 0; end + END_OF_HEAD.length <= buffer.limit(); end++) {
            if (buffer.slice(end, END_OF_HEAD.length).equals(ByteBuffer.wrap(END_OF_HEAD))) {
                byte[] head = new byte[end + END_OF_HEAD.length];
                buffer.get(head);
                String answer = new String(head, StandardCharsets.US_ASCII);
                if (!answer.startsWith("HTTP/1.1 101 ")) {
                    throw new IOException(answer);
                }
                return member.upgraded.complete(null);
            }
        }
        return false;
    }

    /** Takes a frame from the buffer, if there is a whole one. */
    private boolean next(Member member) throws IOException {
        if (buffer.remaining() < 2) {
            return false;
        }
        int at = buffer.position();
        int shortLength = buffer.get(at + 1);
        int header = shortLength < LENGTH_16 ? 2 : shortLength == LENGTH_16 ? 4 : 10;
        if (buffer.remaining() < header) {
            return false;
        }
        int length = switch (shortLength) {
            case LENGTH_16 -> buffer.getShort(at + 2) & 0xFFFF;
            case LENGTH_64 -> Math.toIntExact(buffer.getLong(at + 2));
            default -> shortLength;
        };
        if (buffer.remaining() < header + length) {
            return false;
        }
        ByteBuffer payload = buffer.slice(at + header, length);
        buffer.position(at + header + length);
        switch (buffer.get(at) & 0x0F) {
            case TEXT -> ear.heard(payload);
            case PING -> {
                byte[] same = new byte[length];
                payload.get(same);
                member.write(frame(PONG, same));
                pings.add();
            }
            case CLOSE -> throw new IOException("The server said goodbye: " + payload.getShort(0));
            default -> throw new IOException("An unknown frame: " + buffer.get(at));
        }
        return true;
    }

    /** A masked frame, as clients must send; the mask changes nothing. */
    private static byte[] frame(int opcode, byte[] payload) {
        int extended = payload.length < LENGTH_16 ? 0 : 2;
        ByteBuffer frame = ByteBuffer.allocate(2 + extended + 4 + payload.length)
                .put((byte) (FIN | opcode))
                .put((byte) (MASKED | (extended == 0 ? payload.length : LENGTH_16)));
        if (extended > 0) {
            frame.putShort((short) payload.length);
        }
        return frame.putInt(0).put(payload).array();
    }

    /** Cuts all of them off. */
    @Override
    public void close() {
        closed = true;
        selector.wakeup();
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

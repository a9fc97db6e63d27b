package dev.natter.bench;

import dev.natter.bench.People.Person;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * Members of a chat who listen: a WebSocket each (RFC 6455), all read by one thread, which looks for nothing in a frame
 * but the number in the sender's own name for the message.
 */
final class Audience implements AutoCloseable {
    /** What names of sends begin with; a number follows. */
    static final String NAME = "heard-";

    private static final byte[] MARK = ("\"" + NAME).getBytes(StandardCharsets.US_ASCII);
    private static final int LARGEST = 1 << 16;
    private static final int SHORT = 126;

    private final Selector ready = Selector.open();
    /**
     * Lets them come in.
     *
     * @param base the installation
     * @param people who
     * @param chat a chat that all of them are in
     */
    Audience(URI base, List<Person> people, String chat) throws IOException {
        for (Person person : people) {
            var member = new Member(SocketChannel.open(new InetSocketAddress(base.getHost(), base.getPort())));
            member.join(person, chat);
            member.channel.configureBlocking(false);
            member.channel.register(ready, SelectionKey.OP_READ, member);
        }
    }

    /**
     * Lets them listen from now on.
     *
     * @param heard told a message's number each time that one of them has it; by one thread
     */
    void listen(LongConsumer heard) {
        Thread.ofPlatform().daemon().name("audience").start(() -> hear(heard));
    }

    private void hear(LongConsumer heard) {
        try {
            while (ready.isOpen()) {
                ready.select();
                for (SelectionKey key : ready.selectedKeys()) {
                    ((Member) key.attachment()).read(heard);
                }
                ready.selectedKeys().clear();
            }
        } catch (ClosedSelectorException ended) {
            Thread.currentThread().interrupt();
        } catch (IOException cutOff) {
            // What isn't heard is missed by whoever counts.
            System.err.println("A listener was cut off: " + cutOff.getMessage());
        }
    }

    @Override
    public void close() throws IOException {
        for (SelectionKey key : List.copyOf(ready.keys())) {
            key.channel().close();
        }
        ready.close();
    }

    private record Member(SocketChannel channel, ByteBuffer in) {
        Member(SocketChannel channel) {
            this(channel, ByteBuffer.allocate(LARGEST));
        }

        /** Returns once the server says that they are in. */
        void join(Person person, String chat) throws IOException {
            String upgrade = "GET /ws/" + person.id() + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                    + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                    + "Authorization: Bearer " + person.token() + "\r\n\r\n";
            channel.write(ByteBuffer.wrap(upgrade.getBytes(StandardCharsets.US_ASCII)));
            until("\r\n\r\n");
            channel.write(frame("{\"type\":\"join_chat\",\"chat_id\":\"" + chat + "\"}"));
            until("joined_chat");
        }

        private void until(String words) throws IOException {
            while (!new String(in.array(), 0, in.position(), StandardCharsets.UTF_8).contains(words)) {
                if (channel.read(in) < 0) {
                    throw new EOFException(new String(in.array(), 0, in.position(), StandardCharsets.UTF_8));
                }
            }
            in.clear();
        }

        /** A text frame, masked by zeros, which change nothing. */
        private static ByteBuffer frame(String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            return ByteBuffer.allocate(6 + bytes.length)
                    .put((byte) 0x81)
                    .put((byte) (0x80 | bytes.length))
                    .putInt(0)
                    .put(bytes)
                    .flip();
        }

        void read(LongConsumer heard) throws IOException {
            if (channel.read(in) < 0) {
                throw new EOFException("closed");
            }
            in.flip();
            for (int length = frame(); length >= 0; length = frame()) {
                hear(in.position(), length, heard);
                in.position(in.position() + length);
            }
            in.compact();
        }

        /** The length of the next frame's payload, at which the buffer then stands; -1 if it isn't all here. */
        private int frame() {
            int start = in.position();
            int head = in.remaining() < 2 ? Integer.MAX_VALUE : (in.get(start + 1) & 0x7F) == SHORT ? 4 : 2;
            if (in.remaining() < head) {
                return -1;
            }
            int length = head == 4 ? in.getShort(start + 2) & 0xFFFF : in.get(start + 1) & 0x7F;
            if (in.remaining() < head + length) {
                return -1;
            }
            in.position(start + head);
            return length;
        }

        private void hear(int start, int length, LongConsumer heard) {
            byte[] bytes = in.array();
            for (int at = start; at < start + length - MARK.length; at++) {
                if (bytes[at] == '"' && bytes[at + 1] == MARK[1] && isMark(bytes, at)) {
                    long number = 0;
                    for (int next = at + MARK.length; bytes[next] != '"'; next++) {
                        number = number * 10 + bytes[next] - '0';
                    }
                    heard.accept(number);
                    return;
                }
            }
        }

        private static boolean isMark(byte[] bytes, int at) {
            for (int next = 0; next < MARK.length; next++) {
                if (bytes[at + next] != MARK[next]) {
                    return false;
                }
            }
            return true;
        }
    }
}

package dev.natter.bench;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What nobody gets below with one write a socket: every text that one client says is framed once, and written to all
 * the others by one thread in a loop. No queues, no limits, no more of RFC 6455 than {@link Swarm} speaks. A process of
 * its own, so that what it uses can be told.
 */
final class WriteLoop {
    private static final PrintStream OUT = System.out;
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int FIN_TEXT = 0x81;
    private static final int LENGTH = 0x7F;
    private static final int LENGTH_16 = 126;
    private static final int MASK_BYTES = 4;

    private final List<SocketChannel> listeners = new CopyOnWriteArrayList<>();

    private WriteLoop() {}

    /** Prints its port, and serves until it is ended. */
    public static void main(String[] args) throws IOException {
        var loop = new WriteLoop();
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
            OUT.println(server.socket().getLocalPort());
            while (true) {
                loop.welcome(server.accept());
            }
        }
    }

    private void welcome(SocketChannel channel) throws IOException {
        var in = new DataInputStream(Channels.newInputStream(channel));
        String path = line(in).split(" ")[1];
        String key = "";
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            if (line.regionMatches(true, 0, "Sec-WebSocket-Key:", 0, 18)) {
                key = line.substring(18).trim();
            }
        }
        String answer = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: " + accept(key) + "\r\n\r\n";
        channel.write(ByteBuffer.wrap(answer.getBytes(StandardCharsets.US_ASCII)));
        if (path.equals("/speak")) {
            Thread.ofPlatform().daemon().start(() -> repeat(in));
        } else {
            listeners.add(channel);
        }
    }

    private void repeat(DataInputStream in) {
        try {
            while (true) {
                ByteBuffer frame = frame(text(in));
                for (SocketChannel listener : listeners) {
                    listener.write(frame.rewind());
                }
            }
        } catch (IOException gone) {
            // Whoever measured has hung up: so has this process nothing left to do.
            System.exit(0);
        }
    }

    private static byte[] text(DataInputStream in) throws IOException {
        in.readUnsignedByte();
        int length = in.readUnsignedByte() & LENGTH;
        byte[] mask = new byte[MASK_BYTES];
        byte[] text = new byte[length == LENGTH_16 ? in.readUnsignedShort() : length];
        in.readFully(mask);
        in.readFully(text);
        for (int i = 0; i < text.length; i++) {
            text[i] ^= mask[i % MASK_BYTES];
        }
        return text;
    }

    private static ByteBuffer frame(byte[] text) {
        ByteBuffer frame = ByteBuffer.allocateDirect(text.length + MASK_BYTES);
        frame.put((byte) FIN_TEXT);
        if (text.length < LENGTH_16) {
            frame.put((byte) text.length);
        } else {
            frame.put((byte) LENGTH_16).putShort((short) text.length);
        }
        return frame.put(text).flip();
    }

    private static String accept(String key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String line(DataInputStream in) throws IOException {
        var line = new StringBuilder();
        for (int next = in.readUnsignedByte(); next != '\n'; next = in.readUnsignedByte()) {
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }
}

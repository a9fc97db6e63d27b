package dev.natter.realtime;

import dev.natter.testing.Protocol;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** A WebSocket client down at the bytes, able to do what no decent client does. */
final class RawSocket implements AutoCloseable {
    /** A frame as it arrived. */
    record Raw(int opcode, byte[] payload) {
        String text() {
            return new String(payload, StandardCharsets.UTF_8);
        }

        int closeCode() {
            return (payload[0] & 0xFF) << 8 | payload[1] & 0xFF;
        }
    }

    static final int TEXT = 1;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;

    private final Socket socket;
    private final DataInputStream in;

    private RawSocket(int port, int receiveBuffer) throws IOException {
        socket = new Socket();
        if (receiveBuffer > 0) {
            socket.setReceiveBufferSize(receiveBuffer);
        }
        socket.setSoTimeout(10_000);
        socket.setTcpNoDelay(true);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        in = new DataInputStream(socket.getInputStream());
    }

    /** Connects and upgrades; {@code hello} is still to be read. */
    static RawSocket open(int port, UUID userId, String token) {
        return open(port, userId, token, 0);
    }

    /** As above, with a receive buffer of a certain size. */
    static RawSocket open(int port, UUID userId, String token, int receiveBuffer) {
        RawSocket raw = connect(port, receiveBuffer);
        String head = raw.ask("GET /ws/" + userId + "?token=" + token + " HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
                + "Connection: keep-alive, Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
        if (!head.startsWith("HTTP/1.1 101 ") || !head.contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")) {
            throw new AssertionError("Not upgraded: " + head);
        }
        return raw;
    }

    /** Connects only. */
    static RawSocket connect(int port, int receiveBuffer) {
        try {
            return new RawSocket(port, receiveBuffer);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Sends a request and reads the head of the answer. */
    String ask(String request) {
        send(request.getBytes(StandardCharsets.US_ASCII));
        var head = new ByteArrayOutputStream();
        try {
            while (!head.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
                head.write(in.readByte());
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(head.toString(StandardCharsets.US_ASCII), failure);
        }
        return head.toString(StandardCharsets.US_ASCII);
    }

    void send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Reads the next frame; null once the connection has ended. */
    Raw read() {
        try {
            int first = in.readUnsignedByte();
            int length = in.readUnsignedByte();
            if ((first & 0xF0) != 0x80 || length > 127) {
                throw new AssertionError("Not a whole unmasked frame: " + first + " " + length);
            }
            long size = length == 126 ? in.readUnsignedShort() : length == 127 ? in.readLong() : length;
            byte[] payload = new byte[(int) size];
            in.readFully(payload);
            return new Raw(first & 0x0F, payload);
        } catch (EOFException | SocketException ended) {
            return null;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Reads until a frame of some kind; null once the connection has ended. */
    Raw read(int opcode) {
        Raw frame = read();
        while (frame != null && frame.opcode() != opcode) {
            frame = read();
        }
        return frame;
    }

    /** Reads until a text with something in it. */
    String readText(String part) {
        for (Raw frame = read(TEXT); frame != null; frame = read(TEXT)) {
            Protocol.natter().fromServer(frame.text());
            if (frame.text().contains(part)) {
                return frame.text();
            }
        }
        throw new AssertionError("The connection ended before " + part);
    }

    /** Ends the connection with a reset, as a process that is killed with data unread. */
    void reset() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}

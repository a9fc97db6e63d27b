package dev.natter.bench;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.BiConsumer;

/**
 * One kept HTTP/1.1 connection (RFC 9112): a request written in one go, an answer read in full. It understands what
 * Natter sends, bodies with a length or in chunks, and costs next to nothing, so that what is measured is the server.
 * Used by one thread.
 */
final class Connection implements AutoCloseable {
    /**
     * An answer.
     *
     * @param status its code
     * @param body in full; empty if there is none
     */
    record Answer(int status, byte[] body) {
        /** The body, if the status says that it went well. */
        byte[] good() throws IOException {
            if (status / 100 != 2) {
                throw new IOException(status + ": " + new String(body, StandardCharsets.UTF_8));
            }
            return body;
        }
    }

    private static final int BUFFER = 1 << 16;

    private final Socket socket;
    private final InputStream in;

    Connection(URI base) throws IOException {
        socket = new Socket(base.getHost(), base.getPort());
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream(), BUFFER);
    }

    /**
     * A request as bytes.
     *
     * @param method as in {@code POST}
     * @param path path and query
     * @param token access token; null for none
     * @param json the body; null for none
     */
    static byte[] request(String method, String path, String token, byte[] json) {
        String head = method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n"
                + (token == null ? "" : "Authorization: Bearer " + token + "\r\n")
                + (json == null
                        ? "\r\n"
                        : "Content-Type: application/json\r\nContent-Length: " + json.length + "\r\n\r\n");
        byte[] start = head.getBytes(StandardCharsets.US_ASCII);
        if (json == null) {
            return start;
        }
        byte[] whole = new byte[start.length + json.length];
        System.arraycopy(start, 0, whole, 0, start.length);
        System.arraycopy(json, 0, whole, start.length, json.length);
        return whole;
    }

    /** Asks, and reads the answer. */
    Answer ask(byte[] request) throws IOException {
        socket.getOutputStream().write(request);
        int status = Integer.parseInt(line().substring(9, 12));
        var framing = new Object() {
            int length;
            boolean chunked;
        };
        headers((name, value) -> {
            switch (name) {
                case "content-length" -> framing.length = Integer.parseInt(value);
                case "transfer-encoding" -> framing.chunked = value.equals("chunked");
                default -> {}
            }
        });
        boolean empty = status == 204 || status == 304;
        return new Answer(status, empty ? new byte[0] : framing.chunked ? chunks() : exactly(framing.length));
    }

    private void headers(BiConsumer<String, String> each) throws IOException {
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            each.accept(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).trim());
        }
    }

    private byte[] chunks() throws IOException {
        var body = new ByteArrayOutputStream();
        for (int size = size(); size > 0; size = size()) {
            body.write(exactly(size));
            line();
        }
        line();
        return body.toByteArray();
    }

    private int size() throws IOException {
        return Integer.parseInt(line(), 16);
    }

    private byte[] exactly(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("The server closed the connection");
        }
        return bytes;
    }

    private String line() throws IOException {
        var line = new StringBuilder(64);
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("The server closed the connection");
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

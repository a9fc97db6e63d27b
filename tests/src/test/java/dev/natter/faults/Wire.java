package dev.natter.faults;

import dev.natter.testing.Protocol;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/**
 * A WebSocket (RFC 6455) on a bare TCP socket, so that it can be cut without a goodbye and left unread. One thread
 * reads; any may send or cut. What is said and heard is held against the contract.
 */
final class Wire {
    private static final int TEXT = 1;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;
    private static final int CONNECT_MILLIS = 3_000;
    private static final int SILENCE_MILLIS = 4_000;

    /** Small, so that who doesn't read is noticed. */
    private static final int RECEIVE_BUFFER = 16 << 10;

    /** The connection has ended. */
    static final class Ended extends IOException {
        private static final long serialVersionUID = 1L;

        private final int code;

        Ended(int code) {
            super("closed with " + code);
            this.code = code;
        }

        int code() {
            return code;
        }
    }

    private final Socket socket = new Socket();
    private final InputStream in;
    private final OutputStream out;

    /**
     * Connects.
     *
     * @throws Ended with the HTTP status, if the server doesn't upgrade
     */
    Wire(URI gateway, String userId, String token) throws IOException {
        try {
            socket.setReceiveBufferSize(RECEIVE_BUFFER);
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(gateway.getHost(), gateway.getPort()), CONNECT_MILLIS);
            socket.setSoTimeout(SILENCE_MILLIS);
            in = new BufferedInputStream(socket.getInputStream());
            out = socket.getOutputStream();
            out.write(("GET /ws/" + userId + " HTTP/1.1\r\nHost: " + gateway.getAuthority()
                            + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                            + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nAuthorization: Bearer " + token
                            + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            upgraded();
        } catch (IOException failed) {
            socket.close();
            throw failed;
        }
    }

    private void upgraded() throws IOException {
        var head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                throw new Ended(0);
            }
            head.write(next);
        }
        int status = Integer.parseInt(head.toString(StandardCharsets.ISO_8859_1).substring(9, 12));
        if (status != 101) {
            throw new Ended(status);
        }
    }

    /**
     * The next text frame.
     *
     * @return the text; null if nothing came for a while
     * @throws Ended with the close code, 0 if there was none
     */
    String next() throws IOException {
        while (true) {
            in.mark(1);
            try {
                if (in.read() < 0) {
                    throw new Ended(0);
                }
            } catch (SocketTimeoutException silence) {
                return null;
            }
            in.reset();
            String text = frame();
            if (text != null) {
                held(() -> Protocol.natter().fromServer(text));
                return text;
            }
        }
    }

    /** A device takes it for what nobody said, and goes on. */
    private static void held(Runnable check) {
        try {
            check.run();
        } catch (AssertionError wrong) {
            throw new IllegalStateException(wrong.getMessage(), wrong);
        }
    }

    /** Reads a whole frame; null for one that isn't text. The server doesn't fragment. */
    private String frame() throws IOException {
        int opcode = octet() & 15;
        long length = octet() & 127;
        if (length >= 126) {
            int octets = length == 126 ? 2 : 8;
            length = 0;
            for (int i = 0; i < octets; i++) {
                length = length << 8 | octet();
            }
        }
        byte[] payload = in.readNBytes((int) length);
        if (payload.length < length) {
            throw new Ended(0);
        }
        switch (opcode) {
            case TEXT -> {
                return new String(payload, StandardCharsets.UTF_8);
            }
            case PING -> write(PONG, payload);
            case CLOSE -> throw new Ended(payload.length < 2 ? 1005 : (payload[0] & 255) << 8 | payload[1] & 255);
            default -> {}
        }
        return null;
    }

    private int octet() throws IOException {
        int octet = in.read();
        if (octet < 0) {
            throw new EOFException("in the midst of a frame");
        }
        return octet;
    }

    void send(String text) throws IOException {
        held(() -> Protocol.natter().fromClient(text));
        write(TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Masked with zeros, which leaves the payload as it is. */
    private void write(int opcode, byte[] payload) throws IOException {
        var frame = new ByteArrayOutputStream(payload.length + 14);
        frame.write(128 | opcode);
        if (payload.length < 126) {
            frame.write(128 | payload.length);
        } else {
            frame.write(128 | 126);
            frame.write(payload.length >> 8);
            frame.write(payload.length);
        }
        frame.writeBytes(new byte[4]);
        frame.writeBytes(payload);
        byte[] bytes = frame.toByteArray();
        synchronized (out) {
            out.write(bytes);
        }
    }

    /** Ends the connection without a word. */
    void cut() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException gone) {
            System.getLogger(Wire.class.getName()).log(System.Logger.Level.TRACE, "Closed already", gone);
        }
    }
}

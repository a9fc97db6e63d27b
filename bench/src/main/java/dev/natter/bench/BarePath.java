package dev.natter.bench;

import dev.natter.platform.db.DatabaseUrl;
import io.nats.client.Connection;
import io.nats.client.Nats;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.HdrHistogram.Histogram;

/**
 * The least that a send can be: one statement that commits, one message of NATS, one write to one socket, and nothing
 * else, by the same servers.
 */
final class BarePath {
    private static final String SUBJECT = "bare.path";
    private static final int EVENT_BYTES = 560;

    private BarePath() {}

    /** How long it takes from the intended beginning to the socket's other end. */
    static Histogram run(OpenLoop loop, DatabaseUrl database, String natsUrl) throws IOException {
        try {
            Connection nats = Nats.connect(natsUrl);
            try {
                return run(loop, database, nats);
            } finally {
                nats.close();
            }
        } catch (SQLException failure) {
            throw new IOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException(interrupted);
        }
    }

    private static Histogram run(OpenLoop loop, DatabaseUrl database, Connection nats)
            throws IOException, SQLException {
        var ends = loop.ends(1);
        try (var connection = DriverManager.getConnection(database.jdbc(), database.user(), database.password());
                PreparedStatement send = connection.prepareStatement(statement());
                var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var written = new Socket(server.getInetAddress(), server.getLocalPort());
                var read = server.accept()) {
            written.setTcpNoDelay(true);
            Thread.ofPlatform().daemon().start(() -> hear(read, ends));
            nats.createDispatcher(message -> write(written, message.getData())).subscribe(SUBJECT);
            return loop.run(
                    number -> {
                        try {
                            send.execute();
                        } catch (SQLException failure) {
                            throw new IOException(failure);
                        }
                        nats.publish(
                                SUBJECT,
                                ByteBuffer.allocate(EVENT_BYTES).putInt(number).array());
                    },
                    ends);
        }
    }

    /** pgbench's script, for one chat. */
    private static String statement() throws IOException {
        try (InputStream packed = Pgbench.class.getResourceAsStream("send.sql")) {
            String script = new String(packed.readAllBytes(), StandardCharsets.UTF_8);
            return script.substring(script.indexOf("WITH")).replace(":chat::text", "'1'");
        }
    }

    private static void write(Socket socket, byte[] frame) {
        try {
            socket.getOutputStream().write(frame);
        } catch (IOException closed) {
            System.err.println("The bare path ended: " + closed.getMessage());
        }
    }

    private static void hear(Socket socket, OpenLoop.Ends ends) {
        try (InputStream in = socket.getInputStream()) {
            for (byte[] frame = in.readNBytes(EVENT_BYTES);
                    frame.length == EVENT_BYTES;
                    frame = in.readNBytes(EVENT_BYTES)) {
                ends.done(ByteBuffer.wrap(frame).getInt());
            }
        } catch (IOException closed) {
            Thread.currentThread().interrupt();
        }
    }
}

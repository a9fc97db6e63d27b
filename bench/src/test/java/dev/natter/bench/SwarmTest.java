package dev.natter.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SwarmTest {
    private static final String YES = "HTTP/1.1 101 Switching Protocols\r\n\r\n";

    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final Tally count = new Tally();
    private ServerSocket server;
    private Swarm swarm;

    @BeforeEach
    void begin() throws IOException {
        server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        swarm = new Swarm(utf8 -> {
            heard.add(StandardCharsets.UTF_8.decode(utf8).toString());
            count.add();
        });
    }

    @AfterEach
    void end() throws IOException {
        swarm.close();
        server.close();
    }

    @Test
    void framesAreHeardWhereverTheyAreCut() throws IOException {
        var sent = new ByteArrayOutputStream();
        sent.writeBytes(YES.getBytes(StandardCharsets.US_ASCII));
        for (int length : List.of(0, 1, 125, 126, 300)) {
            sent.writeBytes(text("x".repeat(length)));
        }
        Socket served = open(sent.toByteArray());

        count.await(5);

        assertThat(heard).extracting(String::length).containsExactly(0, 1, 125, 126, 300);
        served.close();
    }

    @Test
    void aPingIsAnswered() throws IOException {
        Socket served = open(YES.getBytes(StandardCharsets.US_ASCII));
        served.getOutputStream().write(new byte[] {(byte) 0x89, 2, 'h', 'i'});

        // Masked, as a client's must be; with a mask of nothing.
        assertThat(served.getInputStream().readNBytes(8))
                .containsExactly((byte) 0x8A, (byte) 0x82, 0, 0, 0, 0, 'h', 'i');
        served.close();
    }

    @Test
    void aRefusalAndAGoodbyeAreFailures() throws IOException {
        assertThatThrownBy(() -> open("HTTP/1.1 401 Unauthorized\r\n\r\n".getBytes(StandardCharsets.US_ASCII)))
                .hasRootCauseMessage("HTTP/1.1 401 Unauthorized\r\n\r\n");
        assertThatThrownBy(swarm::check).isInstanceOf(IOException.class);
    }

    /** Opens one that is answered with these bytes, in two pieces. */
    private Socket open(byte[] answer) throws IOException {
        var accepted = CompletableFuture.supplyAsync(() -> serve(answer));
        swarm.open(URI.create("http://127.0.0.1:" + server.getLocalPort()), "/", null);
        return accepted.join();
    }

    private Socket serve(byte[] answer) {
        try {
            Socket served = server.accept();
            served.setTcpNoDelay(true);
            int cut = answer.length - answer.length / 3;
            served.getOutputStream().write(answer, 0, cut);
            served.getOutputStream().write(answer, cut, answer.length - cut);
            byte[] request = new byte[1024];
            assertThat(served.getInputStream().read(request)).isPositive();
            return served;
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static byte[] text(String text) {
        var frame = new ByteArrayOutputStream();
        frame.write(0x81);
        if (text.length() < 126) {
            frame.write(text.length());
        } else {
            frame.writeBytes(new byte[] {126, (byte) (text.length() >> 8), (byte) text.length()});
        }
        frame.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
        return frame.toByteArray();
    }
}

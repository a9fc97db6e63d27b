package dev.natter.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConnectionTest {
    private static final byte[] REQUEST = Connection.request("GET", "/", null, null);

    private ServerSocket server;
    private Connection connection;
    private Socket served;

    @BeforeEach
    void connect() throws IOException {
        server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        connection = new Connection(URI.create("http://127.0.0.1:" + server.getLocalPort()));
        served = server.accept();
    }

    @AfterEach
    void hangUp() throws IOException {
        connection.close();
        served.close();
        server.close();
    }

    @Test
    void oneAnswerAfterTheOtherIsReadInFull() throws IOException {
        say("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfirst"
                + "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nsec\r\n3\r\nond\r\n0\r\n\r\n"
                + "HTTP/1.1 204 No Content\r\n\r\n"
                + "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nlast");

        assertThat(text(connection.ask(REQUEST))).isEqualTo("first");
        assertThat(text(connection.ask(REQUEST))).isEqualTo("second");
        assertThat(connection.ask(REQUEST).status()).isEqualTo(204);
        assertThat(text(connection.ask(REQUEST))).isEqualTo("last");
    }

    @Test
    void aRefusalIsNoGoodAnswer() throws IOException {
        say("HTTP/1.1 429 Too Many Requests\r\nContent-Length: 4\r\n\r\nslow");

        Connection.Answer answer = connection.ask(REQUEST);

        assertThatThrownBy(answer::good).isInstanceOf(IOException.class).hasMessage("429: slow");
    }

    @Test
    void anEndInTheMidstOfAnAnswerIsNoticed() throws IOException {
        say("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfi");
        served.shutdownOutput();

        assertThatThrownBy(() -> connection.ask(REQUEST)).isInstanceOf(IOException.class);
    }

    @Test
    void aRequestWithABodySaysHowLongItIs() {
        byte[] request = Connection.request("POST", "/api/chats", "token", "{}".getBytes(StandardCharsets.UTF_8));

        assertThat(new String(request, StandardCharsets.UTF_8))
                .startsWith("POST /api/chats HTTP/1.1\r\n")
                .contains("Authorization: Bearer token\r\n")
                .endsWith("Content-Length: 2\r\n\r\n{}");
    }

    private void say(String text) throws IOException {
        served.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String text(Connection.Answer answer) throws IOException {
        return new String(answer.good(), StandardCharsets.US_ASCII);
    }
}

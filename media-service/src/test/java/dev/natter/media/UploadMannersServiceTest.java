package dev.natter.media;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.natter.contracts.FileInfo;
import dev.natter.contracts.MessageId;
import dev.natter.platform.db.Uuid7;
import dev.natter.testing.Reply;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class UploadMannersServiceTest {
    private static final UUID ANNA = Uuid7.next();
    private static final UUID BORIS = Uuid7.next();

    private static MediaGround media;

    @BeforeAll
    static void open() {
        media = new MediaGround(Map.of());
    }

    @AfterAll
    static void close() {
        media.close();
    }

    @Test
    void aRefusalIsHeardThoughTheBodyIsLarge() {
        MessageId message = media.message(ANNA);
        Form large = Form.of("a.bin", new byte[5_000_000]);

        for (int i = 0; i < 3; i++) {
            assertThat(media.attach(BORIS, message, large).status()).isEqualTo(403);
            assertThat(media.attach(media.outsider, message, large).status()).isEqualTo(404);
        }
        assertThat(media.attach(ANNA, message, Form.of("a.bin", new byte[26_214_401]))
                        .status())
                .isEqualTo(413);
    }

    /** As curl does with anything large. */
    @Test
    void aClientThatAsksFirstIsAnsweredFirst() throws IOException {
        MessageId message = media.message(ANNA);
        byte[] body = Form.of("a.txt", "text".getBytes(UTF_8)).bytes();
        try (var socket = new Socket("127.0.0.1", media.port())) {
            socket.setSoTimeout(4_000);
            var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));

            socket.getOutputStream().write(asking(BORIS, message, body.length));
            assertThat(answer(in)).startsWith("HTTP/1.1 403");
            assertThat(in.read()).as("the end, since a body may be on its way").isEqualTo(-1);
        }
        try (var socket = new Socket("127.0.0.1", media.port())) {
            socket.setSoTimeout(4_000);
            OutputStream out = socket.getOutputStream();
            var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));

            out.write(asking(ANNA, message, body.length));
            assertThat(answer(in)).startsWith("HTTP/1.1 100");
            out.write(body);
            assertThat(answer(in)).startsWith("HTTP/1.1 201");
        }
    }

    @Test
    void repetitionsAtTheSameTimeStoreOnce() throws Exception {
        MessageId message = media.message(ANNA);
        byte[] body = Form.of("a.txt", "text".getBytes(UTF_8)).bytes();
        var api = media.as(ANNA).with("Content-Type", Form.TYPE).with("Idempotency-Key", "at once");
        int stored = media.stored().size();
        List<Reply> replies = new ArrayList<>();

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Reply> post = () -> api.post("/api/messages/" + message + "/files", body);
            for (Future<Reply> reply : threads.invokeAll(Collections.nCopies(12, post))) {
                replies.add(reply.get());
            }
        }

        assertThat(replies).extracting(Reply::status).containsOnlyOnce(201).isSubsetOf(200, 201, 409);
        assertThat(media.stored()).hasSize(stored + 1);
        assertThat(replies.stream()
                        .filter(reply -> reply.status() != 409)
                        .map(reply -> reply.as(FileInfo[].class)[0].id())
                        .distinct())
                .hasSize(1);
    }

    private static byte[] asking(UUID user, MessageId message, int length) {
        return ("POST /api/messages/" + message + "/files HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n"
                        + "Authorization: Bearer " + media.ground.token(user) + "\r\nContent-Type: " + Form.TYPE
                        + "\r\nContent-Length: " + length + "\r\n\r\n")
                .getBytes(UTF_8);
    }

    /** A head, whose body is passed over. */
    private static String answer(BufferedReader in) throws IOException {
        var head = new StringBuilder();
        int length = 0;
        for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
            head.append(line).append('\n');
            if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(line.substring(15).strip());
            }
        }
        for (int i = 0; i < length; i++) {
            in.read();
        }
        return head.toString();
    }
}

package dev.natter.media;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.natter.contracts.FileInfo;
import dev.natter.contracts.MessageId;
import dev.natter.platform.db.Uuid7;
import dev.natter.testing.Reply;
import dev.natter.testing.StubPeer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class BadUploadServiceTest {
    private static final UUID ANNA = Uuid7.next();

    private static MediaGround media;
    private static MessageId message;

    @BeforeAll
    static void open() {
        media = new MediaGround(Map.of(
                "media.file.max.bytes", "100000",
                "media.files.max", "3",
                "media.message.files.max", "4",
                "media.image.max.pixels", "1000000"));
        message = media.message(ANNA);
    }

    @AfterEach
    void nothingIsLeft() {
        await().untilAsserted(() -> assertThat(media.stored()).isEmpty());
    }

    @AfterAll
    static void close() {
        media.close();
    }

    @Test
    void whatIsTooMuchIsRefused() {
        assertThat(media.attach(ANNA, message, Form.of("a.bin", new byte[100_001]))
                        .status())
                .isEqualTo(413);
        Form four = new Form();
        for (int i = 0; i < 4; i++) {
            four.file(i + ".txt", "x".getBytes(UTF_8));
        }
        assertRefused(four.bytes(), 422, "validation_failed");
        assertRefused(new byte[2_000_000], 413, "payload_too_large");
        Form fields = new Form();
        for (int i = 0; i < 1_000; i++) {
            fields.field("field" + i, "x");
        }
        assertRefused(fields.bytes(), 400, "malformed");
        Form header =
                new Form().part("Content-Disposition: form-data; filename=\"" + "x".repeat(20_000) + "\"", bytes());
        assertRefused(header.bytes(), 400, "malformed");
    }

    @Test
    void aBodyWithoutAnEndOfItsOwnIsBoundedToo() {
        byte[] body = Form.of("a.bin", new byte[3_000_000]).bytes();

        Reply reply = media.as(ANNA)
                .request(media.anyone()
                        .to("/api/messages/" + message + "/files")
                        .header("Content-Type", Form.TYPE)
                        .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body))));

        assertThat(reply.status()).isEqualTo(413);
    }

    @Test
    void whatIsNoFormIsRefused() {
        String path = "/api/messages/" + message + "/files";
        assertThat(media.as(ANNA).post(path, Map.of("file", "x")).status()).isEqualTo(415);
        assertThat(post("text/plain", bytes()).status()).isEqualTo(415);
        assertThat(post("multipart/mixed; boundary=x", bytes()).status()).isEqualTo(415);
        assertThat(post("multipart/form-data", bytes()).status()).isEqualTo(400);
        assertThat(post("multipart/form-data; boundary=", bytes()).status()).isEqualTo(400);
        assertThat(post("multipart/form-data; boundary=" + "x".repeat(71), bytes())
                        .status())
                .isEqualTo(400);
        assertThat(post(
                                "multipart/form-data; boundary=other",
                                Form.of("a", bytes()).bytes())
                        .status())
                .isEqualTo(400);
        assertThat(media.as(ANNA)
                        .request(media.anyone().to(path).POST(BodyPublishers.noBody()))
                        .status())
                .isEqualTo(415);
        assertRefused(new byte[0], 400, "malformed");
    }

    @Test
    void whatHoldsNoFileIsRefused() {
        assertRefused(new Form().bytes(), 400, "malformed");
        assertRefused(new Form().field("caption", "x").bytes(), 422, "validation_failed");
        assertRefused(Form.of("empty.txt", new byte[0]).bytes(), 422, "validation_failed");
        assertRefused(
                new Form().file("a.txt", bytes()).file("empty.txt", new byte[0]).bytes(), 422, "validation_failed");
    }

    @Test
    void whatEndsTooEarlyIsRefused() {
        byte[] whole = new Form().file("a.txt", bytes()).file("b.txt", bytes()).bytes();
        for (int length = 1; length < whole.length - 4; length += 7) {
            assertThat(post(Form.TYPE, Arrays.copyOf(whole, length)).status())
                    .as("after " + length)
                    .isEqualTo(400);
        }
    }

    @Test
    void aClientThatGoesAwayLeavesNothing() throws IOException {
        byte[] body = Form.of("a.bin", new byte[50_000]).open();
        try (var socket = new Socket("127.0.0.1", media.port())) {
            socket.getOutputStream().write(head(body.length + 10_000));
            socket.getOutputStream().write(body);
            socket.getOutputStream().flush();
            await().until(() -> !media.stored().isEmpty());
        }
    }

    @Test
    void picturesThatAreBombsOrBrokenAreRefused() {
        long began = System.nanoTime();
        assertRefused(Form.of("a.png", Specimens.pngBomb(60_000, 60_000)).bytes(), 422, "validation_failed");
        assertRefused(Form.of("a.png", Arrays.copyOf(Specimens.png(99, 99), 60)).bytes(), 422, "validation_failed");
        byte[] tiff = Specimens.concat("II*\0".getBytes(US_ASCII), new byte[100]);
        assertRefused(Form.of("a.tif", tiff).bytes(), 415, "unsupported_media_type");
        assertThat(System.nanoTime() - began).isLessThan(10_000_000_000L);
    }

    @Test
    void aMessageGetsFullAndNotMore() {
        MessageId full = media.message(ANNA);
        Form two = new Form().file("a.txt", bytes()).file("b.txt", bytes());
        assertThat(media.attach(ANNA, full, two).status()).isEqualTo(201);
        assertThat(media.attach(ANNA, full, two).status()).isEqualTo(201);
        List<Path> stored = media.stored();

        assertThat(media.attach(ANNA, full, two).status()).isEqualTo(422);

        assertThat(media.stored()).isEqualTo(stored).hasSize(4);
        stored.forEach(path -> assertThat(path.toFile().delete()).isTrue());
    }

    @Test
    void whileTheDiskFailsUploadsCanBeTriedAgain() throws IOException {
        Path drafts = media.root.resolve("media/drafts");
        Files.createDirectories(drafts.getParent());
        Files.deleteIfExists(drafts);
        Files.createFile(drafts);

        Reply reply = media.attach(ANNA, message, Form.of("a.txt", bytes()));

        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.json().get("retryable").asBoolean()).isTrue();
        assertThat(reply.header("Retry-After")).isNotNull();
        Files.delete(drafts);
        MessageId other = media.message(ANNA);
        FileInfo info = media.attach(ANNA, other, Form.of("a.txt", bytes())).as(FileInfo[].class)[0];
        assertThat(media.anyone().get(info.url()).body()).isEqualTo(bytes());
        Files.delete(media.root.resolve("media/messages/" + info.id()));
        assertThat(media.anyone().get(info.url()).status()).isEqualTo(404);
    }

    @Test
    void whileMessageServiceFailsUploadsCanBeTriedAgain() {
        MessageId unknown = media.message(ANNA);
        media.messageService.on("GET", "/internal/messages/" + unknown, _ -> new StubPeer.Answer(500, null));

        Reply reply = media.attach(ANNA, unknown, Form.of("a.txt", bytes()));

        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.json().get("retryable").asBoolean()).isTrue();
    }

    @Test
    void garbageIsTheClientsFault() throws IOException {
        var random = new Random(3);
        byte[] whole = new Form().field("x", "y").file("ж.txt", bytes()).bytes();
        for (int round = 0; round < 300; round++) {
            byte[] damaged = whole.clone();
            for (int i = 0; i <= random.nextInt(6); i++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            Reply reply = media.as(ANNA)
                    .with("Content-Type", Form.TYPE)
                    .post("/api/messages/" + media.message(ANNA) + "/files", damaged);
            assertThat(reply.status()).as("round " + round).isIn(201, 400, 413, 422);
            if (reply.status() != 201) {
                assertThat(media.stored()).as("round " + round).isEmpty();
            }
            for (Path path : media.stored()) {
                Files.delete(path);
            }
        }
    }

    private static byte[] head(int length) {
        return ("POST /api/messages/" + message + "/files HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                        + media.ground.token(ANNA) + "\r\nContent-Type: " + Form.TYPE + "\r\nContent-Length: " + length
                        + "\r\n\r\n")
                .getBytes(US_ASCII);
    }

    private static byte[] bytes() {
        return "Просто текст.\n".getBytes(UTF_8);
    }

    private static Reply post(String type, byte[] body) {
        return media.as(ANNA).with("Content-Type", type).post("/api/messages/" + message + "/files", body);
    }

    private static void assertRefused(byte[] body, int status, String code) {
        Reply reply = post(Form.TYPE, body);
        assertThat(reply.status()).as(reply.toString()).isEqualTo(status);
        assertThat(reply.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(reply.json().get("code").asString()).isEqualTo(code);
    }
}

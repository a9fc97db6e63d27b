package dev.natter.media;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.natter.contracts.FileEvent;
import dev.natter.contracts.FileInfo;
import dev.natter.contracts.MessageEvent;
import dev.natter.contracts.MessageId;
import dev.natter.contracts.Subjects;
import dev.natter.platform.bus.Bus;
import dev.natter.platform.bus.Delivery;
import dev.natter.platform.bus.Envelope;
import dev.natter.platform.bus.Outgoing;
import dev.natter.platform.db.Uuid7;
import dev.natter.platform.http.Json;
import dev.natter.testing.Reply;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class FileServiceTest {
    private static final UUID ANNA = Uuid7.next();
    private static final UUID BORIS = Uuid7.next();

    private static MediaGround media;
    private static Bus bus;
    private static final Queue<Delivery> EVENTS = new ConcurrentLinkedQueue<>();

    @BeforeAll
    static void open() {
        media = new MediaGround(Map.of());
        bus = Bus.open(media.config, "test");
        bus.start();
        bus.stream(Subjects.MESSAGES, Subjects.MESSAGES_KEPT);
        bus.subscribe("natter.file.*.attached", EVENTS::add);
    }

    @AfterAll
    static void close() {
        bus.close();
        media.close();
    }

    @Test
    void aHundredFilesComeBackAsTheyWent() throws Exception {
        var random = new Random(1);
        for (int round = 0; round < 10; round++) {
            MessageId message = media.message(ANNA);
            List<byte[]> files = new ArrayList<>();
            var form = new Form().field("caption", "не файл");
            for (int i = 0; i < 10; i++) {
                byte[] file = new byte[1 + random.nextInt(300_000)];
                random.nextBytes(file);
                // What broke parsers before: lone line ends and what looks like a boundary.
                byte[] tricky = ("\r\n--" + Form.BOUNDARY.substring(1) + "\r\r\n\n").getBytes(UTF_8);
                System.arraycopy(tricky, 0, file, 0, Math.min(tricky.length, file.length));
                files.add(file);
                form.file("отчёт №" + i + " «ж».bin", file);
            }

            Reply reply = media.attach(ANNA, message, form);

            assertThat(reply.status()).isEqualTo(201);
            FileInfo[] infos = reply.as(FileInfo[].class);
            assertThat(infos).hasSize(10);
            for (int i = 0; i < 10; i++) {
                assertThat(infos[i].name()).isEqualTo("отчёт №" + i + " «ж».bin");
                assertThat(infos[i].size()).isEqualTo(files.get(i).length);
                assertThat(infos[i].sha256()).isEqualTo(sha256(files.get(i)));
                assertThat(media.anyone().get(infos[i].url()).body()).isEqualTo(files.get(i));
            }
        }
    }

    @Test
    void theLargestFileComesBackAsItWent() throws Exception {
        byte[] large = new byte[25 * 1024 * 1024];
        new Random(2).nextBytes(large);

        Reply reply = media.attach(ANNA, media.message(ANNA), Form.of("large.bin", large));

        assertThat(reply.status()).isEqualTo(201);
        String url = reply.as(FileInfo[].class)[0].url();
        assertThat(sha256(media.anyone().get(url).body())).isEqualTo(sha256(large));
    }

    @Test
    void aPictureIsShownWithItsThumbnail() {
        FileInfo info = media.attach(ANNA, media.message(ANNA), Form.of("photo.txt", Specimens.photograph(800, 600, 6)))
                .as(FileInfo[].class)[0];

        assertThat(info.contentType()).isEqualTo("image/jpeg");
        assertThat(info.width()).isEqualTo(600);
        assertThat(info.height()).isEqualTo(800);
        Reply thumbnail = media.anyone().get(info.thumbnailUrl());
        assertThat(thumbnail.status()).isEqualTo(200);
        assertThat(thumbnail.header("Content-Type")).isEqualTo("image/jpeg");
        assertThat(media.anyone().get(info.url()).text()).doesNotContain("GPS", "Exif");
    }

    @Test
    void theMessageIsToldOnce() {
        MessageId message = media.message(ANNA);

        FileInfo info = media.attach(ANNA, message, Form.of("a.txt", "text".getBytes(UTF_8)))
                .as(FileInfo[].class)[0];

        await().until(() -> !events(message).isEmpty());
        FileEvent.Attached event = events(message).getFirst();
        assertThat(event.userId()).isEqualTo(ANNA);
        assertThat(event.files()).singleElement().satisfies(file -> {
            assertThat(file.id()).isEqualTo(info.id());
            assertThat(file.url()).isEqualTo("/media/messages/" + info.id());
        });
    }

    @Test
    void onlyTheSenderAttaches() {
        MessageId message = media.message(ANNA);
        Form form = Form.of("a.txt", "text".getBytes(UTF_8));

        assertThat(media.attach(BORIS, message, form).status()).isEqualTo(403);
        assertThat(media.attach(media.outsider, message, form).status()).isEqualTo(404);
        assertThat(media.attach(ANNA, new MessageId(Uuid7.next(), 1), form).status())
                .isEqualTo(404);
        assertThat(media.attach(ANNA, media.message(ANNA, Instant.now()), form).status())
                .isEqualTo(404);
        assertThat(media.as(ANNA)
                        .with("Content-Type", Form.TYPE)
                        .post("/api/messages/x/files", form.bytes())
                        .status())
                .isEqualTo(404);
        assertThat(media.anyone()
                        .with("Content-Type", Form.TYPE)
                        .post("/api/messages/" + message + "/files", form.bytes())
                        .status())
                .isEqualTo(401);
    }

    @Test
    void aRepetitionGetsTheFirstAnswer() {
        MessageId message = media.message(ANNA);
        var api = media.as(ANNA).with("Content-Type", Form.TYPE).with("Idempotency-Key", "key-1");
        String path = "/api/messages/" + message + "/files";
        byte[] body = Form.of("a.png", Specimens.png(10, 10)).bytes();

        Reply first = api.post(path, body);
        int stored = media.stored().size();
        Reply second = api.post(path, body);

        assertThat(first.status()).isEqualTo(201);
        assertThat(second.status()).isEqualTo(200);
        assertThat(second.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(second.as(FileInfo[].class)[0].id()).isEqualTo(first.as(FileInfo[].class)[0].id());
        assertThat(media.stored()).hasSize(stored);
        assertThat(api.post(path, Form.of("b.png", Specimens.png(10, 10)).bytes())
                        .status())
                .isEqualTo(422);
        assertThat(media.stored()).hasSize(stored);
    }

    @Test
    void manyUploadAtOnce() throws Exception {
        MessageId message = media.message(ANNA);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Integer>> uploads = new ArrayList<>();
            for (int i = 0; i < 24; i++) {
                Form form = Form.of(i + ".jpg", Specimens.photograph(300 + i, 200, 1 + i % 8));
                uploads.add(() -> media.attach(ANNA, message, form).status());
            }
            for (Future<Integer> status : threads.invokeAll(uploads)) {
                assertThat(status.get()).isEqualTo(201);
            }
        }

        await().until(() -> events(message).size() == 24);
        assertThat(events(message).stream()
                        .flatMap(event -> event.files().stream())
                        .map(FileInfo::id))
                .doesNotHaveDuplicates()
                .hasSize(24);
    }

    @Test
    void aDeletedMessageTakesItsFilesAlong() {
        MessageId message = media.message(ANNA);
        FileInfo info = media.attach(ANNA, message, Form.of("a.png", Specimens.png(20, 20)))
                .as(FileInfo[].class)[0];
        assertThat(media.anyone().get(info.url()).status()).isEqualTo(200);

        delete(message);
        delete(message);

        await().until(() -> media.anyone().get(info.url()).status() == 404);
        assertThat(media.anyone().get(info.thumbnailUrl()).status()).isEqualTo(404);
        await().until(() -> media.stored().stream()
                .noneMatch(path -> path.toString().contains(info.id().toString())));
    }

    @Test
    void whatIsAttachedAfterTheDeletionIsRefused() {
        MessageId message = media.message(ANNA);
        MessageId witness = media.message(ANNA);
        FileInfo info = media.attach(ANNA, witness, Form.of("a.txt", "x".getBytes(UTF_8)))
                .as(FileInfo[].class)[0];
        delete(message);
        delete(witness);
        await().until(() -> media.anyone().get(info.url()).status() == 404);
        int stored = media.stored().size();

        // message-service hasn't heard of it when it is asked.
        Reply late = media.attach(ANNA, message, Form.of("b.txt", "y".getBytes(UTF_8)));

        assertThat(late.status()).isEqualTo(404);
        assertThat(media.stored()).hasSize(stored);
        assertThat(events(message)).isEmpty();
    }

    private static void delete(MessageId message) {
        long seq = message.seq() + 1_000;
        var event = new MessageEvent.Deleted(
                message.chatId(), seq, seq - 1, message.chatId() + "." + seq, Instant.now(), message);
        bus.publish(Envelope.of(new Outgoing(
                        Subjects.of(message.chatId(), event), Uuid7.next().toString(), seq, Json.bytes(event))))
                .join();
    }

    private static List<FileEvent.Attached> events(MessageId message) {
        return EVENTS.stream()
                .map(delivery -> Json.parse(delivery.payload(), FileEvent.class))
                .filter(FileEvent.Attached.class::isInstance)
                .map(FileEvent.Attached.class::cast)
                .filter(event -> event.messageId().equals(message))
                .toList();
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }
}

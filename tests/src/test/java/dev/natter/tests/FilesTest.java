package dev.natter.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.natter.testing.Socket;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

@EachArrangement
class FilesTest {
    private final World world;
    private final Person anna;
    private final Person boris;
    private final Person outsider;
    private final String chat;

    FilesTest(Arrangement arrangement) {
        this.world = arrangement.world();
        this.anna = world.person("anna");
        this.boris = world.person("boris");
        this.outsider = world.person("outsider");
        this.chat = anna.opensGroup("files", boris);
    }

    @Test
    void aPictureIsUploadedAndSeenByEverybodyInTheChat() {
        byte[] picture = Picture.png(320, 200);
        String message = anna.says(chat, "look").id();
        try (Socket toBoris = boris.joins(chat)) {
            Answer uploaded = upload(anna, message, new Form().file("file", "закат.png", "image/png", picture));

            JsonNode file = uploaded.is(201).list().getFirst();
            assertThat(file.get("name").asString()).isEqualTo("закат.png");
            assertThat(file.get("content_type").asString()).isEqualTo("image/png");
            assertThat(file.get("width").asInt()).isEqualTo(320);
            assertThat(file.get("height").asInt()).isEqualTo(200);
            JsonNode live = toBoris.await("message_updated").get("message");
            assertThat(live.get("id").asString()).isEqualTo(message);
            assertThat(live.get("changed_seq").asLong()).isEqualTo(2);
            JsonNode seen = live.get("files").get(0);
            assertThat(seen.get("id")).isEqualTo(file.get("id"));

            Answer bytes = world.anonymous().get(seen.get("url").asString()).is(200);
            assertThat(bytes.header("Content-Type")).isEqualTo("image/png");
            assertThat(bytes.header("X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(bytes.body()).hasSize(seen.get("size").asInt());
            assertThat(sha256(bytes.body())).isEqualTo(seen.get("sha256").asString());
            assertThat(Picture.size(bytes.body())).isEqualTo(Picture.size(picture));
            Answer thumbnail =
                    world.anonymous().get(seen.get("thumbnail_url").asString()).is(200);
            assertThat(Picture.size(thumbnail.body()).width).isLessThanOrEqualTo(320);
        }
    }

    @Test
    void aDocumentComesBackByteForByteAndInParts() {
        byte[] document = new byte[300_000];
        new Random(7).nextBytes(document);
        String message = anna.says(chat, "see attached").id();

        JsonNode file = upload(anna, message, new Form().file("f", "report.bin", "application/pdf", document))
                .is(201)
                .list()
                .getFirst();
        String url = file.get("url").asString();

        assertThat(file.get("content_type").asString()).isEqualTo("application/octet-stream");
        assertThat(file.get("thumbnail_url").isNull()).isTrue();
        Answer whole = world.anonymous().get(url).is(200);
        assertThat(whole.body()).isEqualTo(document);
        assertThat(whole.header("Content-Disposition")).startsWith("attachment");
        Answer part =
                world.anonymous().get(url, Map.of("Range", "bytes=100-199")).is(206);
        assertThat(part.body()).isEqualTo(Arrays.copyOfRange(document, 100, 200));
        assertThat(part.header("Content-Range")).isEqualTo("bytes 100-199/300000");
        Answer tail = world.anonymous().get(url, Map.of("Range", "bytes=-50")).is(206);
        assertThat(tail.body()).isEqualTo(Arrays.copyOfRange(document, 299_950, 300_000));
        world.anonymous().get(url, Map.of("Range", "bytes=300000-")).is(416);
        world.anonymous()
                .get(url, Map.of("If-None-Match", whole.header("ETag")))
                .is(304);
        Answer head = world.anonymous().head(url).is(200);
        assertThat(head.header("Content-Length")).isEqualTo("300000");
        assertThat(head.body()).isEmpty();
    }

    @Test
    void severalPartsMakeSeveralFilesInOrder() {
        String message = anna.says(chat, "many").id();
        Form form = new Form();
        for (int i = 0; i < 3; i++) {
            form.file(
                    "file", i + ".txt", "text/plain", ("text " + i).getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }

        Answer answer = upload(anna, message, form).is(201);

        assertThat(answer.list("name")).containsExactly("0.txt", "1.txt", "2.txt");
        await().untilAsserted(() -> {
            JsonNode files =
                    boris.client().get("/api/messages/" + message).json().get("files");
            assertThat(files.size()).isEqualTo(3);
            assertThat(files.get(2).get("name").asString()).isEqualTo("2.txt");
        });
    }

    @Test
    void onlyTheSenderAttaches() {
        String message = anna.says(chat, "mine").id();
        Form form = new Form().file("f", "a.txt", "text/plain", new byte[] {65});

        upload(boris, message, form).is(403, "forbidden");
        upload(outsider, message, form).is(404, "not_found");
        upload(anna, chat + ".99", form).is(404, "not_found");
        anna.client().delete("/api/messages/" + message).is(204);
        upload(anna, message, form).is(404, "not_found");
    }

    @Test
    void aUrlOpensOnlyAsItWasSigned() {
        String message = anna.says(chat, "signed").id();
        String url = upload(anna, message, new Form().file("f", "a.txt", "text/plain", new byte[] {65}))
                .list("url")
                .getFirst();
        String path = url.substring(0, url.indexOf('?'));

        world.anonymous().get(url).is(200);
        assertThat(world.anonymous().get(path).status()).isIn(401, 403, 404);
        for (String wrong : List.of(
                url + "x",
                url.replaceFirst("expires=\\d", "expires=9"),
                url.replaceFirst("signature=.", "signature=_").replaceFirst("signature=_.", "signature=__"),
                path + "?expires=&signature=",
                path + "?expires=99999999999999999999&signature=x",
                path + "/thumbnail" + url.substring(url.indexOf('?')))) {
            assertThat(world.anonymous().get(wrong).status()).as(wrong).isIn(403, 404);
        }
    }

    @Test
    void withTheMessageItsFilesAreGone() {
        String message = anna.says(chat, "regret").id();
        String url = upload(anna, message, new Form().file("f", "a.txt", "text/plain", new byte[] {65}))
                .list("url")
                .getFirst();
        world.anonymous().get(url).is(200);

        anna.client().delete("/api/messages/" + message).is(204);

        await().untilAsserted(() -> world.anonymous().get(url).is(404));
        await().untilAsserted(() -> assertThat(anna.client()
                        .get("/api/messages/" + message)
                        .json()
                        .get("files")
                        .size())
                .isZero());
    }

    @Test
    void whatABrowserCouldRunIsOnlyDownloaded() {
        String message = anna.says(chat, "evil").id();
        var form = new Form()
                .file(
                        "f",
                        "innocent.png",
                        "image/png",
                        "<html><script>alert(1)</script></html>".getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .file(
                        "f",
                        "../../etc/passwd",
                        "image/svg+xml",
                        "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
                                .getBytes(java.nio.charset.StandardCharsets.UTF_8));

        for (JsonNode file : upload(anna, message, form).is(201).list()) {
            assertThat(file.get("name").asString()).doesNotContain("/", "..");
            Answer bytes = world.anonymous().get(file.get("url").asString()).is(200);
            assertThat(bytes.header("Content-Disposition")).startsWith("attachment");
            assertThat(bytes.header("X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(bytes.header("Content-Type")).doesNotStartWith("image/png");
        }
    }

    private static Answer upload(Person person, String message, Form form) {
        return person.client().send("POST", "/api/messages/" + message + "/files", form.type(), form.bytes());
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (java.security.NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}

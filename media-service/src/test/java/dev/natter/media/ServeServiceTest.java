package dev.natter.media;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.natter.contracts.FileInfo;
import dev.natter.platform.db.Uuid7;
import dev.natter.platform.token.SignedUrl;
import dev.natter.testing.Reply;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ServeServiceTest {
    private static final UUID ANNA = Uuid7.next();
    private static final byte[] BYTES = new byte[200_000];

    private static MediaGround media;
    private static FileInfo file;

    @BeforeAll
    static void open() {
        new Random(5).nextBytes(BYTES);
        media = new MediaGround(Map.of());
        file = attach("мой файл \"1\".bin", BYTES);
    }

    @AfterAll
    static void close() {
        media.close();
    }

    @Test
    void aFileIsServedWithEverythingABrowserNeeds() {
        Reply reply = media.anyone().get(file.url());

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body()).isEqualTo(BYTES);
        assertThat(reply.header("Content-Type")).isEqualTo("application/octet-stream");
        assertThat(reply.header("Content-Length")).isEqualTo("200000");
        assertThat(reply.header("ETag")).isEqualTo("\"" + file.sha256() + "\"");
        assertThat(reply.header("Accept-Ranges")).isEqualTo("bytes");
        assertThat(reply.header("Cache-Control")).startsWith("private");
        assertThat(reply.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(reply.header("Content-Security-Policy")).isEqualTo("sandbox; default-src 'none'");
        assertThat(reply.header("Content-Disposition"))
                .startsWith("attachment; filename=")
                .endsWith("filename*=UTF-8''%D0%BC%D0%BE%D0%B9%20%D1%84%D0%B0%D0%B9%D0%BB%20%221%22.bin");
    }

    @Test
    void headSaysWhatGetWould() {
        Reply head = media.anyone().request(media.anyone().to(file.url()).method("HEAD", BodyPublishers.noBody()));

        assertThat(head.status()).isEqualTo(200);
        assertThat(head.header("Content-Length")).isEqualTo("200000");
        assertThat(head.header("ETag")).isEqualTo("\"" + file.sha256() + "\"");
        assertThat(head.body()).isEmpty();
    }

    @Test
    void aPartIsServedAlone() {
        assertPart("bytes=0-0", 0, 1);
        assertPart("bytes=100-199", 100, 200);
        assertPart("bytes=199990-", 199_990, 200_000);
        assertPart("bytes=-7", 199_993, 200_000);
        assertPart("bytes=65535-140000", 65_535, 140_001);
        assertThat(with("Range", "bytes=0-1,5-6").status()).isEqualTo(200);
        assertThat(with("Range", "lines=1-2").status()).isEqualTo(200);
    }

    @Test
    void beyondTheEndIsNothing() {
        Reply reply = with("Range", "bytes=200000-");

        assertThat(reply.status()).isEqualTo(416);
        assertThat(reply.header("Content-Range")).isEqualTo("bytes */200000");
        assertThat(reply.json().get("code").asString()).isEqualTo("range_not_satisfiable");
    }

    @Test
    void aPartOfSomethingElseIsTheWhole() {
        String tag = "\"" + file.sha256() + "\"";
        var range = media.anyone().with("Range", "bytes=0-9");

        assertThat(range.with("If-Range", tag).get(file.url()).status()).isEqualTo(206);
        assertThat(range.with("If-Range", "\"other\"").get(file.url()).status()).isEqualTo(200);
        assertThat(range.with("If-Range", "W/" + tag).get(file.url()).status()).isEqualTo(200);
        assertThat(range.with("If-Range", "Mon, 23 Nov 2026 12:00:00 GMT")
                        .get(file.url())
                        .status())
                .isEqualTo(200);
    }

    @Test
    void whatTheClientHasIsNotSentAgain() {
        String tag = "\"" + file.sha256() + "\"";
        for (String known : new String[] {tag, "W/" + tag, "\"x\", " + tag, "*"}) {
            Reply reply = with("If-None-Match", known);
            assertThat(reply.status()).as(known).isEqualTo(304);
            assertThat(reply.body()).isEmpty();
            assertThat(reply.header("ETag")).isEqualTo(tag);
        }
        assertThat(with("If-None-Match", "\"x\"").status()).isEqualTo(200);
    }

    @Test
    void onlyASignatureOpens() {
        String path = "/media/messages/" + file.id();
        String query = file.url().substring(path.length());
        FileInfo other = attach("other.txt", "other".getBytes(UTF_8));
        var hour = Duration.ofHours(1);
        var past = Clock.offset(Clock.systemUTC(), Duration.ofHours(-3));
        var secret = media.ground.secret();

        assertThat(status(path)).isEqualTo(403);
        assertThat(status(path + "?expires=9999999999&signature=")).isEqualTo(403);
        assertThat(status(path + query.replaceFirst("expires=\\d+", "expires=9999999999")))
                .isEqualTo(403);
        assertThat(status(path + query.replaceFirst("expires=\\d+", "expires=x")))
                .isEqualTo(403);
        assertThat(status(path + query.replaceFirst("expires=\\d+", "expires=99999999999999999999")))
                .isEqualTo(403);
        assertThat(status("/media/messages/" + other.id() + query)).isEqualTo(403);
        assertThat(status(path + "/thumbnail" + query)).isEqualTo(403);
        assertThat(status(new SignedUrl(secret, past, hour).sign(path))).isEqualTo(403);
        assertThat(status(new SignedUrl(secret, Clock.systemUTC(), hour).sign(path)))
                .isEqualTo(200);
        String absent = "/media/messages/" + Uuid7.next();
        assertThat(status(new SignedUrl(secret, Clock.systemUTC(), hour).sign(absent)))
                .isEqualTo(404);
        assertThat(status(new SignedUrl(secret, Clock.systemUTC(), hour).sign(path + "/thumbnail")))
                .isEqualTo(404);
        assertThat(status("/media/messages/x" + query)).isEqualTo(404);
        assertThat(status("/media/messages/..%2f..%2fetc%2fpasswd" + query)).isEqualTo(404);
    }

    @Test
    void aFileIsWhatItsBytesAre() {
        assertThat(attach("picture.txt", Specimens.png(5, 5)).contentType()).isEqualTo("image/png");
        assertDownload("page.png", "<!DOCTYPE html><script>alert(1)</script>", "text/html");
        assertDownload("drawing.jpg", "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "image/svg+xml");
        assertThat(attach("script.html", "alert(1)".getBytes(UTF_8)).contentType())
                .isEqualTo("text/plain");
    }

    @Test
    void aPolyglotIsOnlyThePicture() {
        byte[] polyglot = Specimens.concat(Specimens.png(5, 5), "<script>alert(1)</script>".getBytes(UTF_8));

        FileInfo info = attach("both.html", polyglot);

        Reply reply = media.anyone().get(info.url());
        assertThat(reply.header("Content-Type")).isEqualTo("image/png");
        assertThat(reply.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(reply.header("Content-Disposition")).startsWith("inline");
        assertThat(reply.text()).doesNotContain("<script>");
    }

    private static void assertDownload(String name, String content, String type) {
        FileInfo info = attach(name, content.getBytes(UTF_8));
        assertThat(info.contentType()).isEqualTo(type);
        assertThat(info.name()).isEqualTo(name);
        Reply reply = media.anyone().get(info.url());
        assertThat(reply.header("Content-Type")).isEqualTo("application/octet-stream");
        assertThat(reply.header("Content-Disposition")).startsWith("attachment");
        assertThat(reply.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(reply.text()).isEqualTo(content);
    }

    private static void assertPart(String range, int from, int to) {
        Reply reply = with("Range", range);
        assertThat(reply.status()).as(range).isEqualTo(206);
        assertThat(reply.header("Content-Range")).isEqualTo("bytes " + from + "-" + (to - 1) + "/200000");
        assertThat(reply.body()).as(range).isEqualTo(Arrays.copyOfRange(BYTES, from, to));
    }

    private static Reply with(String header, String value) {
        return media.anyone().with(header, value).get(file.url());
    }

    private static int status(String path) {
        return media.anyone().get(path).status();
    }

    private static FileInfo attach(String name, byte[] bytes) {
        return media.attach(ANNA, media.message(ANNA), Form.of(name.replace("\"", "%22"), bytes))
                .as(FileInfo[].class)[0];
    }
}

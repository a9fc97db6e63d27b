package dev.natter.media;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.natter.contracts.FileEvent;
import dev.natter.platform.bus.Bus;
import dev.natter.platform.bus.Delivery;
import dev.natter.platform.db.Database;
import dev.natter.platform.db.Uuid7;
import dev.natter.platform.http.Json;
import dev.natter.testing.Reply;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class AvatarServiceTest {
    private static final String PATH = "/api/users/me/avatar";

    private static final Queue<Delivery> EVENTS = new ConcurrentLinkedQueue<>();
    private static MediaGround media;
    private static Bus bus;

    @BeforeAll
    static void open() {
        media = new MediaGround(Map.of("media.avatar.max.bytes", "200000"));
        bus = Bus.open(media.config, "test");
        bus.start();
        bus.subscribe("natter.file.*.avatar_set", EVENTS::add);
    }

    @AfterAll
    static void close() {
        bus.close();
        media.close();
    }

    @Test
    void anAvatarIsPublicAndSmall() throws IOException {
        String url = set(Uuid7.next(), "image/jpeg", Specimens.photograph(900, 500, 6));

        Reply reply = media.anyone().get(url);

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("Content-Type")).isEqualTo("image/jpeg");
        assertThat(reply.header("Cache-Control")).isEqualTo("public, max-age=31536000, immutable");
        assertThat(reply.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(reply.text()).doesNotContain("GPS", "Exif");
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(reply.body()));
        assertThat(image.getWidth()).isEqualTo(256);
        assertThat(image.getHeight()).isEqualTo(256);
        assertThat(media.anyone()
                        .with("If-None-Match", reply.header("ETag"))
                        .get(url)
                        .status())
                .isEqualTo(304);
    }

    @Test
    void anyOfTheFourKindsAndAFormWillDo() {
        UUID user = Uuid7.next();
        set(user, "image/png", Specimens.png(300, 300));
        set(user, "application/octet-stream", Specimens.gif(3));
        set(user, "image/webp", Specimens.webp(1));
        set(user, Form.TYPE, Form.of("я.png", Specimens.png(40, 60)).bytes());
    }

    @Test
    void theNewOneReplacesTheOld() {
        UUID user = Uuid7.next();

        String first = set(user, "image/png", Specimens.png(30, 30));
        String second = set(user, "image/png", Specimens.png(30, 30));

        assertThat(second).isNotEqualTo(first);
        assertThat(media.anyone().get(first).status()).isEqualTo(404);
        assertThat(media.anyone().get(second).status()).isEqualTo(200);
        assertThat(media.stored())
                .noneMatch(path -> first.endsWith(path.getFileName().toString()));
        await().until(() -> events(user).size() == 2);
        assertThat(events(user)).extracting(FileEvent.AvatarSet::version).containsExactly(1L, 2L);
        assertThat(events(user)).extracting(FileEvent.AvatarSet::url).containsExactly(first, second);
    }

    @Test
    void whatIsNoPictureIsRefused() {
        UUID user = Uuid7.next();
        List<Path> before = media.stored();

        assertThat(put(user, "image/png", "text".getBytes(UTF_8)).status()).isEqualTo(415);
        assertThat(put(user, "image/png", "<svg xmlns='http://www.w3.org/2000/svg'/>".getBytes(UTF_8))
                        .status())
                .isEqualTo(415);
        assertThat(put(user, "image/png", new byte[0]).status()).isIn(400, 422);
        assertThat(put(user, "image/png", new byte[200_001]).status()).isEqualTo(413);
        assertThat(put(user, "image/png", Specimens.pngBomb(60_000, 60_000)).status())
                .isEqualTo(422);
        assertThat(put(user, "image/png", Specimens.pngBomb(500, 500)).status()).isEqualTo(422);
        assertThat(put(user, "image/gif", "GIF89a;".getBytes(UTF_8)).status()).isEqualTo(422);
        Form two = new Form().file("a.png", Specimens.png(9, 9)).file("b.png", Specimens.png(9, 9));
        assertThat(put(user, Form.TYPE, two.bytes()).status()).isEqualTo(422);
        assertThat(media.anyone().put(PATH, Specimens.png(9, 9)).status()).isEqualTo(401);

        assertThat(media.stored()).isEqualTo(before);
        assertThat(media.anyone().get("/media/avatars/" + Uuid7.next()).status())
                .isEqualTo(404);
        assertThat(media.anyone().get("/media/avatars/x").status()).isEqualTo(404);
    }

    @Test
    void bytesWithoutAnOwnerAreSweptAndOthersStay() throws Exception {
        String url = set(Uuid7.next(), "image/png", Specimens.png(30, 30));
        var store = new DiskStore(media.root, 0);
        try (Draft draft = store.draft()) {
            draft.write(1);
            store.keep(draft.finish(), DiskStore.file(Uuid7.next()));
        }
        try (Draft draft = store.draft()) {
            draft.write(1);
            store.keep(draft.finish(), DiskStore.avatar(Uuid7.next()));
        }
        List<Path> stored = media.stored();
        try (Database database = Database.open(media.config, "db/media")) {
            database.start();
            sweeper(store, database, Clock.systemUTC()).sweep();
            assertThat(media.stored()).isEqualTo(stored);

            var later = Clock.offset(Clock.systemUTC(), Sweeper.GRACE.plus(Duration.ofMinutes(1)));
            sweeper(store, database, later).sweep();
        }

        assertThat(media.stored()).hasSize(stored.size() - 2);
        assertThat(media.anyone().get(url).status()).isEqualTo(200);
    }

    private static Sweeper sweeper(DiskStore store, Database database, Clock clock) {
        return new Sweeper(store, new Files(database), new Avatars(database), new DeletedChats(database), clock);
    }

    private static String set(UUID user, String type, byte[] body) {
        Reply reply = put(user, type, body);
        assertThat(reply.status()).as(reply.toString()).isEqualTo(200);
        return reply.json().get("avatar_url").asString();
    }

    private static Reply put(UUID user, String type, byte[] body) {
        return media.as(user).with("Content-Type", type).put(PATH, body);
    }

    private static List<FileEvent.AvatarSet> events(UUID user) {
        return EVENTS.stream()
                .map(delivery -> Json.parse(delivery.payload(), FileEvent.class))
                .filter(FileEvent.AvatarSet.class::isInstance)
                .map(FileEvent.AvatarSet.class::cast)
                .filter(event -> event.userId().equals(user))
                .toList();
    }
}

package dev.natter.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

@EachArrangement
class AvatarTest {
    private final World world;

    AvatarTest(Arrangement arrangement) {
        this.world = arrangement.world();
    }

    @Test
    void aPictureBecomesTheAvatarThatEverybodySees() {
        Person clara = world.person("clara");

        Answer answer = put(clara, "image/png", Picture.png(400, 300)).is(200);

        String url = answer.json().get("avatar_url").asString();
        Answer bytes = world.anonymous().get(url).is(200);
        assertThat(Picture.size(bytes.body()).width).isEqualTo(Picture.size(bytes.body()).height);
        assertThat(bytes.header("Cache-Control")).contains("immutable");
        Person anna = world.person("anna");
        await().untilAsserted(() -> assertThat(anna.client()
                        .get("/api/users/" + clara.id())
                        .json()
                        .get("avatar_url")
                        .asString(""))
                .isEqualTo(url));
    }

    @Test
    void aFormWithOnePartWillDo() {
        Person boris = world.person("boris");
        Form form = new Form().file("avatar", "me.png", "image/png", Picture.png(64, 64));

        String url = put(boris, form.type(), form.bytes())
                .is(200)
                .json()
                .get("avatar_url")
                .asString();

        world.anonymous().get(url).is(200);
        assertThat(put(boris, "image/png", Picture.png(80, 80))
                        .json()
                        .get("avatar_url")
                        .asString())
                .isNotEqualTo(url);
    }

    @Test
    void whatIsNoPictureIsRefused() {
        Person anna = world.person("anna");
        byte[] picture = Picture.png(64, 64);

        put(anna, "image/png", "not a picture".getBytes(StandardCharsets.UTF_8)).is(415, "unsupported_media_type");
        put(anna, "image/svg+xml", "<svg/>".getBytes(StandardCharsets.UTF_8)).is(415, "unsupported_media_type");
        put(anna, "application/json", "{}".getBytes(StandardCharsets.UTF_8)).is(415, "unsupported_media_type");
        assertThat(put(anna, "image/png", Arrays.copyOf(picture, picture.length / 2))
                        .status())
                .isIn(200, 400, 415, 422);
        assertThat(put(anna, "image/png", new byte[0]).status()).isIn(400, 415, 422);
    }

    private static Answer put(Person person, String type, byte[] body) {
        return person.client().send("PUT", "/api/users/me/avatar", type, body);
    }
}

package dev.natter.platform.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.natter.testing.Hands;
import io.helidon.config.Config;
import io.helidon.config.ConfigSources;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SignedUrlTest {
    private static final String PATH = "/media/messages/0199";

    private final Hands clock = new Hands(Instant.parse("2026-01-01T00:10:00Z"));
    private final SignedUrl urls =
            new SignedUrl(secret("a secret of more than thirty-two bytes"), clock, Duration.ofHours(1));

    @Test
    void aSignedPathOpensUntilItExpires() {
        Link link = link(urls.sign(PATH));

        assertThat(urls.verify(PATH, link.expires, link.signature)).isTrue();
        clock.advance(Duration.ofMinutes(61));
        assertThat(urls.verify(PATH, link.expires, link.signature)).isTrue();
        clock.advance(Duration.ofHours(1));
        assertThat(urls.verify(PATH, link.expires, link.signature)).isFalse();
    }

    @Test
    void aSignatureIsForOnePathAndOneTime() {
        Link link = link(urls.sign(PATH));
        var others = new SignedUrl(secret("another secret of thirty-two bytes"), clock, Duration.ofHours(1));

        assertThat(urls.verify(PATH + "/thumbnail", link.expires, link.signature))
                .isFalse();
        assertThat(urls.verify(PATH, link.expires + 1, link.signature)).isFalse();
        assertThat(urls.verify(PATH, link.expires, "")).isFalse();
        assertThat(urls.verify(PATH, link.expires, "ключ")).isFalse();
        assertThat(others.verify(PATH, link.expires, link.signature)).isFalse();
    }

    @Test
    void aPathSignedTwiceWithinAPeriodIsTheSameText() {
        String first = urls.sign(PATH);

        clock.advance(Duration.ofMinutes(10));

        assertThat(urls.sign(PATH)).isEqualTo(first);
    }

    private record Link(long expires, String signature) {}

    private static Link link(String signed) {
        String[] parts = signed.split("[?&=]");
        return new Link(Long.parseLong(parts[2]), parts[4]);
    }

    private static SharedSecret secret(String text) {
        return SharedSecret.from(Config.just(ConfigSources.create(Map.of("secret.key", text))));
    }
}

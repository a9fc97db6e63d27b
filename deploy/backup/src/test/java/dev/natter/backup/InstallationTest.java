package dev.natter.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.natter.platform.db.DatabaseUrl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever runs the services tells a backup of them in the same words. */
class InstallationTest {
    @TempDir
    private Path folder;

    private final Map<String, String> environment = new HashMap<>(Map.of(
            "AUTH_DATABASE_URL", "postgresql://a:pa@host/natter_auth",
            "CHAT_DATABASE_URL", "postgresql://c:pc@host/natter_chat",
            "MESSAGE_DATABASE_URL", "postgresql://m:pm@host/natter_message",
            "MEDIA_DATABASE_URL", "postgresql://f:pf@host/natter_media",
            "MEDIA_ROOT", "/data"));

    @Test
    void whatTheUrlsSayCounts() {
        Installation told = Installation.of(environment);

        assertThat(told.databases().get(Store.MEDIA))
                .isEqualTo(new DatabaseUrl("jdbc:postgresql://host/natter_media", "f", "pf"));
        assertThat(told.media()).isEqualTo(Path.of("/data"));
        assertThat(told.nats()).isNull();
    }

    @Test
    void usersAndPasswordsCanBeToldByThemselvesAndStandInFiles() throws IOException {
        Path secret = Files.writeString(folder.resolve("secret"), "of: the/file@\n");
        environment.putAll(Map.of(
                "CHAT_DATABASE_URL", "jdbc:postgresql://host/natter_chat",
                "CHAT_DATABASE_USER", "natter_chat",
                "CHAT_DATABASE_PASSWORD_FILE", secret.toString(),
                "NATS_URL", "nats://one:4222,nats://two:4222",
                "NATS_USER", "natter",
                "NATS_PASSWORD_FILE", secret.toString()));

        Installation told = Installation.of(environment);

        assertThat(told.databases().get(Store.CHAT))
                .isEqualTo(new DatabaseUrl("jdbc:postgresql://host/natter_chat", "natter_chat", "of: the/file@"));
        assertThat(told.nats()).isEqualTo(new Streams("nats://one:4222,nats://two:4222", "natter", "of: the/file@"));
    }

    @Test
    void whatIsMissingOrSaidTwiceIsNamed() {
        environment.putAll(Map.of("NATS_URL", "", "MEDIA_ROOT", " "));
        assertThatThrownBy(() -> Installation.of(environment))
                .isInstanceOf(BackupFailure.class)
                .hasMessage("MEDIA_ROOT must be set");

        environment.putAll(Map.of("MEDIA_ROOT", "/data", "MEDIA_DATABASE_URL_FILE", "/run/secrets/url"));
        assertThatThrownBy(() -> Installation.of(environment))
                .isInstanceOf(BackupFailure.class)
                .hasMessage("Give MEDIA_DATABASE_URL or MEDIA_DATABASE_URL_FILE, not both");
    }

    @Test
    void nothingSecretGetsIntoAMessage() {
        environment.putAll(Map.of("NATS_URL", "nats://natter:hush@host", "NATS_PASSWORD", "hush"));

        assertThat(Installation.of(environment).toString()).doesNotContain("hush", "pa@", "pf");
    }
}

package dev.natter.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsTest {
    @TempDir
    Path home;

    @Test
    void aSecretIsDrawnOnceAndKept() {
        String first = Secrets.in(home).get("secret.key");

        assertThat(first).hasSize(64);
        assertThat(Secrets.in(home).get("secret.key")).isEqualTo(first);
    }

    @Test
    void eachNameHasItsOwn() {
        Secrets secrets = Secrets.in(home);

        assertThat(secrets.get("database.auth")).isNotEqualTo(secrets.get("database.chat"));
    }

    @Test
    void onlyTheOwnerReadsThem() throws IOException {
        Secrets.in(home).get("secret.key");

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve("secrets.properties"))))
                .isEqualTo("rw-------");
    }

    @Test
    void anUnreadableFileIsAClearFailureAndNotANewSecret() throws IOException {
        Path file = home.resolve("secrets.properties");
        Files.writeString(file, "secret.key=\\uXYZ");

        assertThatThrownBy(() -> Secrets.in(home))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining(file.toString());
    }
}

package dev.natter.platform.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helidon.config.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
    @TempDir
    private Path folder;

    @Test
    void theStrongestSourceWins() throws IOException {
        Path file = Files.writeString(
                folder.resolve("natter.yaml"),
                "secret: {key: file}\nnats: {url: file}\ndatabase: {url: file, user: file}\n");
        Map<String, String> environment =
                Map.of("NATTER_CONFIG", file.toString(), "NATS_URL", "environment", "DATABASE_URL", "environment");

        Config config = Settings.load(SettingsTest.class, Map.of("database.url", "override"), environment);

        assertThat(text(config, "database.url")).isEqualTo("override");
        assertThat(text(config, "nats.url")).isEqualTo("environment");
        assertThat(text(config, "database.user")).isEqualTo("file");
        assertThat(text(config, "greeting.text")).isEqualTo("default");
    }

    @Test
    void theOldNamesOfSettingsSetThem() {
        Config config = Settings.load(
                SettingsTest.class,
                Map.of(),
                Map.of("ACCESS_TOKEN_EXPIRE_MINUTES", "5", "SECRET_KEY", "s", "ALGORITHM", "HS256", "path", "x"));

        assertThat(config.get("access.token.expire.minutes").asInt().get()).isEqualTo(5);
        assertThat(text(config, "secret.key")).isEqualTo("s");
        assertThat(text(config, "algorithm")).isEqualTo("HS256");
        assertThat(config.get("path").exists()).isFalse();
    }

    @Test
    void aValueIsTakenAsItIs() {
        Config config = Settings.load(SettingsTest.class, Map.of(), Map.of("SECRET_KEY", "a${nats.url},b\\c"));

        assertThat(text(config, "secret.key")).isEqualTo("a${nats.url},b\\c");
    }

    @Test
    void aSecretCanStandInAFile() throws IOException {
        Path file = Files.writeString(folder.resolve("secret_key"), "a ${secret}\n");

        Config config = Settings.load(
                SettingsTest.class, Map.of(), Map.of("SECRET_KEY_FILE", file.toString(), "A_FILE", "none"));

        assertThat(text(config, "secret.key")).isEqualTo("a ${secret}");
    }

    @Test
    void aSecretIsRefusedThatIsGivenTwiceOrIsNotThere() throws IOException {
        Path file = Files.writeString(folder.resolve("nats_password"), "one");
        Path none = folder.resolve("none");

        assertThatThrownBy(() -> Settings.load(
                        SettingsTest.class,
                        Map.of(),
                        Map.of("NATS_PASSWORD_FILE", file.toString(), "NATS_PASSWORD", "another")))
                .hasMessage("Give NATS_PASSWORD or NATS_PASSWORD_FILE, not both");
        assertThatThrownBy(() ->
                        Settings.load(SettingsTest.class, Map.of(), Map.of("DATABASE_PASSWORD_FILE", none.toString())))
                .hasMessageContaining("DATABASE_PASSWORD_FILE")
                .hasMessageContaining("none");
    }

    @Test
    void aFileThatIsNamedMustBeThere() {
        Map<String, String> environment =
                Map.of("NATTER_CONFIG", folder.resolve("none.yaml").toString());

        assertThatThrownBy(() -> Settings.load(SettingsTest.class, Map.of(), environment))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("NATTER_CONFIG")
                .hasMessageContaining("none.yaml");
    }

    @Test
    void aFileThatIsNoYamlIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("broken.yaml"), "a: [1\nb: {");

        assertThatThrownBy(() -> Settings.load(SettingsTest.class, Map.of(), Map.of("NATTER_CONFIG", file.toString())))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "server.port, 70000",
        "server.port, eighty",
        "internal.port, -1",
        "server.max.payload, 0",
        "server.max.connections, -5",
        "server.shutdown.delay, PTX",
        "server.head.timeout, 0",
        "cors.origins, http://a.example/",
        "cors.origins, *",
        "server.trusted.proxies, 10.0.0.0/33",
        "server.trusted.proxies, proxy.example",
        "rate.limit.user.requests, -1",
        "rate.limit.user.seconds, 0",
        "rate.limit.address.requests, many",
    })
    void nonsenseIsRefusedByName(String key, String value) {
        Config config = Settings.load(SettingsTest.class, Map.of(key, value), Map.of());

        assertThatThrownBy(() -> NodeConfig.from(config))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(key.startsWith("rate.limit") ? "rate.limit." : key);
    }

    @Test
    void aValueOfTheWrongKindIsRefusedByName() {
        Config config = Settings.load(SettingsTest.class, Map.of("lanes.count", "two"), Map.of());

        assertThatThrownBy(() -> Settings.make(
                        config, settings -> settings.get("lanes.count").asInt().get()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("lanes.count: 'two' makes no sense");
    }

    @Test
    void aNodeHasDefaults() {
        NodeConfig config = NodeConfig.from(Settings.load(SettingsTest.class, Map.of(), Map.of()));

        assertThat(config.port()).isEqualTo(8080);
        assertThat(config.internalPort()).isEqualTo(9090);
        assertThat(config.shutdownDelay()).isEqualTo(Duration.ZERO);
        assertThat(config.edge().origins()).containsExactly("http://localhost:3000");
        assertThat(config.edge().trustedProxies()).isEmpty();
    }

    private static String text(Config config, String key) {
        return config.get(key).asString().get();
    }
}

package dev.natter.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.natter.platform.db.Database;
import dev.natter.platform.db.DatabaseUrl;
import dev.natter.testing.Ground;
import io.nats.client.Nats;
import io.nats.client.api.StreamConfiguration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backup goes into empty databases that nobody uses, whole or not at all. */
class RestoreServiceTest {
    private static final String EPOCH = "SELECT epoch FROM dataset";

    @TempDir
    private Path folder;

    private Ground ground;
    private Installation old;
    private Installation fresh;
    private Path backup;

    @BeforeEach
    void backUpAnInstallation() throws Exception {
        ground = Ground.open();
        old = installation("old");
        fresh = installation("fresh");
        for (Store store : Store.values()) {
            migrate(old, store);
        }
        UUID user = UUID.randomUUID();
        run(Store.AUTH, """
                INSERT INTO users (id, username, username_key, display_name, display_key, password, bio, created_at)
                VALUES ('%s', 'änna', 'anna', E'a\\tb\\\\n', 'x', 'p', NULL, now())""".formatted(user));
        run(
                Store.AUTH,
                "INSERT INTO sessions (id, user_id, created_at, expires_at) VALUES ('%s', '%s', now(), now())"
                        .formatted(UUID.randomUUID(), user));
        run(
                Store.MESSAGE,
                "INSERT INTO outbox (subject, event_id, seq, payload) VALUES ('s', 'e', 1, '\\x00ff'), ('s', 'f', 2, '')");
        run(Store.MESSAGE, "INSERT INTO outbox_stream VALUES ('natter-message', now(), 'a server that is gone')");
        Files.createDirectories(old.media().resolve("media/messages"));
        Files.writeString(old.media().resolve("media/messages/" + user), "bytes");
        Files.createDirectories(old.media().resolve("media/drafts"));
        Files.writeString(old.media().resolve("media/drafts/draft"), "not a file yet");
        backup = Backup.take(old, folder.resolve("backup")).folder();
    }

    @AfterEach
    void close() {
        ground.close();
    }

    @Test
    void everyRowAndEveryFileComesBack() throws Exception {
        Restore.from(backup, fresh);

        for (String query : new String[] {"SELECT u::text FROM users u", "SELECT s::text FROM sessions s"}) {
            assertThat(ask(fresh, Store.AUTH, query)).isNotNull().isEqualTo(ask(old, Store.AUTH, query));
        }
        String events = "SELECT string_agg(o::text, '|' ORDER BY id) FROM outbox o";
        assertThat(ask(fresh, Store.MESSAGE, events)).isNotNull().isEqualTo(ask(old, Store.MESSAGE, events));
        try (Stream<Path> files = Files.walk(fresh.media())) {
            assertThat(files.filter(Files::isRegularFile))
                    .hasSize(1)
                    .allSatisfy(file -> assertThat(file).hasContent("bytes"));
        }
    }

    @Test
    void theDataSetIsAnotherAndNothingIsKnownOfItsStreams() throws Exception {
        Restore.from(backup, fresh);

        assertThat(ask(fresh, Store.MESSAGE, EPOCH)).isNotNull().isNotEqualTo(ask(old, Store.MESSAGE, EPOCH));
        assertThat(ask(fresh, Store.MESSAGE, "SELECT count(*) FROM outbox_stream"))
                .isEqualTo("0");
    }

    @Test
    void numbersThatTheDatabaseDrawsGoOn() throws Exception {
        Restore.from(backup, fresh);

        assertThat(ask(fresh, Store.MESSAGE, """
                WITH next AS (INSERT INTO outbox (subject, event_id, seq, payload) VALUES ('s', 'g', 3, '') RETURNING id)
                SELECT id FROM next""")).isEqualTo("3");
    }

    @Test
    void theStreamsOfTheOldPastAreTakenAwayAndNoOthers() throws Exception {
        io.nats.client.Connection nats = Nats.connect(ground.nats().url());
        for (String name : List.of("natter-message", "others")) {
            nats.jetStreamManagement()
                    .addStream(StreamConfiguration.builder()
                            .name(name)
                            .subjects(name)
                            .build());
        }

        Restore.from(
                backup,
                new Installation(
                        fresh.databases(),
                        fresh.media(),
                        new Streams(ground.nats().url(), null, null)));

        assertThat(nats.jetStreamManagement().getStreamNames()).containsExactly("others");
        nats.close();
    }

    @Test
    void databasesThatAreNotEmptyAreLeftAlone() throws Exception {
        assertThatThrownBy(() -> Restore.from(backup, old))
                .isInstanceOf(BackupFailure.class)
                .hasMessageContaining("isn't empty");
        assertThat(ask(old, Store.AUTH, "SELECT count(*) FROM users")).isEqualTo("1");
    }

    @Test
    void aRunningServiceIsNoticed() throws Exception {
        try (Connection service = fresh.connect(Store.CHAT);
                Statement statement = service.createStatement()) {
            statement.execute("SET application_name = 'natter-chat'");

            assertThatThrownBy(() -> Restore.from(backup, fresh))
                    .isInstanceOf(BackupFailure.class)
                    .hasMessageContaining("natter-chat")
                    .hasMessageContaining("stop all services");
        }
    }

    @Test
    void aDamagedBackupIsNotRestoredAtAll() throws Exception {
        Path users = backup.resolve("databases/auth/users.copy.gz");
        byte[] bytes = Files.readAllBytes(users);
        bytes[bytes.length / 2] ^= 1;
        Files.write(users, bytes);

        assertThatThrownBy(() -> Restore.from(backup, fresh))
                .isInstanceOf(BackupFailure.class)
                .hasMessageContaining("not what was backed up");
        assertThat(ask(fresh, Store.AUTH, "SELECT to_regclass('users')")).isNull();
    }

    @Test
    void aBackupOfOtherMigrationsIsLeftToItsRelease() throws Exception {
        Path manifest = backup.resolve(Manifest.FILE);
        Files.writeString(manifest, Files.readString(manifest).replace("V002__sessions.sql", "V002__elsewhere.sql"));

        assertThatThrownBy(() -> Restore.from(backup, fresh))
                .isInstanceOf(BackupFailure.class)
                .hasMessageContaining("another release");
    }

    @Test
    void aBackupIsNeverWrittenOver() {
        assertThatThrownBy(() -> Backup.take(old, backup))
                .isInstanceOf(BackupFailure.class)
                .hasMessageContaining("there already");
    }

    private Installation installation(String name) {
        Map<Store, DatabaseUrl> databases = new EnumMap<>(Store.class);
        for (Store store : Store.values()) {
            databases.put(store, DatabaseUrl.parse(ground.database()));
        }
        return new Installation(databases, folder.resolve(name), null);
    }

    private void migrate(Installation installation, Store store) {
        DatabaseUrl url = installation.databases().get(store);
        try (Database database = Database.open(
                ground.config(Map.of(
                        "database.url", url.jdbc(), "database.user", url.user(), "database.password", url.password())),
                store.migrations())) {
            database.start();
        }
    }

    private void run(Store store, String sql) throws SQLException {
        try (Connection connection = old.connect(store);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String ask(Installation installation, Store store, String sql) throws SQLException {
        try (Connection connection = installation.connect(store);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getString(1) : null;
        }
    }
}

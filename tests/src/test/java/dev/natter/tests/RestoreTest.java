package dev.natter.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.natter.local.Natter;
import dev.natter.local.Options;
import dev.natter.platform.db.DatabaseUrl;
import dev.natter.servers.PostgresServer;
import dev.natter.testing.Socket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Clients that outlive a restore from backup: their numbers are of another past. A Natter of its own, since it is
 * stopped.
 */
@Tag("e2e")
class RestoreTest {
    private static final Duration RECOVERY = Duration.ofSeconds(60);

    private final Path home = Arrangement.emptyFolder("restored");
    private final Path backup = Arrangement.emptyFolder("backup");
    private final int port = freePort();

    private Person anna;
    private Person boris;
    private String chat;

    @Test
    void whatWasLostWithTheRestoreIsShownByNoClientAndWhatCameInsteadByAll() throws Exception {
        Follower steady;
        Follower away;
        try (Natter _ = start()) {
            people();
            steady = new Follower(boris).follows(chat).online();
            away = new Follower(boris).follows(chat).online();
            anna.says(chat, "one");
            anna.says(chat, "two");
            await().until(() -> steady.isAt(chat, 2));
        }
        copy(home, backup);
        Socket toAnna;
        try (Natter _ = start()) {
            toAnna = anna.connects();
            anna.says(chat, "three, to be lost");
            String two = anna.client()
                    .get("/api/chats/" + chat + "/messages")
                    .list("id")
                    .get(1);
            anna.client()
                    .put("/api/messages/" + two, Map.of("content", "two, edited"))
                    .is(200);
            anna.says(chat, "five, to be lost");
            anna.opensGroup("to be lost", boris);
            await().atMost(RECOVERY).until(() -> steady.isAt(chat, 5) && away.isAt(chat, 5) && steady.boxAt() == 2);
            away.offline();
        }
        assertThat(toAnna.await("reconnect").get("reason").asString()).isEqualTo("restart");
        assertThat(toAnna.awaitClose()).isEqualTo(1012);
        restore();
        try (Natter _ = start();
                Socket again = anna.connects();
                steady;
                away) {
            again.send(Map.of("type", "join_chat", "chat_id", chat, "since", 5));
            assertThat(again.await("resync_required").get("reason").asString()).isEqualTo("ahead");
            List.of("three", "four", "five", "six").forEach(content -> anna.says(chat, content));

            away.online();
            await().atMost(RECOVERY).until(() -> steady.isAt(chat, 6) && away.isAt(chat, 6));
            anna.says(chat, "seven");
            await().atMost(RECOVERY).until(() -> steady.isAt(chat, 7) && away.isAt(chat, 7));

            for (Follower device : List.of(steady, away)) {
                assertThat(device.resyncs()).containsExactly("epoch");
                assertThat(device.contents(chat))
                        .containsExactly("one", "two", "three", "four", "five", "six", "seven");
                assertThat(device.holes()).isEmpty();
                await().atMost(RECOVERY).until(() -> device.boxAt() == 1);
                assertThat(device.chats()).containsOnlyKeys(chat);
            }
        }
    }

    private void people() {
        Client anyone = Client.anonymous(URI.create("http://127.0.0.1:" + port));
        anna = Person.register(anyone, "anna");
        boris = Person.register(anyone, "boris");
        chat = anna.opensGroup("restored", boris);
    }

    private Natter start() {
        return Natter.start(new Options(home, "127.0.0.1", port, 0, false, Map.of()));
    }

    /** As the operator's guide has it: everything back as it was, NATS emptied, and the data set named anew. */
    private void restore() throws IOException, SQLException {
        Arrangement.emptyFolder("restored");
        copy(backup, home);
        Arrangement.emptyFolder("restored/nats");
        try (var postgres = PostgresServer.durable(home.resolve("postgres"), 0);
                var connection = connect(DatabaseUrl.parse(postgres.url("natter_message")));
                var statement = connection.createStatement()) {
            statement.executeUpdate("UPDATE dataset SET epoch = gen_random_uuid()::text");
        }
    }

    private static Connection connect(DatabaseUrl database) throws SQLException {
        return DriverManager.getConnection(database.jdbc(), database.user(), database.password());
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var paths = Files.walk(from)) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                Path copy = to.resolve(from.relativize(path).toString());
                if (!Files.isDirectory(path) || !Files.exists(copy)) {
                    Files.copy(path, copy, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException none) {
            throw new UncheckedIOException(none);
        }
    }
}

package dev.natter.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.natter.contracts.Chat;
import dev.natter.contracts.Internal.Box;
import dev.natter.platform.db.DatabaseUrl;
import dev.natter.testing.Ground;
import dev.natter.testing.Reply;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;

class MigrationServiceTest {
    private final UUID ann = UUID.randomUUID();
    private final UUID bob = UUID.randomUUID();
    private final UUID old = UUID.randomUUID();
    private final UUID older = UUID.randomUUID();

    @Test
    void whatWasThereBeforeBoxesIsInThem() throws SQLException {
        try (ChatStage stage = new ChatStage(this::asItWas)) {
            Reply reply = stage.as(ann).get("/api/chats?changed_since=0");

            assertThat(reply.header("Natter-User-Seq")).isEqualTo("2");
            assertThat(Arrays.stream(reply.as(Chat[].class)))
                    .extracting(Chat::id)
                    .containsExactly(older, old);
            assertThat(stage.as(bob).get("/api/chats/" + old).as(Chat.class).userSeq())
                    .isEqualTo(1);
            stage.removes(ann, old, bob);
            assertThat(stage.as(ann).get("/api/chats/" + old).as(Chat.class).userSeq())
                    .isEqualTo(3);
        }
    }

    @Test
    void whatThePreviousVersionWritesMeanwhileIsToldWithTheNextChange() throws SQLException {
        try (ChatStage stage = new ChatStage(this::asItWas)) {
            UUID late = UUID.randomUUID();
            write(stage.ground, late, "2026-01-03T00:00:00Z", ann, bob);
            assertThat(stage.as(ann).get("/api/chats/" + late).as(Chat.class).userSeq())
                    .isZero();

            stage.removes(ann, late, bob);

            Box box =
                    stage.peer().get("/internal/users/" + ann + "/box?since=2").as(Box.class);
            assertThat(box.userSeq()).isEqualTo(3);
            assertThat(box.entries()).hasSize(1);
            assertThat(box.entries().getFirst().chatId()).isEqualTo(late);
            assertThat(box.entries().getFirst().joinedSeq()).isEqualTo(3);
        }
    }

    private void asItWas(Ground ground) {
        DatabaseUrl url = DatabaseUrl.parse(ground.settings().get("database.url"));
        Flyway.configure()
                .dataSource(url.jdbc(), url.user(), url.password())
                .locations("classpath:db/chat")
                .table("natter_history")
                .target("1")
                .load()
                .migrate();
        try {
            write(ground, old, "2026-01-02T00:00:00Z", ann, bob);
            write(ground, older, "2026-01-01T00:00:00Z", ann);
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** Writes a group as the previous version did. */
    private static void write(Ground ground, UUID chatId, String at, UUID... members) throws SQLException {
        DatabaseUrl url = DatabaseUrl.parse(ground.settings().get("database.url"));
        try (Connection connection = DriverManager.getConnection(url.jdbc(), url.user(), url.password())) {
            run(
                    connection,
                    "INSERT INTO chats (id, type, member_count, version, created_at)"
                            + " VALUES (?::uuid, 'group', ?::int, 1, ?::timestamptz)",
                    chatId,
                    members.length,
                    at);
            run(connection, "INSERT INTO heads (chat_id, activity) VALUES (?::uuid, ?::timestamptz)", chatId, at);
            for (int place = 0; place < members.length; place++) {
                run(
                        connection,
                        "INSERT INTO members (chat_id, place, user_id, role, joined_at)"
                                + " VALUES (?::uuid, ?::int, ?::uuid, ?, ?::timestamptz)",
                        chatId,
                        place,
                        members[place],
                        place == 0 ? "owner" : "member",
                        at);
            }
        }
    }

    private static void run(Connection connection, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setString(i + 1, values[i].toString());
            }
            statement.executeUpdate();
        }
    }
}

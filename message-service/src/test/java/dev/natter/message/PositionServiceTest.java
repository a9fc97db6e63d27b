package dev.natter.message;

import static dev.natter.message.Running.linkOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.natter.contracts.Chat;
import dev.natter.platform.db.Uuid7;
import dev.natter.testing.Reply;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

/** Marking chats read and unread, and who has read how far. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PositionServiceTest {
    private Running running;

    @BeforeAll
    void open() {
        running = new Running();
    }

    @AfterAll
    void close() {
        running.close();
    }

    @Test
    void unreadIsWhatOthersSaidAboveAPositionThatMovesForward() {
        UUID chat = running.chat();
        for (int i = 1; i <= 3; i++) {
            running.send(running.ann, chat, "message " + i);
        }
        running.send(running.bob, chat, "my own");
        running.as(running.ann).delete("/api/messages/" + chat + ".3");

        assertThat(mark(chat, "read", 1).json().get("unread_count").asInt()).isEqualTo(1);
        assertThat(mark(chat, "read", 99).json().get("last_read_seq").asLong()).isEqualTo(5);
        assertThat(mark(chat, "read", 2).json().get("last_read_seq").asLong()).isEqualTo(5);
        assertThat(mark(chat, "unread", 0).json().get("unread_count").asInt()).isEqualTo(2);
        assertThat(mark(chat, "unread", 4).json().get("last_read_seq").asLong()).isZero();
        assertThat(mark(chat, "read", -1).status()).isEqualTo(422);

        mark(chat, "read", 2);
        JsonNode positions =
                running.as(running.ann).get("/api/chats/" + chat + "/reads").json();
        assertThat(positions)
                .extracting(position -> position.get("user_id").asString() + " "
                        + position.get("seq").asLong())
                .containsExactlyInAnyOrder(running.ann + " 0", running.bob + " 2");
        assertThat(running.as(running.eve).get("/api/chats/" + chat + "/reads").status())
                .isEqualTo(404);
    }

    @Test
    void whoHasReadHowFarIsToldByPagesWithTheNumberItIsTrueFor() {
        List<String> ids = IntStream.range(0, 7)
                .mapToObj(_ -> Uuid7.next().toString())
                .sorted()
                .toList();
        List<Chat.Member> members =
                ids.stream().map(UUID::fromString).map(Running::member).toList();
        UUID chat = running.chat(members);
        UUID reader = members.getLast().userId();
        running.send(reader, chat, "hello");
        running.as(reader).post("/api/chats/" + chat + "/read", Map.of("seq", 1));
        String path = "/api/chats/" + chat + "/reads";

        Reply first = running.as(reader).get(path + "?limit=4");
        Reply second = running.as(reader).get(linkOf(first));

        assertThat(first.json()).hasSize(4);
        assertThat(second.json()).hasSize(3);
        assertThat(second.header("Link")).isNull();
        assertThat(first.header("Natter-Seq")).isEqualTo("1");
        assertThat(first.header("Natter-Epoch")).isNotBlank();
        assertThat(Stream.of(first, second)
                        .flatMap(page -> page.json().valueStream())
                        .map(position -> position.get("user_id").asString()))
                .containsExactlyElementsOf(ids);
        assertThat(second.json().get(2).get("seq").asLong()).isEqualTo(1);
        assertThat(running.as(reader).get(path + "?cursor=x").status()).isEqualTo(422);
        assertThat(running.as(reader).get(path + "?limit=0").status()).isEqualTo(422);
        assertThat(running.as(running.eve).get(path).status()).isEqualTo(404);
    }

    @Test
    void markingSaysWhichStateItsCountIsTrueFor() {
        UUID chat = running.chat();
        running.send(running.ann, chat, "one");
        running.send(running.ann, chat, "two");

        for (String how : List.of("read", "unread")) {
            Reply reply = mark(chat, how, 1);
            assertThat(reply.header("Natter-Seq")).isEqualTo("2");
            assertThat(reply.header("Natter-Epoch")).isNotBlank();
            assertThat(reply.json().get("unread_count").asInt()).isEqualTo(1);
            assertThat(running.as(running.eve)
                            .post("/api/chats/" + chat + "/" + how, Map.of("seq", 1))
                            .status())
                    .isEqualTo(404);
            assertThat(running.as(running.bob)
                            .post("/api/chats/" + chat + "/" + how, Map.of())
                            .status())
                    .isEqualTo(422);
        }
    }

    private Reply mark(UUID chat, String how, long seq) {
        return running.as(running.bob).post("/api/chats/" + chat + "/" + how, Map.of("seq", seq));
    }
}

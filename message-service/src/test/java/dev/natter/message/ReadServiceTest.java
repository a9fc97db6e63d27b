package dev.natter.message;

import static dev.natter.message.Running.NOW;
import static dev.natter.message.Running.linkOf;
import static dev.natter.message.Running.seqs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.natter.contracts.Chat;
import dev.natter.contracts.ChatEvent;
import dev.natter.contracts.FileEvent;
import dev.natter.contracts.FileInfo;
import dev.natter.contracts.Internal;
import dev.natter.contracts.MessageId;
import dev.natter.contracts.Subjects;
import dev.natter.platform.bus.Envelope;
import dev.natter.platform.bus.Outgoing;
import dev.natter.platform.db.Uuid7;
import dev.natter.platform.http.Json;
import dev.natter.testing.Reply;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReadServiceTest {
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
    void pagesLeadOnInTheDirectionAskedFor() {
        UUID chat = running.chat();
        IntStream.rangeClosed(1, 10).forEach(i -> running.send(running.ann, chat, "message " + i));
        String path = "/api/chats/" + chat + "/messages";

        Reply latest = running.as(running.bob).get(path + "?limit=4");
        Reply older = running.as(running.bob).get(linkOf(latest));
        Reply oldest = running.as(running.bob).get(linkOf(older));
        Reply newer = running.as(running.bob).get(path + "?after=2&limit=5");
        Reply around = running.as(running.bob).get(path + "?around=5&limit=4");

        assertThat(seqs(latest)).containsExactly(7L, 8L, 9L, 10L);
        assertThat(seqs(older)).containsExactly(3L, 4L, 5L, 6L);
        assertThat(seqs(oldest)).containsExactly(1L, 2L);
        assertThat(oldest.header("Link")).isNull();
        assertThat(seqs(newer)).containsExactly(3L, 4L, 5L, 6L, 7L);
        assertThat(seqs(running.as(running.bob).get(linkOf(newer)))).containsExactly(8L, 9L, 10L);
        assertThat(seqs(around)).containsExactly(3L, 4L, 5L, 6L);
        assertThat(running.as(running.bob).get(path + "?before=3&after=4").status())
                .isEqualTo(422);
        assertThat(running.as(running.bob).get(path + "?limit=0").status()).isEqualTo(422);
        assertThat(running.as(running.bob).get(path + "?limit=201").status()).isEqualTo(422);
        assertThat(running.as(running.bob).get(path + "?before=x").status()).isEqualTo(422);
    }

    @Test
    void anOutsiderIsToldWhatOneIsToldOfAChatThatIsNot() {
        UUID chat = running.chat();
        running.send(running.ann, chat, "secret");

        for (UUID id : List.of(chat, Uuid7.next())) {
            assertThat(running.as(running.eve)
                            .get("/api/chats/" + id + "/messages")
                            .status())
                    .isEqualTo(404);
            assertThat(running.send(running.eve, id, "hi").status()).isEqualTo(404);
            assertThat(running.as(running.eve).get("/api/messages/" + id + ".1").status())
                    .isEqualTo(404);
        }
        assertThat(running.as(running.ann).get("/api/chats/nonsense/messages").status())
                .isEqualTo(404);
        assertThat(running.as(running.ann).get("/api/messages/nonsense").status())
                .isEqualTo(404);
        assertThat(running.as(running.ann)
                        .get("/api/messages/" + chat + ".0001")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void membersAreKnownFromEventsToo() {
        UUID chat = Uuid7.next();
        var event =
                new ChatEvent.Created(chat, 1, chat + ".v1", NOW, Chat.Type.group, null, running.members(), Map.of());

        running.bus
                .publish(Envelope.of(new Outgoing(Subjects.of(chat, event), event.id(), 1, Json.bytes(event))))
                .join();

        await().until(() -> running.send(running.bob, chat, "hello").status() == 201);
    }

    @Test
    void attachedFilesComeIntoTheMessageOnceWithOpenAddresses() {
        UUID chat = running.chat();
        MessageId id = MessageId.of(
                running.send(running.ann, chat, "look").json().get("id").asString());
        UUID fileId = Uuid7.next();
        var file =
                new FileInfo(fileId, "a.png", 3, "image/png", "0".repeat(64), 1, 1, "/media/messages/" + fileId, null);
        var event = new FileEvent.Attached(id, "e1-" + fileId, NOW, running.ann, List.of(file));
        var again = new FileEvent.Attached(id, "e2-" + fileId, NOW, running.ann, List.of(file));

        running.bus
                .publish(Envelope.of(new Outgoing(Subjects.of(event), event.id(), 0, Json.bytes(event))))
                .join();
        running.bus
                .publish(Envelope.of(new Outgoing(Subjects.of(again), again.id(), 0, Json.bytes(again))))
                .join();

        await().until(() -> running.as(running.bob)
                        .get("/api/messages/" + id)
                        .json()
                        .get("files")
                        .size()
                == 1);
        JsonNode message = running.as(running.bob).get("/api/messages/" + id).json();
        assertThat(message.get("files").get(0).get("url").asString()).contains("signature=");
        assertThat(message.get("changed_seq").asLong()).isEqualTo(2);
        running.as(running.ann).delete("/api/messages/" + id);
        assertThat(running.as(running.bob)
                        .get("/api/messages/" + id)
                        .json()
                        .get("files")
                        .size())
                .isZero();
    }

    @Test
    void neighboursLearnHeadsChangesAndStates() {
        UUID chat = running.chat();
        running.send(running.ann, chat, "one");
        running.send(running.ann, chat, "two");
        running.send(running.bob, chat, "three");
        running.as(running.ann).put("/api/messages/" + chat + ".1", Map.of("content", "one, edited"));

        JsonNode answer = running.peer()
                .post(
                        "/internal/heads",
                        new Internal.Seats(
                                List.of(new Internal.Seat(chat, running.bob), new Internal.Seat(chat, running.eve))))
                .json();
        JsonNode heads = answer.get("heads");
        JsonNode changes = running.peer()
                .get("/internal/chats/" + chat + "/changes?since=1&limit=2")
                .json();
        JsonNode state = running.peer()
                .post("/internal/chats/states", Map.of("user_id", running.bob, "chat_ids", List.of(chat)))
                .json();

        assertThat(heads).hasSize(1);
        assertThat(heads.get(0).get("user_id").asString()).isEqualTo(running.bob.toString());
        assertThat(heads.get(0).get("seq").asLong()).isEqualTo(4);
        assertThat(changes.get("seq").asLong()).isEqualTo(4);
        assertThat(changes.get("more").asBoolean()).isTrue();
        assertThat(changes.get("messages").get(0).get("changed_seq").asLong()).isEqualTo(2);
        assertThat(changes.get("messages").get(1).get("changed_seq").asLong()).isEqualTo(3);
        assertThat(state.get("epoch").asString()).isEqualTo(answer.get("epoch").asString());
        assertThat(state.get("states").get(0).get("unread_count").asInt()).isEqualTo(2);
        assertThat(state.get("states").get(0).get("last_message").get("content").asString())
                .isEqualTo("three");
        assertThat(running.stranger().get("/internal/dataset").status()).isEqualTo(403);
    }

    @Test
    void whoWasAwayLearnsFinalStatesPageByPage() {
        UUID chat = running.chat();
        for (int i = 1; i <= 4; i++) {
            running.send(running.ann, chat, "message " + i);
        }
        running.as(running.ann).put("/api/messages/" + chat + ".2", Map.of("content", "edited"));
        String path = "/api/chats/" + chat + "/changes";

        JsonNode first = running.as(running.bob).get(path + "?since=1&limit=2").json();
        JsonNode second = running.as(running.bob).get(path + "?since=4&limit=2").json();

        assertThat(first.get("messages"))
                .extracting(message -> message.get("changed_seq").asLong())
                .containsExactly(3L, 4L);
        assertThat(first.get("more").asBoolean()).isTrue();
        assertThat(first.get("seq").asLong()).isEqualTo(5);
        assertThat(second.get("messages").get(0).get("content").asString()).isEqualTo("edited");
        assertThat(second.get("more").asBoolean()).isFalse();
        assertThat(running.as(running.eve).get(path).status()).isEqualTo(404);
    }

    @Test
    void changesBeyondTheEndAreNoneAndOnesAtTheEdgeAreRefused() {
        UUID chat = running.chat();
        running.send(running.ann, chat, "one");
        String path = "/api/chats/" + chat + "/changes";

        JsonNode beyond = running.as(running.bob).get(path + "?since=99").json();
        JsonNode all = running.as(running.bob).get(path).json();

        assertThat(beyond.get("messages")).isEmpty();
        assertThat(beyond.get("seq").asLong()).isEqualTo(1);
        assertThat(beyond.get("epoch").asString())
                .isNotBlank()
                .isEqualTo(all.get("epoch").asString());
        assertThat(all.get("messages")).hasSize(1);
        assertThat(all.get("more").asBoolean()).isFalse();
        for (String wrong : List.of("?since=-1", "?since=x", "?limit=0", "?limit=201")) {
            assertThat(running.as(running.bob).get(path + wrong).status()).isEqualTo(422);
        }
        assertThat(running.as(running.bob)
                        .get("/api/chats/" + Uuid7.next() + "/changes")
                        .status())
                .isEqualTo(404);
    }
}

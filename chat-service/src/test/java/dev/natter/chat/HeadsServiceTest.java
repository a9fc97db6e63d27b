package dev.natter.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.natter.contracts.Chat;
import dev.natter.contracts.Message;
import dev.natter.contracts.MessageEvent;
import dev.natter.testing.Reply;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class HeadsServiceTest {
    private static ChatStage stage;
    private static Said said;

    private final UUID ann = stage.user();

    @BeforeAll
    static void open() {
        stage = new ChatStage();
        stage.messageDown = true;
        said = new Said(stage);
    }

    @AfterAll
    static void close() {
        said.close();
        stage.close();
    }

    @Test
    void whileMessageServiceIsDownTheReplicaAnswers() {
        UUID chatId = stage.group(ann);
        Message last = Said.message(chatId, 1, 1, Said.file("/media/messages/f?expires=1&signature=old"));

        said.tell(Said.created(last));

        await().untilAsserted(() -> {
            Reply reply = stage.as(ann).get("/api/chats/" + chatId);
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.header("Natter-Epoch")).isNull();
            Chat chat = reply.as(Chat.class);
            assertThat(chat.seq()).isEqualTo(1);
            assertThat(chat.lastMessage()).isNotNull();
            assertThat(chat.lastMessage().content()).isEqualTo(last.content());
            assertThat(chat.lastMessage().files().getFirst().url())
                    .matches("/media/messages/f\\?expires=\\d+&signature=.{43}");
            assertThat(chat.lastReadSeq()).isNull();
            assertThat(chat.unreadCount()).isNull();
        });
    }

    @Test
    void theHeadIsTheSameInWhateverOrderEventsCome() {
        Message first = Said.message(stage.group(ann), 1, 1);
        UUID chatId = first.chatId();
        Message second = Said.message(chatId, 2, 2);
        Message edited = Said.message(chatId, 2, 4);

        List<MessageEvent> late = List.of(
                Said.updated(edited),
                Said.created(second),
                Said.created(first),
                Said.updated(Said.message(chatId, 1, 3)),
                Said.created(second));
        late.forEach(said::tell);

        await().untilAsserted(() -> {
            Chat chat = stage.as(ann).get("/api/chats/" + chatId).as(Chat.class);
            assertThat(chat.seq()).isEqualTo(4);
            assertThat(chat.lastMessage()).isEqualTo(edited);
        });
    }

    @Test
    void aDeletedMessageLeavesNoContentInTheHeadEvenIfItsCreationComesLater() {
        UUID chatId = stage.group(ann);
        Message message = Said.message(chatId, 1, 1);

        said.tell(new MessageEvent.Deleted(chatId, 2, 1, chatId + ".2", Said.NOW, message.id()));
        said.tell(Said.created(message));

        await().untilAsserted(() -> {
            Chat chat = stage.as(ann).get("/api/chats/" + chatId).as(Chat.class);
            assertThat(chat.seq()).isEqualTo(2);
            assertThat(chat.lastMessage()).isNotNull();
            assertThat(chat.lastMessage().deletedAt()).isEqualTo(Said.NOW);
            assertThat(chat.lastMessage().changedSeq()).isEqualTo(2);
            assertThat(chat.lastMessage().content()).isNull();
        });
    }
}

package dev.natter.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.natter.contracts.LiveEvent;
import dev.natter.contracts.LiveEvent.ChatActivity;
import dev.natter.contracts.Message;
import dev.natter.contracts.MessageEvent;
import dev.natter.contracts.Subjects;
import dev.natter.platform.bus.Bus;
import dev.natter.platform.http.Json;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ActivityServiceTest {
    private static ChatStage stage;
    private static Said said;
    private static Bus bus;

    private final UUID ann = stage.user();
    private final UUID bob = stage.user();

    @BeforeAll
    static void open() {
        stage = new ChatStage();
        said = new Said(stage);
        bus = Bus.open(stage.ground.config(), "test");
        bus.start();
    }

    @AfterAll
    static void close() {
        bus.close();
        said.close();
        stage.close();
    }

    @Test
    void eachMemberIsToldOfAMessageWithItsFilesSigned() {
        UUID chatId = stage.group(ann, bob);
        var annHears = heard(ann);
        var bobHears = heard(bob);
        Message message = Said.message(chatId, 3, 3, Said.file("/media/messages/f"));

        said.tell(Said.created(message));

        await().until(() -> annHears.size() == 1 && bobHears.size() == 1);
        ChatActivity told = annHears.getFirst();
        assertThat(told).isEqualTo(bobHears.getFirst());
        assertThat(told.chatId()).isEqualTo(chatId);
        assertThat(told.seq()).isEqualTo(3);
        assertThat(told.lastMessage().content()).isEqualTo(message.content());
        assertThat(told.lastMessage().files().getFirst().url()).contains("signature=");
    }

    @Test
    void ofManyMessagesTheFirstIsToldAtOnceAndThenOnlyTheLatest() {
        UUID chatId = stage.group(ann);
        var hears = heard(ann);
        long begin = System.nanoTime();

        for (int seq = 1; seq <= 200; seq++) {
            said.tell(Said.created(Said.message(chatId, seq, seq)));
        }

        await().until(() -> !hears.isEmpty() && hears.getLast().seq() == 200);
        long pauses = Duration.ofNanos(System.nanoTime() - begin).dividedBy(Duration.ofMillis(500));
        assertThat(hears.size()).isBetween(1, (int) pauses + 2);
        assertThat(hears).extracting(ChatActivity::seq).isSorted().doesNotHaveDuplicates();
        assertThat(hears.getLast().lastMessage().content()).isEqualTo("said at 200");
    }

    @Test
    void aDeletedMessageIsToldWithoutItsContent() {
        UUID chatId = stage.group(ann);
        var hears = heard(ann);
        Message message = Said.message(chatId, 1, 1);
        said.tell(Said.created(message));
        await().until(() -> !hears.isEmpty());

        said.tell(new MessageEvent.Deleted(chatId, 2, 1, chatId + ".2", Said.NOW, message.id()));

        await().until(() -> hears.getLast().seq() == 2);
        assertThat(hears.getLast().lastMessage().content()).isNull();
        assertThat(hears.getLast().lastMessage().deletedAt()).isNotNull();
    }

    @Test
    void anOldMessagesEditIsNoActivity() {
        UUID chatId = stage.group(ann);
        var hears = heard(ann);
        said.tell(Said.created(Said.message(chatId, 1, 1)));
        said.tell(Said.created(Said.message(chatId, 2, 2)));
        await().until(() -> !hears.isEmpty() && hears.getLast().seq() == 2);
        int before = hears.size();

        said.tell(Said.updated(Said.message(chatId, 1, 3)));
        said.tell(Said.created(Said.message(stage.group(ann), 1, 1)));

        await().until(() -> hears.stream().anyMatch(told -> !told.chatId().equals(chatId)));
        assertThat(hears).hasSize(before + 1);
    }

    @Test
    void whoIsNotInItAnyMoreHearsNothing() {
        UUID chatId = stage.group(ann, bob);
        var bobHears = heard(bob);
        var annHears = heard(ann);
        stage.removes(ann, chatId, bob);

        said.tell(Said.created(Said.message(chatId, 1, 1)));
        await().until(() -> !annHears.isEmpty());
        said.tell(Said.created(Said.message(stage.group(bob), 1, 1)));

        await().until(() -> !bobHears.isEmpty());
        assertThat(bobHears).extracting(ChatActivity::chatId).doesNotContain(chatId);
    }

    @Test
    void aThousandMembersAreToldMoreSeldom() {
        UUID[] others = IntStream.range(0, 999).mapToObj(_ -> stage.user()).toArray(UUID[]::new);
        UUID chatId = stage.group(ann, others);
        var hears = heard(others[998]);
        said.tell(Said.created(Said.message(chatId, 1, 1)));
        await().until(() -> hears.size() == 1);
        long begin = System.nanoTime();

        said.tell(Said.created(Said.message(chatId, 2, 2)));

        await().until(() -> hears.size() == 2);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofSeconds(1));
    }

    private static List<ChatActivity> heard(UUID user) {
        List<ChatActivity> heard = new CopyOnWriteArrayList<>();
        bus.subscribe(
                Subjects.activity(user),
                delivery -> heard.add((ChatActivity) Json.parse(delivery.payload(), LiveEvent.class)));
        return heard;
    }
}

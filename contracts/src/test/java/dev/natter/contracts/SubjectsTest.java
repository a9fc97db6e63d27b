package dev.natter.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.UUID;
import org.junit.jupiter.api.Test;

class SubjectsTest {
    private final UUID chat = UUID.randomUUID();

    @Test
    void aChatsTimelineIsBelowTheChat() {
        var created = new MessageEvent.Created(chat, 1, 0, chat + ".1", null, null);

        assertThat(Subjects.of(chat, created)).isEqualTo("natter.message." + chat + ".created");
        assertThat(Subjects.timeline(chat)).isEqualTo("natter.message." + chat + ".*");
    }

    @Test
    void whatIsOnlyTrueNowLiesWhereNoStreamLooks() {
        assertThat(Subjects.typing(chat)).startsWith("natter.live.");
        assertThat(Subjects.MESSAGES_KEPT).doesNotContain("live");
    }

    @Test
    void anUnknownEventIsNeverPublished() {
        assertThatIllegalArgumentException().isThrownBy(() -> Subjects.of(chat, new MessageEvent.Unknown()));
        assertThatIllegalArgumentException().isThrownBy(() -> Subjects.of(chat, new ChatEvent.Unknown()));
        assertThatIllegalArgumentException().isThrownBy(() -> Subjects.of(chat, new UserEvent.Unknown()));
        assertThatIllegalArgumentException().isThrownBy(() -> Subjects.of(new FileEvent.Unknown()));
    }
}

package dev.natter.realtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.natter.platform.http.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RecentTest {
    private final Recent recent = new Recent(100, 1 << 20, new Memory(1 << 20));

    @Test
    void aMessageThatChangedWhileTheLogWasReadStaysAsItIsNow() {
        recent.begin(5);
        recent.add(change(6, 6));
        recent.add(change(7, 3));

        recent.reachBack(
                0, Stream.of(1, 2, 3, 4, 5).map(seq -> change(seq, seq)).toList());

        assertThat(told(0))
                .containsExactly("1 after 0", "2 after 1", "4 after 2", "5 after 4", "6 after 5", "7 after 6");
        assertThat(told(5)).containsExactly("6 after 5", "7 after 6");
    }

    private List<String> told(long since) {
        return recent.after(since, _ -> true).stream()
                .map(frame -> Json.mapper().readTree(frame.payload()))
                .map(json -> json.path("seq").asLong() + " after "
                        + json.path("prev").asLong())
                .toList();
    }

    private static Change change(long seq, long created) {
        String json = "{\"type\":\"message_updated\",\"seq\":" + seq + ",\"message\":{\"seq\":" + created + "}}";
        return new Change(seq, created, Frame.text(json.getBytes(StandardCharsets.UTF_8)));
    }
}

package dev.natter.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@EachArrangement
class HistoryTest {
    private static final int MESSAGES = 10;

    private final Person anna;
    private final Person boris;
    private String messages;

    HistoryTest(Arrangement arrangement) {
        this.anna = arrangement.world().person("anna");
        this.boris = arrangement.world().person("boris");
    }

    @BeforeEach
    void aChatWithTenMessages() {
        String chat = anna.opensGroup("history", boris);
        messages = "/api/chats/" + chat + "/messages";
        for (int i = 1; i <= MESSAGES; i++) {
            anna.says(chat, "m" + i);
        }
    }

    @Test
    void withoutABoundItIsTheLatestPageOldestFirst() {
        Answer all = boris.client().get(messages).is(200);

        assertThat(seqs(all)).isEqualTo(range(1, 10));
        assertThat(all.header("Natter-Seq")).isEqualTo("10");
        assertThat(all.header("Natter-Epoch")).isNotBlank();
        assertThat(all.link("next")).isNull();
        assertThat(seqs(boris.client().get(messages + "?limit=3"))).isEqualTo(range(8, 10));
    }

    @Test
    void boundsLeaveOutTheirOwnNumber() {
        assertThat(seqs(boris.client().get(messages + "?before=5&limit=2"))).isEqualTo(range(3, 4));
        assertThat(seqs(boris.client().get(messages + "?after=5&limit=2"))).isEqualTo(range(6, 7));
        assertThat(seqs(boris.client().get(messages + "?after=10"))).isEmpty();
        assertThat(seqs(boris.client().get(messages + "?before=1"))).isEmpty();
        assertThat(seqs(boris.client().get(messages + "?after=0&limit=200"))).isEqualTo(range(1, 10));
        assertThat(seqs(boris.client().get(messages + "?before=999999999999999999")))
                .isEqualTo(range(1, 10));
    }

    @Test
    void aroundShowsAMessageAmongItsNeighbours() {
        Answer page = boris.client().get(messages + "?around=5&limit=5").is(200);

        assertThat(seqs(page)).isEqualTo(range(3, 7));
        assertThat(seqs(boris.client().get(page.link("next")))).startsWith(8L);
        assertThat(seqs(boris.client().get(page.link("prev")))).endsWith(2L);
    }

    @Test
    void linksLeadThroughAllOfItBackwardsAndForwards() {
        List<Long> backwards = new ArrayList<>();
        for (String page = messages + "?limit=4"; page != null; ) {
            Answer answer = boris.client().get(page).is(200);
            backwards.addAll(0, seqs(answer));
            page = answer.link("next");
        }
        List<Long> forwards = new ArrayList<>();
        for (String page = messages + "?limit=4&after=0"; page != null; ) {
            Answer answer = boris.client().get(page).is(200);
            forwards.addAll(seqs(answer));
            page = answer.link("next");
        }

        assertThat(backwards).isEqualTo(range(1, 10));
        assertThat(forwards).isEqualTo(range(1, 10));
    }

    @Test
    void nonsensicalBoundsAreRefused() {
        for (String wrong : List.of(
                "limit=0",
                "limit=201",
                "limit=-1",
                "limit=x",
                "limit=",
                "before=x",
                "before=-1",
                "after=1.5",
                "around=99999999999999999999",
                "before=3&after=1",
                "around=2&before=3")) {
            boris.client().get(messages + "?" + wrong).is(422, "validation_failed");
        }
    }

    private static List<Long> seqs(Answer answer) {
        return answer.list().stream()
                .map(message -> message.get("seq").asLong())
                .toList();
    }

    private static List<Long> range(long from, long to) {
        return LongStream.rangeClosed(from, to).boxed().toList();
    }
}

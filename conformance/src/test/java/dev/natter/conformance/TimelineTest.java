package dev.natter.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.natter.conformance.Step.Verdict;
import dev.natter.conformance.Timeline.Link;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TimelineTest {
    private static final JsonMapper JSON = new JsonMapper();

    private final ClientState state = new ClientState();

    @Test
    void aHoleIsAskedForOnceAndClosedByItsReplay() {
        liveAt(5);

        Step hole = hear("{'type':'new_message','chat_id':'c','seq':8,'prev':7,'message':" + message(8, 8) + "}");
        Step beyond = hear("{'type':'new_message','chat_id':'c','seq':9,'prev':8,'message':" + message(9, 9) + "}");

        assertThat(hole.verdict()).isEqualTo(Verdict.HOLE);
        assertThat(hole.next()).hasSize(1);
        assertThat(((Action.Join) hole.next().getFirst()).frame().toString())
                .isEqualTo(json("{'type':'join_chat','chat_id':'c','since':5,'epoch':'e','ref':'c'}")
                        .toString());
        assertThat(beyond).isEqualTo(new Step(Verdict.HOLE, List.of()));

        hear("{'type':'new_message','chat_id':'c','seq':9,'prev':5,'replay':true,'message':" + message(8, 9) + "}");
        hear("{'type':'joined_chat','chat_id':'c','seq':9,'ref':'c'}");

        assertThat(state.timeline("c").local()).isEqualTo(9);
        assertThat(state.timeline("c").link()).isEqualTo(Link.LIVE);
        assertThat(state.timeline("c").messages()).extracting(Message::seq).containsExactly(8L);
    }

    @Test
    void whatIsOldIsDropped() {
        liveAt(5);

        Step step = hear("{'type':'new_message','chat_id':'c','seq':5,'prev':4,'message':" + message(5, 5) + "}");

        assertThat(step).isEqualTo(new Step(Verdict.OLD, List.of()));
        assertThat(state.timeline("c").messages()).isEmpty();
    }

    private void liveAt(long seq) {
        hear("{'type':'hello','user_id':'me','epoch':'e','user_seq':0}");
        assertThat(state.follow("c").next()).containsExactly(new Action.Load("c"));
        state.page(new Page("c", seq, "e", null, List.of(), false));
        hear("{'type':'joined_chat','chat_id':'c','seq':" + seq + ",'ref':'c'}");
    }

    private Step hear(String frame) {
        return state.hear(json(frame));
    }

    private static JsonNode json(String text) {
        return JSON.readTree(text.replace('\'', '"'));
    }

    private static String message(long seq, long changedSeq) {
        return "{'id':'c." + seq + "','seq':" + seq + ",'changed_seq':" + changedSeq + ",'content':'hi','files':[]}";
    }
}

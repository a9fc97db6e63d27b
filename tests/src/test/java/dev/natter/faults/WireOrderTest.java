package dev.natter.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.natter.faults.Violation.Kind;
import org.junit.jupiter.api.Test;

class WireOrderTest {
    private final WireOrder order = new WireOrder();

    @Test
    void aReplayAndThenWhatIsLiveIsAsItShouldBe() {
        order.asking("chat", 3, false);
        assertThat(told(7, 3, true)).isNull();
        assertThat(told(9, 7, true)).isNull();
        order.joined("chat", 9);
        assertThat(told(10, 9, false)).isNull();
    }

    @Test
    void aJoinAnewReplaysFromWhereItAsked() {
        order.asking("chat", 3, false);
        order.joined("chat", 3);
        assertThat(told(4, 3, false)).isNull();
        order.asking("chat", 3, false);
        assertThat(told(5, 4, false)).isNull();
        assertThat(told(4, 3, true)).isNull();
        assertThat(told(5, 4, true)).isNull();
        order.joined("chat", 5);
        assertThat(told(6, 5, false)).isNull();
    }

    @Test
    void amongOthersAChatMayBeLiveBeforeTheAnswer() {
        order.asking("chat", 3, true);
        assertThat(told(4, 3, true)).isNull();
        assertThat(told(5, 4, false)).isNull();
        order.joined("chat", 4);
        assertThat(told(6, 5, false)).isNull();
        assertThat(told(8, 7, false)).isEqualTo(Kind.HOLE);
    }

    @Test
    void aResyncBeginsAtItsNumber() {
        order.asking("chat", 30, false);
        order.joinedAnew("chat", 9);
        assertThat(told(10, 9, false)).isNull();
    }

    @Test
    void whatComesTwiceIsFound() {
        order.asking("chat", 3, false);
        order.joined("chat", 3);
        told(4, 3, false);

        assertThat(told(4, 3, false)).isEqualTo(Kind.DUPLICATED);
    }

    @Test
    void aHoleIsFound() {
        order.asking("chat", 3, false);
        order.joined("chat", 3);

        assertThat(told(6, 5, false)).isEqualTo(Kind.HOLE);
    }

    @Test
    void whatIsLiveBeforeTheReplayIsOverIsFound() {
        order.asking("chat", 3, false);
        assertThat(told(5, 4, false)).isEqualTo(Kind.REORDERED);

        order.asking("chat", 3, false);
        told(4, 3, true);
        assertThat(told(5, 4, false)).isEqualTo(Kind.REORDERED);
    }

    @Test
    void whatNobodyAskedForIsFound() {
        assertThat(told(5, 4, false)).isEqualTo(Kind.REORDERED);
    }

    private Kind told(long seq, long prev, boolean replay) {
        var frame = Web.JSON.createObjectNode();
        frame.put("seq", seq).put("prev", prev);
        if (replay) {
            frame.put("replay", true);
        }
        return order.change("chat", frame).map(Violation::kind).orElse(null);
    }
}

package dev.natter.platform.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.natter.platform.bus.Envelope;
import dev.natter.platform.bus.Outgoing;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PackingTest {
    @Test
    void eventsOfOneKindThatFollowOneAnotherShareAnEnvelope() {
        var packing = new Packing(List.of(event("made", 1), event("made", 2), event("ended", 3), event("made", 4)));

        List<Row> rows = packing.rows(new Long[] {10L, 11L, 12L}, packing.places());

        assertThat(rows).extracting(Row::id).containsExactly(10L, 11L, 12L);
        assertThat(rows).extracting(PackingTest::seqs).containsExactly(List.of(1L, 2L), List.of(3L), List.of(4L));
    }

    @Test
    void whatTheDatabaseLeavesOutIsInNone() {
        var packing = new Packing(List.of(event("made", 1), event("made", 2), event("ended", 3), event("made", 4)));

        List<Row> rows = packing.rows(new Long[] {10L, 11L}, new Long[] {4L, 2L});

        assertThat(rows).extracting(PackingTest::seqs).containsExactly(List.of(2L), List.of(4L));
        assertThat(packing.rows(new Long[0], new Long[0])).isEmpty();
    }

    @Test
    void whatIsTooMuchForOneIsSplit() {
        int large = Envelope.MAX_BYTES / 3;
        var packing = new Packing(
                IntStream.range(0, 4).mapToObj(i -> event("made", i, large)).toList());
        var many = new Packing(IntStream.range(0, Envelope.MAX_EVENTS + 1)
                .mapToObj(i -> event("made", i))
                .toList());

        assertThat(packing.rows(new Long[] {1L, 2L}, packing.places()))
                .extracting(PackingTest::seqs)
                .containsExactly(List.of(0L, 1L), List.of(2L, 3L));
        assertThat(many.rows(new Long[] {1L, 2L}, many.places())).hasSize(2);
    }

    private static List<Long> seqs(Row row) {
        return row.envelope().events().stream().map(Outgoing::seq).toList();
    }

    private static Outgoing event(String what, long seq) {
        return event(what, seq, 10);
    }

    private static Outgoing event(String what, long seq, int bytes) {
        return new Outgoing("natter.test.a." + what, "a." + seq, seq, new byte[bytes], null);
    }
}

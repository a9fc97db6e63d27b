package dev.natter.platform.outbox;

import dev.natter.platform.bus.Envelope;
import dev.natter.platform.bus.Outgoing;
import dev.natter.platform.db.Columns;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/**
 * How events that are committed together become envelopes: those of one kind that follow one another share one, as many
 * as fit. Which of them are written the database may decide.
 */
final class Packing {
    /** An event, and the number of the envelope that it is for. */
    private record Packed(Outgoing event, String head, long envelope) {}

    private final List<Packed> packed;

    Packing(List<Outgoing> events) {
        this.packed = new ArrayList<>(events.size());
        String kind = "";
        long envelope = 0;
        int bytes = 0;
        int count = 0;
        for (Outgoing event : events) {
            String head = Envelope.head(event);
            String kept = Envelope.kept(event.subject());
            int size = head.length() + event.payload().length;
            if (!kept.equals(kind) || bytes + size > Envelope.MAX_BYTES || count == Envelope.MAX_EVENTS) {
                envelope++;
                kind = kept;
                bytes = 0;
                count = 0;
            }
            bytes += size;
            count++;
            packed.add(new Packed(event, head, envelope));
        }
    }

    /** What the database is told: which envelope, head and payload. */
    Columns<?> columns() {
        return Columns.of(packed)
                .bigint(Packed::envelope)
                .text(Packed::head)
                .bytes(each -> each.event().payload());
    }

    /** Those of all events, from 1. */
    Long[] places() {
        return LongStream.rangeClosed(1, packed.size()).boxed().toArray(Long[]::new);
    }

    /**
     * The rows of what was written.
     *
     * @param ids of the envelopes that have anything in them, rising
     * @param places of the events that were written, from 1, in any order
     */
    List<Row> rows(Long[] ids, Long[] places) {
        Arrays.sort(places);
        List<Row> rows = new ArrayList<>(ids.length);
        List<Outgoing> events = new ArrayList<>();
        for (int i = 0; i < places.length; i++) {
            Packed each = packed.get((int) (places[i] - 1));
            events.add(each.event());
            boolean last = i == places.length - 1
                    || packed.get((int) (places[i + 1] - 1)).envelope() != each.envelope();
            if (last) {
                rows.add(new Row(ids[rows.size()], new Envelope(events)));
                events.clear();
            }
        }
        return rows;
    }
}

package dev.natter.realtime;

import dev.natter.contracts.Message;
import dev.natter.contracts.MessageEvent;
import dev.natter.contracts.MessageId;
import dev.natter.platform.bus.Delivery;
import dev.natter.platform.http.Json;
import dev.natter.realtime.Backfill.Page;
import dev.natter.realtime.Backfill.Reading;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;

/** A chat's log as it must be: by number, which message changed, and how. */
final class ModelLog {
    private record Op(long created, boolean deletes) {}

    static final UUID CHAT = UUID.fromString("0199a6f1-0b2d-7e4f-8a6b-3c9d2e1f0a03");
    static final int PAGE = 3;

    private final List<Op> ops = new ArrayList<>();

    ModelLog(int head) {
        var random = new Random(head);
        for (int i = 0; i < head; i++) {
            any(random);
        }
    }

    long seq() {
        return ops.size();
    }

    Change any(Random random) {
        int what = random.nextInt(3);
        long target = ops.isEmpty() ? 0 : ops.get(random.nextInt(ops.size())).created();
        return what == 0 || ops.isEmpty() ? send() : what == 1 ? edit(target) : delete(target);
    }

    Change send() {
        ops.add(new Op(seq() + 1, false));
        return live();
    }

    Change edit(long created) {
        ops.add(new Op(created, ops.stream().anyMatch(op -> op.created() == created && op.deletes())));
        return live();
    }

    Change delete(long created) {
        ops.add(new Op(created, true));
        return live();
    }

    /** By message, the number of its last change, when the log stood at a number. */
    Map<Long, Long> at(long seq) {
        var states = new TreeMap<Long, Long>();
        for (int i = 0; i < seq; i++) {
            states.put(ops.get(i).created(), i + 1L);
        }
        return states;
    }

    Page page(Reading reading, long since) {
        List<Map.Entry<Long, Long>> all = at(seq()).entrySet().stream()
                .filter(state -> state.getValue() > since)
                .sorted(Comparator.comparing(Map.Entry::getValue))
                .toList();
        var changes = new ArrayList<Change>();
        long prev = since;
        for (Map.Entry<Long, Long> state : all.subList(0, Math.min(PAGE, all.size()))) {
            Op op = ops.get(state.getValue().intValue() - 1);
            boolean isNew = !op.deletes() && reading.isNew(op.created());
            changes.add(Change.of(event(state.getValue(), prev, op, isNew), state.getValue(), op.created()));
            prev = state.getValue();
        }
        boolean last = all.size() <= PAGE;
        return new Page(changes, last ? seq() : prev, last);
    }

    private Change live() {
        Op op = ops.getLast();
        byte[] json = Json.bytes(event(seq(), seq() - 1, op, op.created() == seq()));
        return Change.of(new Delivery("", null, seq(), json, null));
    }

    private static MessageEvent event(long seq, long prev, Op op, boolean isNew) {
        var id = new MessageId(CHAT, op.created());
        if (op.deletes()) {
            return new MessageEvent.Deleted(CHAT, seq, prev, CHAT + "." + seq, Instant.EPOCH, id);
        }
        var message = new Message(
                id,
                CHAT,
                op.created(),
                seq,
                Message.Type.text,
                CHAT,
                "v" + seq,
                null,
                null,
                null,
                Instant.EPOCH,
                null,
                null);
        return isNew
                ? new MessageEvent.Created(CHAT, seq, prev, CHAT + "." + seq, Instant.EPOCH, message)
                : new MessageEvent.Updated(CHAT, seq, prev, CHAT + "." + seq, Instant.EPOCH, message);
    }
}

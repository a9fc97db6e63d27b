package dev.natter.chat;

import dev.natter.contracts.FileInfo;
import dev.natter.contracts.Message;
import dev.natter.contracts.MessageEvent;
import dev.natter.contracts.MessageId;
import dev.natter.contracts.Subjects;
import dev.natter.platform.bus.Bus;
import dev.natter.platform.bus.Envelope;
import dev.natter.platform.bus.Outgoing;
import dev.natter.platform.http.Json;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;

/** What message-service tells of timelines, in a test. */
final class Said implements AutoCloseable {
    static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.MILLIS);

    private final Bus bus;

    Said(ChatStage stage) {
        this.bus = Bus.open(stage.ground.config(), "test");
        bus.start();
    }

    @Override
    public void close() {
        bus.close();
    }

    void tell(MessageEvent event) {
        var outgoing = switch (event) {
            case MessageEvent.Created it -> outgoing(it.chatId(), it, it.seq());
            case MessageEvent.Updated it -> outgoing(it.chatId(), it, it.seq());
            case MessageEvent.Deleted it -> outgoing(it.chatId(), it, it.seq());
            case MessageEvent.Unknown _ -> throw new IllegalArgumentException();
        };
        bus.publish(Envelope.of(outgoing)).join();
    }

    private static Outgoing outgoing(UUID chatId, MessageEvent event, long seq) {
        // A name of its own each time: here a repetition shall arrive, not be dropped by the stream.
        String id = UUID.randomUUID().toString();
        return new Outgoing(Subjects.of(chatId, event), id, seq, Json.bytes(event), null);
    }

    static MessageEvent created(Message message) {
        long seq = message.changedSeq();
        return new MessageEvent.Created(
                message.chatId(), seq, seq - 1, message.chatId() + "." + seq, message.createdAt(), message);
    }

    static MessageEvent updated(Message message) {
        long seq = message.changedSeq();
        return new MessageEvent.Updated(message.chatId(), seq, seq - 1, message.chatId() + "." + seq, NOW, message);
    }

    static Message message(UUID chatId, long seq, long changedSeq, FileInfo... files) {
        return new Message(
                new MessageId(chatId, seq),
                chatId,
                seq,
                changedSeq,
                Message.Type.text,
                UUID.randomUUID(),
                "said at " + changedSeq,
                null,
                List.of(files),
                null,
                NOW.plusSeconds(3600).plusMillis(seq),
                changedSeq == seq ? null : NOW.plusSeconds(3600 + changedSeq),
                null);
    }

    static FileInfo file(String url) {
        return new FileInfo(UUID.randomUUID(), "a.png", 1, "image/png", "0".repeat(64), 1, 1, url, null);
    }
}

package dev.natter.bench;

import dev.natter.contracts.Message;
import dev.natter.contracts.MessageId;
import dev.natter.platform.http.Json;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A message of a hundred characters as JSON, and back. */
@State(Scope.Thread)
public class JsonPiece {
    private final UUID chatId = UUID.randomUUID();
    private final Message message = new Message(
            new MessageId(chatId, 1234),
            chatId,
            1234,
            1234,
            Message.Type.text,
            UUID.randomUUID(),
            Company.SAID,
            null,
            List.of(),
            UUID.randomUUID().toString(),
            Instant.parse("2026-01-02T03:04:05.678Z"),
            null,
            null);

    private final byte[] json = Json.bytes(message);

    /**
     * Writes it by way of its record.
     *
     * @return its JSON
     */
    @Benchmark
    public byte[] write() {
        return Json.bytes(message);
    }

    /**
     * Reads it.
     *
     * @return what it says
     */
    @Benchmark
    public Message read() {
        return Json.parse(json, Message.class);
    }
}

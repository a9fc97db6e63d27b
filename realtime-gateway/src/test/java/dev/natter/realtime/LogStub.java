package dev.natter.realtime;

import dev.natter.contracts.Internal;
import dev.natter.contracts.Message;
import dev.natter.contracts.MessageEvent;
import dev.natter.contracts.MessageId;
import dev.natter.contracts.Subjects;
import dev.natter.platform.http.Json;
import dev.natter.testing.StubPeer;
import dev.natter.testing.StubPeer.Answer;
import io.nats.client.Connection;
import io.nats.client.ErrorListener;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/** Message-service as the gateway sees it: a log in memory, its internal answers, and events on a real NATS. */
final class LogStub implements AutoCloseable {
    private static final class Chat {
        private final Map<Long, Message> messages = new TreeMap<>();
        private long seq;
    }

    private final Map<UUID, Chat> chats = new ConcurrentHashMap<>();
    private final StubPeer peer = new StubPeer();
    private final MembersStub members = new MembersStub(this, peer);
    private final Connection nats;
    private volatile String epoch = "first";
    private volatile boolean down;
    private final AtomicReference<Runnable> afterNextPage = new AtomicReference<>();

    LogStub(String natsUrl) {
        try {
            nats = Nats.connect(new Options.Builder()
                    .server(natsUrl)
                    .maxReconnects(-1)
                    .reconnectWait(Duration.ofMillis(50))
                    .errorListener(new ErrorListener() {})
                    .build());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
        String chat = "/internal/chats/([^/]+)/";
        answer("GET", "/internal/dataset", _ -> Answer.ok(new Internal.Dataset(epoch)));
        answer("POST", "/internal/sessions/alive", request -> Answer.ok(request.as(Internal.SessionIds.class)));
        answer("POST", "/internal/heads", request -> heads(request.as(Internal.Seats.class)));
        answer(
                "GET",
                chat + "changes",
                request -> changes(
                        id(request), Long.parseLong(request.query("since")), Integer.parseInt(request.query("limit"))));
    }

    private void answer(String method, String path, Function<StubPeer.Request, Answer> answer) {
        peer.on(method, path, request -> down ? new Answer(503, Map.of()) : answer.apply(request));
    }

    URI base() {
        return peer.base();
    }

    StubPeer peer() {
        return peer;
    }

    MembersStub members() {
        return members;
    }

    /** How often a question was asked. */
    long asked(String path) {
        return peer.asked().stream()
                .filter(request -> request.uri().getPath().matches(path))
                .count();
    }

    void epoch(String name) {
        epoch = name;
    }

    void down(boolean isDown) {
        down = isDown;
    }

    /** Something happens between the next page of changes and the one after it. */
    void afterNextPage(Runnable happening) {
        afterNextPage.set(happening);
    }

    UUID chat(UUID... members) {
        UUID chatId = UUID.randomUUID();
        chats.put(chatId, new Chat());
        this.members.create(chatId, Set.of(members));
        return chatId;
    }

    /** Commits a message and returns its event, not yet published. */
    Event send(UUID chatId, UUID sender, String content) {
        Chat chat = chats.get(chatId);
        synchronized (chat) {
            long seq = ++chat.seq;
            var id = new MessageId(chatId, seq);
            var message = new Message(
                    id,
                    chatId,
                    seq,
                    seq,
                    Message.Type.text,
                    sender,
                    content,
                    null,
                    null,
                    null,
                    Instant.now(),
                    null,
                    null);
            chat.messages.put(seq, message);
            return event(
                    chatId, new MessageEvent.Created(chatId, seq, seq - 1, chatId + "." + seq, Instant.now(), message));
        }
    }

    Event edit(UUID chatId, long at, String content) {
        Chat chat = chats.get(chatId);
        synchronized (chat) {
            long seq = ++chat.seq;
            Message message = changed(chat.messages.get(at), seq, content, Instant.now(), null);
            chat.messages.put(at, message);
            return event(
                    chatId, new MessageEvent.Updated(chatId, seq, seq - 1, chatId + "." + seq, Instant.now(), message));
        }
    }

    Event delete(UUID chatId, long at) {
        Chat chat = chats.get(chatId);
        synchronized (chat) {
            long seq = ++chat.seq;
            Message message = changed(chat.messages.get(at), seq, null, null, Instant.now());
            chat.messages.put(at, message);
            return event(
                    chatId,
                    new MessageEvent.Deleted(chatId, seq, seq - 1, chatId + "." + seq, Instant.now(), message.id()));
        }
    }

    /** An event of the log, to be published as often as the test likes. */
    final class Event {
        private final String subject;
        private final long seq;
        private final byte[] json;

        Event(String subject, long seq, byte[] json) {
            this.subject = subject;
            this.seq = seq;
            this.json = json;
        }

        long seq() {
            return seq;
        }

        byte[] json() {
            return json;
        }

        Event publish() {
            nats.publish(NatsMessage.builder()
                    .subject(subject)
                    .headers(new Headers().add("Natter-Seq", Long.toString(seq)))
                    .data(json)
                    .build());
            return this;
        }
    }

    /** Publishes anything. */
    void publish(String subject, byte[] payload) {
        nats.publish(subject, payload);
    }

    Overheard listen(String subject) {
        return new Overheard(nats, subject);
    }

    Event event(String subject, long seq, byte[] json) {
        return new Event(subject, seq, json);
    }

    private Event event(UUID chatId, MessageEvent event) {
        long seq = chats.get(chatId).seq;
        return new Event(Subjects.of(chatId, event), seq, Json.bytes(event));
    }

    private Answer heads(Internal.Seats asked) {
        List<Internal.Head> heads = asked.seats().stream()
                .filter(seat -> members.replica(seat.chatId(), seat.userId()) != null)
                .map(seat -> new Internal.Head(
                        seat.chatId(),
                        seat.userId(),
                        seqOf(seat.chatId()),
                        members.replica(seat.chatId(), seat.userId())))
                .toList();
        return Answer.ok(new Internal.Heads(epoch, heads));
    }

    private long seqOf(UUID chatId) {
        Chat chat = chats.get(chatId);
        synchronized (chat) {
            return chat.seq;
        }
    }

    private Answer changes(UUID chatId, long since, int limit) {
        Chat chat = chats.get(chatId);
        synchronized (chat) {
            List<Message> all = chat.messages.values().stream()
                    .filter(message -> message.changedSeq() > since)
                    .sorted(Comparator.comparingLong(Message::changedSeq))
                    .toList();
            List<Message> page = all.stream().limit(limit).toList();
            var answer = new Internal.Changes(chatId, chat.seq, epoch, page, page.size() < all.size());
            Runnable happening = afterNextPage.getAndSet(null);
            if (happening != null) {
                happening.run();
            }
            return Answer.ok(answer);
        }
    }

    private static UUID id(StubPeer.Request request) {
        return UUID.fromString(request.path().group(1));
    }

    private static Message changed(Message was, long seq, String content, Instant edited, Instant deleted) {
        return new Message(
                was.id(),
                was.chatId(),
                was.seq(),
                seq,
                was.type(),
                was.senderId(),
                content,
                null,
                null,
                null,
                was.createdAt(),
                edited,
                deleted);
    }

    @Override
    public void close() {
        peer.close();
        try {
            nats.close();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

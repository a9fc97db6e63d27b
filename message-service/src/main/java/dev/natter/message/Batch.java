package dev.natter.message;

import dev.natter.contracts.Chat;
import dev.natter.contracts.FileInfo;
import dev.natter.contracts.Internal.Seat;
import dev.natter.contracts.Message;
import dev.natter.contracts.MessageEvent;
import dev.natter.contracts.MessageId;
import dev.natter.contracts.Subjects;
import dev.natter.message.Outcome.Committed;
import dev.natter.message.Outcome.Rejected;
import dev.natter.message.Outcome.Stranger;
import dev.natter.message.Outcome.Unchanged;
import dev.natter.platform.bus.Outgoing;
import dev.natter.platform.http.Json;
import dev.natter.platform.token.SignedUrl;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Decides what becomes of the changes of one transaction, one after the other, each seeing what those before it did.
 * Pure: knows only what was {@link Loaded} under the chats' locks, and leaves what is to be written. Used by one
 * thread, once.
 */
final class Batch {
    /** A send's name among its sender's sends to the chat. */
    record SendName(UUID chatId, UUID senderId, String clientId) {}

    /** A send that is in the log: where, and the fingerprint of its first body. */
    record Sent(MessageId id, byte[] hash) {}

    /**
     * Where a chat stands.
     *
     * @param seq its number
     * @param membersVersion its members' version
     */
    record Head(long seq, long membersVersion) {
        private Head next() {
            return new Head(seq + 1, membersVersion);
        }
    }

    /**
     * What the database knows of all that a batch touches.
     *
     * @param heads where each chat stands; absent for a chat that isn't known
     * @param seats who of the askers is a member, and as what
     * @param messages those named by the changes, or found by {@code sent}
     * @param sent the sends that are in the log already
     */
    record Loaded(
            Map<UUID, Head> heads,
            Map<Seat, Chat.Role> seats,
            Map<MessageId, Message> messages,
            Map<SendName, Sent> sent) {}

    /**
     * A new message.
     *
     * @param message in its final state
     * @param hash the fingerprint of its send; null without a client id
     */
    record Created(Message message, byte[] hash) {}

    private final Map<UUID, Head> heads;
    private final Map<Seat, Chat.Role> seats;
    private final Map<MessageId, Message> messages;
    private final Map<SendName, Sent> sent;
    private final SignedUrl signer;
    private final Instant now;
    private final Map<UUID, Head> movedHeads = new HashMap<>();
    private final Map<MessageId, byte[]> created = new LinkedHashMap<>();
    private final Set<MessageId> changed = new LinkedHashSet<>();
    private final List<Outgoing> events = new ArrayList<>();

    Batch(Loaded loaded, SignedUrl signer, Instant now) {
        this.heads = loaded.heads();
        this.seats = loaded.seats();
        this.messages = new HashMap<>(loaded.messages());
        this.sent = new HashMap<>(loaded.sent());
        this.signer = signer;
        this.now = now;
    }

    Outcome apply(Change change) {
        return switch (change) {
            case Change.Send send -> send(send);
            case Change.Edit edit -> edit(edit);
            case Change.Delete delete -> delete(delete);
            case Change.Attach attach -> attach(attach);
        };
    }

    /** New messages, in the order of their creation. */
    List<Created> created() {
        return created.entrySet().stream()
                .map(each -> new Created(message(each.getKey()), each.getValue()))
                .toList();
    }

    /** Messages that were there before and have changed. */
    List<Message> changed() {
        return changed.stream().map(messages::get).toList();
    }

    /** A message's final state. */
    Message message(MessageId id) {
        return messages.get(id);
    }

    /** The chats whose number moved, with where they stand then. */
    Map<UUID, Head> movedHeads() {
        return movedHeads;
    }

    /** The events, in the order of their numbers within each chat. */
    List<Outgoing> events() {
        return events;
    }

    private Outcome send(Change.Send send) {
        if (roleOf(send.chatId(), send.userId()) == null) {
            return new Stranger();
        }
        var name = new SendName(send.chatId(), send.userId(), send.clientId());
        byte[] hash = send.clientId() == null ? null : Fingerprint.of(send);
        Sent before = send.clientId() == null ? null : sent.get(name);
        if (before != null) {
            return Arrays.equals(before.hash(), hash)
                    ? new Unchanged(messages.get(before.id()).withFileUrls(signer::sign))
                    : new Rejected(Problems.otherSend());
        }
        if (send.replyTo() != null && !isHere(send.replyTo(), send.chatId())) {
            return new Rejected(Problems.nothingToAnswer());
        }
        long seq = next(send.chatId());
        var id = new MessageId(send.chatId(), seq);
        var message = new Message(
                id,
                send.chatId(),
                seq,
                seq,
                Message.Type.text,
                send.userId(),
                send.content(),
                send.replyTo(),
                List.of(),
                send.clientId(),
                now,
                null,
                null);
        messages.put(id, message);
        created.put(id, hash);
        if (send.clientId() != null) {
            sent.put(name, new Sent(id, hash));
        }
        emit(new MessageEvent.Created(id.chatId(), seq, seq - 1, eventId(id.chatId(), seq), now, message), seq, send);
        return new Committed(message);
    }

    private Outcome edit(Change.Edit edit) {
        Message message = messages.get(edit.id());
        if (roleOf(edit.chatId(), edit.userId()) == null) {
            return new Stranger();
        }
        if (message == null || message.deletedAt() != null) {
            return new Rejected(Problems.noSuchMessage());
        }
        if (!message.senderId().equals(edit.userId()) || message.type() != Message.Type.text) {
            return new Rejected(Problems.notYours());
        }
        if (edit.expected() != null && edit.expected() != message.changedSeq()) {
            return new Rejected(Problems.changedSince());
        }
        if (message.content().equals(edit.content())) {
            return new Unchanged(message.withFileUrls(signer::sign));
        }
        return update(message, edit.content(), message.files(), now, edit);
    }

    private Outcome attach(Change.Attach attach) {
        Message message = heads.containsKey(attach.chatId()) ? messages.get(attach.id()) : null;
        if (message == null || message.deletedAt() != null) {
            return new Rejected(Problems.noSuchMessage());
        }
        List<FileInfo> files = new ArrayList<>(message.files());
        Set<UUID> known = new HashSet<>();
        files.forEach(file -> known.add(file.id()));
        attach.files().stream().filter(file -> known.add(file.id())).forEach(files::add);
        if (files.size() == message.files().size()) {
            return new Unchanged(message.withFileUrls(signer::sign));
        }
        return update(message, message.content(), files, message.editedAt(), attach);
    }

    private Outcome update(Message old, String content, List<FileInfo> files, Instant editedAt, Change change) {
        long seq = next(old.chatId());
        var message = new Message(
                old.id(),
                old.chatId(),
                old.seq(),
                seq,
                old.type(),
                old.senderId(),
                content,
                old.replyToId(),
                files,
                old.clientId(),
                old.createdAt(),
                editedAt,
                null);
        keep(message);
        Message seen = message.withFileUrls(signer::sign);
        emit(new MessageEvent.Updated(old.chatId(), seq, seq - 1, eventId(old.chatId(), seq), now, seen), seq, change);
        return new Committed(seen);
    }

    private Outcome delete(Change.Delete delete) {
        Message old = messages.get(delete.id());
        Chat.Role role = roleOf(delete.chatId(), delete.userId());
        if (role == null) {
            return new Stranger();
        }
        if (old == null) {
            return new Rejected(Problems.noSuchMessage());
        }
        if (!old.senderId().equals(delete.userId()) && role == Chat.Role.member) {
            return new Rejected(Problems.notYoursToDelete());
        }
        if (old.deletedAt() != null) {
            return new Unchanged(old);
        }
        long seq = next(old.chatId());
        var message = new Message(
                old.id(),
                old.chatId(),
                old.seq(),
                seq,
                old.type(),
                old.senderId(),
                null,
                old.replyToId(),
                List.of(),
                old.clientId(),
                old.createdAt(),
                old.editedAt(),
                now);
        keep(message);
        emit(
                new MessageEvent.Deleted(old.chatId(), seq, seq - 1, eventId(old.chatId(), seq), now, old.id()),
                seq,
                delete);
        return new Committed(message);
    }

    private Chat.Role roleOf(UUID chatId, UUID userId) {
        return heads.containsKey(chatId) ? seats.get(new Seat(chatId, userId)) : null;
    }

    /** Whether a message is one of this chat: one of another that was loaded for another change is none of theirs. */
    private boolean isHere(MessageId id, UUID chatId) {
        return id.chatId().equals(chatId) && messages.containsKey(id);
    }

    private long next(UUID chatId) {
        return movedHeads
                .compute(chatId, (_, moved) -> (moved == null ? heads.get(chatId) : moved).next())
                .seq();
    }

    private void keep(Message message) {
        messages.put(message.id(), message);
        if (!created.containsKey(message.id())) {
            changed.add(message.id());
        }
    }

    private void emit(MessageEvent event, long seq, Change change) {
        UUID chatId = change.chatId();
        events.add(
                new Outgoing(Subjects.of(chatId, event), eventId(chatId, seq), seq, Json.bytes(event), change.cause()));
    }

    private static String eventId(UUID chatId, long seq) {
        return chatId + "." + seq;
    }
}

package dev.natter.media;

import dev.natter.contracts.FileEvent;
import dev.natter.contracts.FileInfo;
import dev.natter.contracts.Message;
import dev.natter.contracts.MessageId;
import dev.natter.contracts.Subjects;
import dev.natter.platform.bus.Outgoing;
import dev.natter.platform.db.Uuid7;
import dev.natter.platform.http.Idempotency;
import dev.natter.platform.http.Idempotency.Answer;
import dev.natter.platform.http.Json;
import dev.natter.platform.http.Peer;
import dev.natter.platform.http.Refused;
import dev.natter.platform.http.Routes;
import dev.natter.platform.outbox.Outbox;
import dev.natter.platform.token.Caller;
import dev.natter.platform.token.SignedUrl;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Files of messages on their way in. */
final class FileApi {
    private final MediaConfig config;
    private final DiskStore store;
    private final Pictures pictures;
    private final Files files;
    private final Outbox outbox;
    private final Peer messages;
    private final SignedUrl signer;

    FileApi(
            MediaConfig config,
            DiskStore store,
            Pictures pictures,
            Files files,
            Outbox outbox,
            Peer messages,
            SignedUrl signer) {
        this.config = config;
        this.store = store;
        this.pictures = pictures;
        this.files = files;
        this.outbox = outbox;
        this.messages = messages;
        this.signer = signer;
    }

    void routes(Routes open) {
        open.post("/api/messages/{message_id}/files", this::attach);
    }

    private void attach(ServerRequest request, ServerResponse response, Caller caller) {
        MessageId message = MessageId.parse(request.path().pathParameters().get("message_id"))
                .orElseThrow(Problems::noMessage);
        demandSender(message, caller);
        signed(store(request, message, caller)).send(response);
    }

    /** Nothing of the upload is left but what was kept when this returns. */
    private Answer store(ServerRequest request, MessageId message, Caller caller) {
        var limits = new Upload.Limits(config.fileMaxBytes(), config.filesMax());
        try (Upload upload = Upload.multipart(request, store, limits);
                Intake intake = new Intake(config, store, pictures)) {
            List<Intake.Item> items = upload.parts().stream().map(intake::take).toList();
            Idempotency attempt = Idempotency.of(request, caller.userId(), upload.digest());
            return commit(message, caller, attempt, items);
        }
    }

    /** One question, before the body is read: whether the message is there for the caller, and theirs. */
    private void demandSender(MessageId id, Caller caller) {
        Message message = messages.get("/internal/messages/" + id + "?user_id=" + caller.userId(), Message.class)
                .filter(found -> found.deletedAt() == null)
                .orElseThrow(Problems::noMessage);
        if (!caller.userId().equals(message.senderId())) {
            throw Problems.notTheSender();
        }
    }

    /** Bytes first, rows after: a row always has its bytes, and bytes without a row are swept. */
    private Answer commit(MessageId message, Caller caller, Idempotency attempt, List<Intake.Item> items) {
        boolean needed = true;
        try {
            items.forEach(this::keep);
            Answer answer = outbox.commit(tx -> {
                Optional<Answer> first = attempt.replay(tx.connection());
                if (first.isPresent()) {
                    return first.get();
                }
                long count = files.attach(tx.connection(), message, caller.userId(), items, config.messageFilesMax());
                List<FileInfo> infos = items.stream().map(Intake.Item::info).toList();
                var event =
                        new FileEvent.Attached(message, Uuid7.next().toString(), Instant.now(), caller.userId(), infos);
                tx.emit(new Outgoing(Subjects.of(event), event.id(), count, Json.bytes(event)));
                return attempt.store(tx.connection(), new Answer(201, Json.bytes(infos), null));
            });
            needed = !answer.replayed();
            return answer;
        } catch (Refused refused) {
            // Whether a commit that failed for want of the database has happened after all can't be known: then the
            // bytes stay, and if nobody owns them they are swept.
            needed = refused.problem().status() >= 500;
            throw refused;
        } finally {
            if (!needed) {
                items.forEach(this::discard);
            }
        }
    }

    private void keep(Intake.Item item) {
        store.keep(item.bytes(), DiskStore.file(item.info().id()));
        if (item.thumbnail() != null) {
            store.keep(item.thumbnail(), DiskStore.thumbnail(item.info().id()));
        }
    }

    private void discard(Intake.Item item) {
        store.delete(DiskStore.file(item.info().id()));
        store.delete(DiskStore.thumbnail(item.info().id()));
    }

    /** A repeated answer names the same files, by urls that are valid now. */
    private Answer signed(Answer answer) {
        List<FileInfo> infos = Arrays.stream(Json.parse(answer.body(), FileInfo[].class))
                .map(info -> info.withUrls(signer::sign))
                .toList();
        return new Answer(answer.status(), Json.bytes(infos), answer.location(), answer.replayed());
    }
}

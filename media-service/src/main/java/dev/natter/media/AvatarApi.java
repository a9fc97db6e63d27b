package dev.natter.media;

import dev.natter.contracts.FileEvent;
import dev.natter.contracts.Subjects;
import dev.natter.platform.bus.Outgoing;
import dev.natter.platform.db.Uuid7;
import dev.natter.platform.http.Json;
import dev.natter.platform.http.Routes;
import dev.natter.platform.outbox.Outbox;
import dev.natter.platform.token.Caller;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Instant;
import java.util.UUID;

/** Pictures of users on their way in. */
final class AvatarApi {
    /**
     * The answer to a new avatar.
     *
     * @param avatarUrl where it is
     */
    private record Answer(String avatarUrl) {}

    private final MediaConfig config;
    private final DiskStore store;
    private final Pictures pictures;
    private final Avatars avatars;
    private final Outbox outbox;

    AvatarApi(MediaConfig config, DiskStore store, Pictures pictures, Avatars avatars, Outbox outbox) {
        this.config = config;
        this.store = store;
        this.pictures = pictures;
        this.avatars = avatars;
        this.outbox = outbox;
    }

    void routes(Routes open) {
        open.put("/api/users/me/avatar", this::set);
    }

    private void set(ServerRequest request, ServerResponse response, Caller caller) {
        Json.send(response, Status.OK_200, new Answer("/" + DiskStore.avatar(store(request, caller))));
    }

    private UUID store(ServerRequest request, Caller caller) {
        try (Upload upload = upload(request);
                Intake intake = new Intake(config, store, pictures)) {
            Intake.Avatar avatar = intake.avatar(upload.parts().getFirst());
            store.keep(avatar.bytes(), DiskStore.avatar(avatar.id()));
            UUID previous = commit(caller.userId(), avatar);
            if (previous != null) {
                store.delete(DiskStore.avatar(previous));
            }
            return avatar.id();
        }
    }

    private UUID commit(UUID userId, Intake.Avatar avatar) {
        return outbox.commit(tx -> {
            Avatars.Change change = avatars.set(tx.connection(), userId, avatar);
            var event = new FileEvent.AvatarSet(
                    userId,
                    change.version(),
                    Uuid7.next().toString(),
                    Instant.now(),
                    "/" + DiskStore.avatar(avatar.id()));
            tx.emit(new Outgoing(Subjects.of(event), event.id(), event.version(), Json.bytes(event)));
            return change.previous();
        });
    }

    private Upload upload(ServerRequest request) {
        return Upload.isMultipart(request)
                ? Upload.multipart(request, store, new Upload.Limits(config.avatarMaxBytes(), 1))
                : Upload.raw(request, store, config.avatarMaxBytes());
    }
}

package dev.natter.auth;

import dev.natter.contracts.FileEvent;
import dev.natter.contracts.Subjects;
import dev.natter.contracts.UserEvent;
import dev.natter.platform.bus.Cause;
import dev.natter.platform.bus.Delivery;
import dev.natter.platform.bus.Outgoing;
import dev.natter.platform.http.Json;
import dev.natter.platform.outbox.Outbox;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Gives users the avatars that media-service has stored for them. An event that is late or comes again has a version
 * that is no news, and changes nothing.
 */
final class Avatars {
    private final Outbox outbox;
    private final Users users;
    private final Clock clock;

    Avatars(Outbox outbox, Users users, Clock clock) {
        this.outbox = outbox;
        this.users = users;
        this.clock = clock;
    }

    void apply(Delivery delivery) {
        switch (Json.parse(delivery.payload(), FileEvent.class)) {
            case FileEvent.AvatarSet avatar -> set(avatar, delivery.cause());
            case FileEvent.Attached _, FileEvent.Unknown _ -> {
                // Nothing of a user's.
            }
        }
    }

    private void set(FileEvent.AvatarSet avatar, Cause cause) {
        outbox.commit(transaction -> {
            var changed = users.setAvatar(transaction.connection(), avatar.userId(), avatar.version(), avatar.url());
            changed.ifPresent(user -> transaction.emit(updated(user, cause)));
            return changed.isPresent();
        });
    }

    private Outgoing updated(Users.Changed changed, Cause cause) {
        var userId = changed.user().id();
        String id = userId + "." + changed.version();
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        var event = new UserEvent.Updated(changed.version(), id, now, changed.user());
        return new Outgoing(Subjects.of(userId, event), id, changed.version(), Json.bytes(event), cause);
    }
}

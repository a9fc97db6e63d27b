package dev.natter.message;

import dev.natter.contracts.FileEvent;
import dev.natter.platform.bus.Delivery;
import dev.natter.platform.http.Json;

/** Puts the files that media-service has stored into the messages they belong to. */
record Attachments(CommitLanes lanes) {
    /** Applies an event of media-service. Files of a message that is gone by now are media-service's to remove. */
    void apply(Delivery delivery) {
        switch (Json.parse(delivery.payload(), FileEvent.class)) {
            case FileEvent.Attached attached ->
                lanes.commit(new Change.Attach(attached.messageId(), attached.files(), delivery.cause()));
            case FileEvent.AvatarSet _, FileEvent.Unknown _ -> {}
        }
    }
}

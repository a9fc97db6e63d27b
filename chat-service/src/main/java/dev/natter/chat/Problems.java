package dev.natter.chat;

import dev.natter.platform.http.Problem;
import dev.natter.platform.http.Problem.FieldError;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/** The ways in which chat-service says no, beside those that every service has. */
final class Problems {
    private static final int NAMED = 20;

    private Problems() {}

    static Problem noSuchChat() {
        return Problem.notFound("chat");
    }

    static Problem invalidCursor() {
        return Problem.invalid(
                List.of(new FieldError("cursor", "invalid_cursor", "'cursor' is not one that this list gave out.")));
    }

    static Problem unknownUsers(Collection<UUID> ids) {
        return Problem.invalid(ids.stream()
                .limit(NAMED)
                .map(id -> new FieldError("member_ids", "unknown_user", "There is no user " + id + "."))
                .toList());
    }
}

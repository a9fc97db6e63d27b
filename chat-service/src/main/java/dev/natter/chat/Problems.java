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

    static Problem noSuchMember() {
        return Problem.notFound("member");
    }

    static Problem forbidden(String detail) {
        return Problem.of(403, "forbidden", detail);
    }

    static Problem directChat() {
        return Problem.of(409, "direct_chat", "A direct chat has no title, and always the same two members.");
    }

    static Problem lastOwner() {
        return Problem.of(409, "last_owner", "A chat needs an owner: make another member one first.");
    }

    static Problem tooManyMembers(int max) {
        return Problem.of(409, "too_many_members", "A chat may have at most " + max + " members.");
    }

    static Problem ahead(long seq) {
        return Problem.of(
                409, "ahead", "Your box stands at " + seq + "; the number that you hold is not of this data set.");
    }

    static Problem invalidCursor() {
        return Problem.invalid(
                List.of(new FieldError("cursor", "invalid_cursor", "'cursor' is not one that this list gave out.")));
    }

    static Problem unknownUsers(String field, Collection<UUID> ids) {
        return Problem.invalid(ids.stream()
                .limit(NAMED)
                .map(id -> new FieldError(field, "unknown_user", "There is no user " + id + "."))
                .toList());
    }
}

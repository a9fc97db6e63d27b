package dev.natter.message;

import dev.natter.platform.http.Problem;
import java.util.List;

/** What this service refuses, beside what every service does. */
final class Problems {
    private Problems() {}

    static Problem noSuchChat() {
        return Problem.notFound("chat");
    }

    static Problem noSuchMessage() {
        return Problem.notFound("message");
    }

    static Problem notYours() {
        return Problem.of(403, "forbidden", "Only the sender may edit a message.");
    }

    static Problem notYoursToDelete() {
        return Problem.of(403, "forbidden", "Only the sender or an admin of the chat may delete a message.");
    }

    static Problem changedSince() {
        return Problem.of(412, "precondition_failed", "The message has changed since.");
    }

    static Problem otherSend() {
        return Problem.of(422, "idempotency_key_reused", "Another message was sent with this client_id.");
    }

    static Problem nothingToAnswer() {
        return Problem.invalid(List.of(
                new Problem.FieldError("reply_to_id", "not_found", "'reply_to_id' names no message of this chat.")));
    }

    static Problem busy() {
        return Problem.unavailable("Too many messages are waiting to be written.");
    }

    static Problem notInTime() {
        return Problem.unavailable(
                "The message was not written in time; send it again with the same client_id to be sure.");
    }
}

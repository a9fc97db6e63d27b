package dev.natter.message;

import dev.natter.contracts.Message;
import dev.natter.platform.http.Problem;

/** What became of a {@link Change}; a value, because one transaction carries many fates. */
sealed interface Outcome {
    /** It is in the log. */
    record Committed(Message message) implements Outcome {}

    /** The log already said so: a retried send, the same edit again, a second delete. */
    record Unchanged(Message message) implements Outcome {}

    /** It may not be. */
    record Rejected(Problem problem) implements Outcome {}

    /** Whoever asks isn't in this service's replica of the chat's members, which may be behind. */
    record Stranger() implements Outcome {}
}

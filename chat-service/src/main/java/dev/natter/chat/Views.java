package dev.natter.chat;

import dev.natter.contracts.Chat;
import dev.natter.contracts.Internal.State;
import dev.natter.contracts.Internal.States;
import dev.natter.contracts.Internal.StatesQuery;
import dev.natter.contracts.Message;
import dev.natter.platform.http.Peer;
import dev.natter.platform.http.Refused;
import dev.natter.platform.token.SignedUrl;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Chats as one user sees them: what is known here, and how their timelines stand for that user, asked of
 * message-service in one question for all of them. While that can't be asked, the replica of heads answers: the last
 * message as far as it was heard of, and null for what only message-service knows.
 */
final class Views {
    /**
     * Chats as seen.
     *
     * @param chats the chats, in the order they were given
     * @param epoch the data set that their {@code seq} belong to, or null while message-service can't be asked
     */
    record Seen(List<Chat> chats, String epoch) {}

    private final Peer message;
    private final SignedUrl signer;

    Views(Peer message, SignedUrl signer) {
        this.message = message;
        this.signer = signer;
    }

    Seen of(UUID userId, List<Chats.Row> rows) {
        if (rows.isEmpty()) {
            return new Seen(List.of(), null);
        }
        List<UUID> ids = rows.stream().map(Chats.Row::id).toList();
        Optional<States> answer = states(userId, ids);
        Map<UUID, State> states = answer.stream()
                .flatMap(all -> all.states().stream())
                .collect(Collectors.toMap(State::chatId, Function.identity()));
        return new Seen(
                rows.stream()
                        .map(row -> {
                            State state = states.get(row.id());
                            return state == null ? fallback(row) : exact(row, state);
                        })
                        .toList(),
                answer.map(States::epoch).orElse(null));
    }

    private Optional<States> states(UUID userId, List<UUID> ids) {
        try {
            return Optional.of(message.post("/internal/chats/states", new StatesQuery(userId, ids), States.class));
        } catch (Refused unavailable) {
            return Optional.empty();
        }
    }

    private static Chat exact(Chats.Row row, State state) {
        return new Chat(
                row.id(),
                row.type(),
                row.title(),
                row.members(),
                row.memberCount(),
                row.createdAt().toInstant(),
                state.seq(),
                state.lastMessage(),
                state.lastReadSeq(),
                state.unreadCount(),
                row.userSeq());
    }

    private Chat fallback(Chats.Row row) {
        Message heard = row.lastMessage();
        return new Chat(
                row.id(),
                row.type(),
                row.title(),
                row.members(),
                row.memberCount(),
                row.createdAt().toInstant(),
                row.seq(),
                heard == null ? null : heard.withFileUrls(signer::sign),
                null,
                null,
                row.userSeq());
    }
}

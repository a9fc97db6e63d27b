package dev.natter.message;

import static org.assertj.core.api.Assertions.assertThat;

import dev.natter.contracts.Internal.State;
import dev.natter.contracts.LiveEvent.Unread;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;

/** Does things as some readers, and keeps its own account of what must come of it. */
final class Ledger {
    /** A message that was sent and not deleted. */
    private record Said(long seq, UUID by) {}

    private final Readers readers;
    private final Map<UUID, Long> heads = new HashMap<>();
    private final Map<UUID, List<Said>> said = new HashMap<>();
    private final Map<UUID, Map<UUID, Long>> positions = new HashMap<>();

    Ledger(Readers readers) {
        this.readers = readers;
        readers.chats.forEach(chat -> {
            heads.put(chat, 0L);
            said.put(chat, new ArrayList<>());
        });
        readers.users.forEach(user -> positions.put(user, new HashMap<>()));
    }

    /**
     * Does one thing.
     *
     * @return what the reader's devices are to be told, or null
     */
    Unread step(Random random) {
        UUID user = readers.users.get(random.nextInt(readers.users.size()));
        UUID chat = readers.chats.get(random.nextInt(readers.chats.size()));
        long head = heads.get(chat);
        long seq = random.nextLong(head + 3);
        return switch (random.nextInt(8)) {
            case 0, 1, 2 -> send(user, chat);
            case 3 -> edit(user, chat, seq);
            case 4 -> delete(user, chat, seq);
            case 5, 6 -> mark(user, chat, "read", seq, Math.max(position(user, chat), Math.min(seq, head)));
            default -> mark(user, chat, "unread", seq, Math.min(position(user, chat), seq));
        };
    }

    /** How all chats stand for a reader, as {@link #essence}. */
    List<List<Object>> states(UUID reader) {
        return readers.chats.stream()
                .map(chat -> List.<Object>of(chat, heads.get(chat), position(reader, chat), (int) count(reader, chat)))
                .toList();
    }

    static List<Object> essence(State state) {
        return List.of(state.chatId(), state.seq(), state.lastReadSeq(), state.unreadCount());
    }

    private Unread send(UUID user, UUID chat) {
        assertThat(readers.send(user, chat)).isEqualTo(201);
        said.get(chat).add(new Said(heads.merge(chat, 1L, Long::sum), user));
        return null;
    }

    private Unread edit(UUID user, UUID chat, long seq) {
        if (readers.edit(user, chat, seq, "edit at " + heads.get(chat)) == 200) {
            heads.merge(chat, 1L, Long::sum);
        }
        return null;
    }

    private Unread delete(UUID user, UUID chat, long seq) {
        boolean deleted = readers.delete(user, chat, seq) == 204;
        if (deleted && said.get(chat).removeIf(message -> message.seq == seq)) {
            heads.merge(chat, 1L, Long::sum);
        }
        return null;
    }

    private Unread mark(UUID user, UUID chat, String how, long seq, long after) {
        readers.mark(user, chat, how, seq);
        if (after == position(user, chat)) {
            return null;
        }
        positions.get(user).put(chat, after);
        long sum = readers.chats.stream().mapToLong(one -> count(user, one)).sum();
        return new Unread(chat, (int) count(user, chat), after, sum);
    }

    private long position(UUID user, UUID chat) {
        return positions.get(user).getOrDefault(chat, 0L);
    }

    private long count(UUID reader, UUID chat) {
        long position = position(reader, chat);
        return said.get(chat).stream()
                .filter(message -> message.seq > position && !message.by.equals(reader))
                .count();
    }
}

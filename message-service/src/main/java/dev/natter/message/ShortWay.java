package dev.natter.message;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.natter.contracts.Chat;
import dev.natter.contracts.Internal.Seat;
import dev.natter.message.Batch.Created;
import dev.natter.message.Batch.Head;
import dev.natter.message.Batch.Loaded;
import dev.natter.platform.db.Columns;
import dev.natter.platform.outbox.Outbox;
import dev.natter.platform.token.SignedUrl;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.ObjIntConsumer;
import java.util.stream.Collectors;

/**
 * The short way into the log, in one round trip: optimistic concurrency control (Kung and Robinson, "On Optimistic
 * Methods for Concurrency Control", 1981) for plain sends to chats that this process has written to lately.
 *
 * <p>Where such a chat stands is remembered from its last commit. So {@link Batch} decides before the database was
 * asked, as if every sender were a member and no send were a repetition. One statement then finds out: a chat's number
 * moves only if it is still the remembered one, and all senders are members, and none of the sends is in the log; what
 * doesn't fit isn't written, and goes the long way, which reads before it decides.
 *
 * <p>Why a guess that held was true: the statement reads members and sends as they were when it began, then waits for
 * the chat's row, and looks at that row as it is now (READ COMMITTED). Who wrote to the chat since it was remembered
 * has moved its number; who changed its members, their version, which only rises: so what was read in between was true.
 * It waits for all rows, in the order of their ids, before it moves any: else two processes may wait for each other.
 *
 * <p>Thread-safe, but for a chat one batch after the other.
 */
final class ShortWay {
    /**
     * Two things keep PostgreSQL's planner out of it. Members and sends are looked up by subqueries of one value, which
     * it answers from the index; joins and EXISTS it answered by hashing all of a table that was small when it looked.
     * And one array comes by a SELECT of its own, which hides how many rows there are: it found a plan for one row so
     * much cheaper than one for any number that it planned each lone send anew, which took longer than running it.
     */
    static final String APPEND = Outbox.appending("""
            asked AS MATERIALIZED (
              SELECT * FROM unnest((SELECT ?::uuid[]), ?::bigint[], ?::bigint[], ?::uuid[], ?::text[], ?::text[], ?::bytea[])
                WITH ORDINALITY
                AS asked (chat_id, members_version, seq, sender_id, content, client_id, client_hash, place)),
            guessed AS (
              SELECT chat_id, members_version, min(seq) - 1 AS head, max(seq) AS last
                FROM asked
               GROUP BY chat_id, members_version),
            locked AS (
              SELECT guessed.* FROM guessed JOIN chat_head USING (chat_id) ORDER BY chat_id FOR NO KEY UPDATE OF chat_head),
            moved AS (
              UPDATE chat_head h SET seq = locked.last FROM locked
               WHERE h.chat_id = locked.chat_id AND h.seq = locked.head
                 AND h.members_version = locked.members_version AND h.deleted_at IS NULL
                 AND locked.chat_id <> ALL (ARRAY(
                     SELECT chat_id FROM asked
                      WHERE (SELECT true FROM member m WHERE m.chat_id = asked.chat_id AND m.user_id = asked.sender_id) IS NULL
                         OR (SELECT true FROM message sent WHERE sent.chat_id = asked.chat_id AND sent.sender_id = asked.sender_id
                                                             AND sent.client_id = asked.client_id)))
              RETURNING h.chat_id),
            granted AS (SELECT asked.* FROM asked JOIN moved USING (chat_id)),
            written AS (
              INSERT INTO message (chat_id, seq, changed_seq, type, sender_id, content, client_id, client_hash, created_at)
              SELECT chat_id, seq, seq, 'text', sender_id, content, client_id, client_hash, ? FROM granted)""");

    private static final int CHATS_REMEMBERED = 100_000;

    private final Outbox outbox;
    private final SignedUrl signer;
    private final Cache<UUID, Head> heads = Caffeine.newBuilder()
            .maximumSize(CHATS_REMEMBERED)
            .executor(Runnable::run)
            .build();

    ShortWay(Outbox outbox, SignedUrl signer) {
        this.outbox = outbox;
        this.signer = signer;
    }

    /** Where chats stand after a commit. */
    void remember(Map<UUID, Head> moved) {
        heads.putAll(moved);
    }

    /**
     * Commits what can go this way.
     *
     * @param changes in the order of their arrival
     * @param now when they happen
     * @param told given what became of each that went this way, with its place among the changes
     * @return the places of those that have to go the long way, in order
     */
    List<Integer> commit(List<Change> changes, Instant now, ObjIntConsumer<Outcome> told) {
        Loaded guess = guess(changes);
        List<Integer> tried = new ArrayList<>();
        List<Integer> left = new ArrayList<>();
        for (int i = 0; i < changes.size(); i++) {
            (guess.heads().containsKey(changes.get(i).chatId()) ? tried : left).add(i);
        }
        if (!tried.isEmpty()) {
            var batch = new Batch(guess, signer, now);
            List<Outcome> outcomes =
                    tried.stream().map(i -> batch.apply(changes.get(i))).toList();
            // Nothing is known of these chats unless the statement says so.
            heads.invalidateAll(guess.heads().keySet());
            List<Created> created = batch.created();
            outbox.append(APPEND, columns(created, batch.movedHeads(), now), batch.events(), places -> {
                Map<UUID, Head> moved = moved(created, batch.movedHeads(), places);
                remember(moved);
                for (int i = 0; i < outcomes.size(); i++) {
                    if (moved.containsKey(changes.get(tried.get(i)).chatId())) {
                        told.accept(outcomes.get(i), tried.get(i));
                    } else {
                        left.add(tried.get(i));
                    }
                }
            });
            left.sort(null);
        }
        return left;
    }

    /** What the database would say, if all is as it was: of the chats that get nothing but plain sends. */
    private Loaded guess(List<Change> changes) {
        Map<UUID, Head> known = new HashMap<>();
        Map<Seat, Chat.Role> seats = new HashMap<>();
        Set<UUID> others = new HashSet<>();
        for (Change change : changes) {
            Head head = heads.getIfPresent(change.chatId());
            if (head != null && change instanceof Change.Send send && send.replyTo() == null) {
                known.put(send.chatId(), head);
                seats.put(new Seat(send.chatId(), send.userId()), Chat.Role.member);
            } else {
                others.add(change.chatId());
            }
        }
        known.keySet().removeAll(others);
        return new Loaded(known, seats, Map.of(), Map.of());
    }

    private static Columns<Created> columns(List<Created> created, Map<UUID, Head> heads, Instant now) {
        return Columns.of(created)
                .uuid(each -> each.message().chatId())
                .bigint(each -> heads.get(each.message().chatId()).membersVersion())
                .bigint(each -> each.message().seq())
                .uuid(each -> each.message().senderId())
                .text(each -> each.message().content())
                .text(each -> each.message().clientId())
                .bytes(Created::hash)
                .time(now);
    }

    /**
     * Chats go in whole or not at all, so any message of a chat tells for all; each has one event, in the same place.
     */
    private static Map<UUID, Head> moved(List<Created> created, Map<UUID, Head> heads, BitSet written) {
        return written.stream()
                .mapToObj(place -> created.get(place).message().chatId())
                .distinct()
                .collect(Collectors.toMap(chat -> chat, heads::get));
    }
}

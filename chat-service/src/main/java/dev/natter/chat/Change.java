package dev.natter.chat;

import dev.natter.contracts.Chat;
import dev.natter.contracts.Chat.Member;
import dev.natter.contracts.Chat.Role;
import dev.natter.contracts.ChatEvent;
import dev.natter.contracts.Subjects;
import dev.natter.platform.bus.Outgoing;
import dev.natter.platform.db.Uuid7;
import dev.natter.platform.http.Json;
import dev.natter.platform.outbox.Outbox.Transaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * A member's change of a chat as such, in one transaction: allowed or refused under the chat's lock, entered into the
 * box of everyone it concerns, and told. What changes nothing raises no number and is told to nobody.
 */
final class Change {
    private final Transaction transaction;
    private final Connection connection;
    private final LockedChat chat;
    private final Member by;
    private final Instant at = now();

    private Change(Transaction transaction, LockedChat chat, Member by) {
        this.transaction = transaction;
        this.connection = transaction.connection();
        this.chat = chat;
        this.by = by;
    }

    /**
     * Begins a change.
     *
     * @param transaction in which
     * @param chatId of which chat
     * @param userId who wants it
     * @return the change, none made yet
     * @throws dev.natter.platform.http.Refused 404 to one who isn't in the chat
     */
    static Change of(Transaction transaction, UUID chatId, UUID userId) throws SQLException {
        LockedChat chat = LockedChat.lock(transaction.connection(), chatId, userId)
                .orElseThrow(() -> Problems.noSuchChat().refuse());
        Member by = Members.some(transaction.connection(), chatId, List.of(userId)).stream()
                .findFirst()
                .orElseThrow(() -> Problems.noSuchChat().refuse());
        return new Change(transaction, chat, by);
    }

    /**
     * Creates a chat.
     *
     * @param transaction in which
     * @param creator who wants it
     * @param wish what it shall be
     * @param others who is in it beside the creator
     * @return the chat as the creator sees it, or empty if the two of a direct chat have one already
     */
    static Optional<Chat> create(Transaction transaction, UUID creator, NewChat wish, Set<UUID> others)
            throws SQLException {
        Connection connection = transaction.connection();
        UUID id = Uuid7.next();
        Instant at = now();
        List<Member> all = new ArrayList<>();
        // The two of a direct chat are equals: neither is there to keep order.
        all.add(new Member(creator, wish.type() == Chat.Type.group ? Role.owner : Role.member, at));
        others.forEach(other -> all.add(new Member(other, Role.member, at)));
        if (!LockedChat.insert(connection, id, wish.type(), wish.title(), all, at)) {
            return Optional.empty();
        }
        Members.insert(connection, id, all);
        Map<UUID, Long> seqs = Boxes.raise(connection, id);
        tell(
                transaction,
                id,
                1,
                new ChatEvent.Created(id, 1, name(id, 1), at, wish.type(), wish.title(), List.copyOf(all), seqs));
        List<Member> shown = all.subList(0, Math.min(Chat.MEMBERS_SHOWN, all.size()));
        return Optional.of(
                new Chat(id, wish.type(), wish.title(), shown, all.size(), at, 0, null, 0L, 0, seqs.get(creator)));
    }

    /** Gives the chat another title. */
    void rename(String title) throws SQLException {
        Rights.demandGroup(chat.type());
        Rights.demandManager(by.role());
        if (Objects.equals(title, chat.title())) {
            return;
        }
        LockedChat now = raise(title, chat.memberCount());
        Map<UUID, Long> seqs = Boxes.raise(connection, chat.id());
        tell(now, new ChatEvent.Updated(chat.id(), now.version(), name(now), at, title, by.userId(), seqs));
    }

    /**
     * Lets users in, those who aren't in yet.
     *
     * @param userIds whom
     * @param membersMax most members of a chat
     * @return whether anybody arrived
     */
    boolean add(Set<UUID> userIds, int membersMax) throws SQLException {
        Rights.demandGroup(chat.type());
        Rights.demandManager(by.role());
        Set<UUID> there = Members.some(connection, chat.id(), userIds).stream()
                .map(Member::userId)
                .collect(Collectors.toSet());
        List<Member> arriving = userIds.stream()
                .filter(id -> !there.contains(id))
                .map(id -> new Member(id, Role.member, at))
                .toList();
        int count = chat.memberCount() + arriving.size();
        if (arriving.isEmpty()) {
            return false;
        }
        if (count > membersMax) {
            throw Problems.tooManyMembers(membersMax).refuse();
        }
        Members.insert(connection, chat.id(), arriving);
        Boxes.unearth(connection, chat.id(), userIds);
        LockedChat now = raise(chat.title(), count);
        Map<UUID, Long> seqs = Boxes.raise(connection, chat.id());
        tell(
                now,
                new ChatEvent.MemberAdded(
                        chat.id(),
                        now.version(),
                        name(now),
                        at,
                        chat.type(),
                        chat.title(),
                        arriving,
                        count,
                        by.userId(),
                        seqs));
        return true;
    }

    /**
     * Makes a member something else.
     *
     * @param userId whom
     * @param role what
     * @return the member as they are now
     */
    Member appoint(UUID userId, Role role) throws SQLException {
        Rights.demandGroup(chat.type());
        Rights.demandOwner(by.role());
        Member before = member(userId);
        if (before.role() == role) {
            return before;
        }
        demandAnotherOwner(before);
        Members.appoint(connection, chat.id(), userId, role);
        Member after = new Member(userId, role, before.joinedAt());
        LockedChat now = raise(chat.title(), chat.memberCount());
        Map<UUID, Long> seqs = Boxes.raise(connection, chat.id());
        tell(now, new ChatEvent.MemberUpdated(chat.id(), now.version(), name(now), at, after, by.userId(), seqs));
        return after;
    }

    /** Puts a member out, or lets one leave; with the last one the chat goes. */
    void remove(UUID userId) throws SQLException {
        Rights.demandGroup(chat.type());
        if (!userId.equals(by.userId())) {
            Rights.demandManager(by.role());
            Rights.demandRemover(by.role(), member(userId).role());
        } else if (chat.memberCount() == 1) {
            end();
            return;
        } else {
            demandAnotherOwner(by);
        }
        LockedChat now = raise(chat.title(), chat.memberCount() - 1);
        Map<UUID, Long> seqs = Boxes.raise(connection, chat.id());
        Boxes.bury(connection, chat.id(), List.of(userId), now.version(), at.atOffset(ZoneOffset.UTC));
        tell(
                now,
                new ChatEvent.MemberRemoved(
                        chat.id(), now.version(), name(now), at, userId, now.memberCount(), by.userId(), seqs));
    }

    /** Ends the chat for everyone. */
    void delete() throws SQLException {
        Rights.demandEnder(chat.type(), by.role());
        end();
    }

    private void end() throws SQLException {
        LockedChat now = chat.next(chat.title(), 0);
        Map<UUID, Long> seqs = Boxes.raise(connection, chat.id());
        Boxes.bury(connection, chat.id(), seqs.keySet(), now.version(), at.atOffset(ZoneOffset.UTC));
        now.delete(connection);
        tell(now, new ChatEvent.Deleted(chat.id(), now.version(), name(now), at, by.userId(), seqs));
    }

    private Member member(UUID userId) throws SQLException {
        return Members.some(connection, chat.id(), List.of(userId)).stream()
                .findFirst()
                .orElseThrow(() -> Problems.noSuchMember().refuse());
    }

    private void demandAnotherOwner(Member whoStops) throws SQLException {
        if (whoStops.role() == Role.owner && Members.owners(connection, chat.id()) == 1) {
            throw Problems.lastOwner().refuse();
        }
    }

    private LockedChat raise(String title, int memberCount) throws SQLException {
        LockedChat now = chat.next(title, memberCount);
        now.update(connection, at.atOffset(ZoneOffset.UTC));
        return now;
    }

    private void tell(LockedChat now, ChatEvent event) {
        tell(transaction, now.id(), now.version(), event);
    }

    private static void tell(Transaction transaction, UUID id, long version, ChatEvent event) {
        transaction.emit(new Outgoing(Subjects.of(id, event), name(id, version), version, Json.bytes(event)));
    }

    private static String name(LockedChat chat) {
        return name(chat.id(), chat.version());
    }

    private static String name(UUID id, long version) {
        return id + "." + version;
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }
}

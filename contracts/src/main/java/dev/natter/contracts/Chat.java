package dev.natter.contracts;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * A chat as one of its members sees it.
 *
 * @param id its name
 * @param type direct (of two) or group
 * @param title a group's title, or null
 * @param members the first {@value #MEMBERS_SHOWN} members, by arrival
 * @param memberCount how many members there are in all
 * @param createdAt when it was created
 * @param seq the number of the chat's latest change, 0 while there is none; everything else here is true for it
 * @param lastMessage the newest message, or null while there is none
 * @param lastReadSeq up to where the viewer has read; null while message-service can't be asked
 * @param unreadCount messages of others above {@code lastReadSeq}, counted to 1,000; null while message-service can't
 *     be asked
 * @param userSeq the number, in the viewer's box, of the last time that the chat itself (not its timeline) changed
 */
public record Chat(
        UUID id,
        Type type,
        String title,
        List<Member> members,
        int memberCount,
        Instant createdAt,
        long seq,
        Message lastMessage,
        Long lastReadSeq,
        Integer unreadCount,
        long userSeq) {

    /** How many members a chat shows of itself. */
    public static final int MEMBERS_SHOWN = 50;

    /** What kind of chat. */
    public enum Type {
        /** Of exactly two; there is at most one for any two users. */
        direct,
        /** Of any number. */
        group
    }

    /** What a member may do, least last. */
    public enum Role {
        /** May do everything. */
        owner,
        /** May manage members and delete others' messages. */
        admin,
        /** May read and send. */
        member
    }

    /**
     * One who is in a chat.
     *
     * @param userId who
     * @param role what they may do
     * @param joinedAt since when
     */
    public record Member(UUID userId, Role role, Instant joinedAt) {}

    /**
     * What is left of a chat for one who left it, or whose chat was deleted.
     *
     * @param id the chat
     * @param userSeq the number of the leaving in the viewer's box
     * @param left true; no chat has this field
     * @param leftAt when
     */
    public record Tombstone(UUID id, long userSeq, boolean left, Instant leftAt) {}

    public Chat {
        members = List.copyOf(members);
    }
}

package dev.natter.realtime;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.natter.contracts.Message;
import dev.natter.platform.http.Json;
import dev.natter.platform.http.Problem;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What the gateway says in its own words; what happens in chats it only passes on. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
sealed interface ServerFrame {
    /** Said first. */
    @JsonTypeName("hello")
    record Hello(
            UUID userId,
            String sessionId,
            String epoch,
            long heartbeatSeconds,
            Instant serverTime,
            Limits limits,
            Long userSeq)
            implements ServerFrame {}

    /**
     * What a client must not exceed; the contract explains each.
     *
     * @param frameBytes the largest frame or message
     * @param framesPerSecond how many frames in the long run
     * @param framesBurst and at once
     * @param badFrames so many bad ones in a row close the socket
     * @param refLength the longest {@code ref}, characters
     * @param joinedChats how many chats a socket may join
     * @param chatsPerFrame and with one frame
     * @param socketsPerUser how many sockets a user may have on one node
     * @param replayChanges how far back {@code since} may reach
     * @param typingIntervalSeconds how often typing counts
     * @param typingLifetimeSeconds how long it is shown
     * @param silenceSeconds after how long without a frame, a pong included, a socket is closed
     * @param queueBytes how much may wait for a client that reads slowly before it is closed
     * @param presenceUsers how many users a socket may ask for
     */
    record Limits(
            int frameBytes,
            int framesPerSecond,
            int framesBurst,
            int badFrames,
            int refLength,
            int joinedChats,
            int chatsPerFrame,
            int socketsPerUser,
            int replayChanges,
            long typingIntervalSeconds,
            long typingLifetimeSeconds,
            long silenceSeconds,
            int queueBytes,
            int presenceUsers) {
        static Limits of(RealtimeConfig config) {
            return new Limits(
                    RealtimeConfig.MAX_FRAME,
                    config.framesPerSecond(),
                    config.framesBurst(),
                    config.badFrames(),
                    ClientFrame.MAX_REF,
                    config.chatsPerSocket(),
                    RealtimeConfig.CHATS_PER_FRAME,
                    config.socketsPerUser(),
                    config.replayChanges(),
                    config.typingInterval().toSeconds(),
                    config.typingLifetime().toSeconds(),
                    config.silence().toSeconds(),
                    config.queueBytes(),
                    config.presence().usersPerSocket());
        }
    }

    /** Where the user's box stands, when hello couldn't say. */
    @JsonTypeName("box")
    record Box(long userSeq) implements ServerFrame {}

    /** In the chat; everything after {@code seq} follows. */
    @JsonTypeName("joined_chat")
    record JoinedChat(
            @JsonInclude(JsonInclude.Include.NON_NULL) String ref, UUID chatId, long seq) implements ServerFrame {}

    /**
     * In many chats; of each, everything after its number follows.
     *
     * @param ref what the question said
     * @param chats those that were joined without a {@code resync_required} of their own
     * @param inaccessible those that can't be
     */
    @JsonTypeName("joined_chats")
    record JoinedChats(
            @JsonInclude(JsonInclude.Include.NON_NULL) String ref, Map<UUID, Long> chats, List<UUID> inaccessible)
            implements ServerFrame {}

    /** In the chat, but what came between can't be told: the client must load the chat again. */
    @JsonTypeName("resync_required")
    record ResyncRequired(
            @JsonInclude(JsonInclude.Include.NON_NULL) String ref, UUID chatId, long seq, Reason reason)
            implements ServerFrame {}

    /** Out of the chat. */
    @JsonTypeName("left_chat")
    record LeftChat(
            @JsonInclude(JsonInclude.Include.NON_NULL) String ref, UUID chatId) implements ServerFrame {}

    /** It is in the log. */
    @JsonTypeName("message_sent")
    record MessageSent(
            @JsonInclude(JsonInclude.Include.NON_NULL) String ref, Message message, boolean replayed)
            implements ServerFrame {}

    /** How the chat stands for the reader now. */
    @JsonTypeName("marked_read")
    record MarkedRead(
            @JsonInclude(JsonInclude.Include.NON_NULL) String ref, UUID chatId, long seq, int unreadCount)
            implements ServerFrame {}

    /** The socket stays open until then. */
    @JsonTypeName("authenticated")
    record Authenticated(
            @JsonInclude(JsonInclude.Include.NON_NULL) String ref, Instant expiresAt) implements ServerFrame {}

    /** The socket will be closed then, unless another token is shown. */
    @JsonTypeName("token_expiring")
    record TokenExpiring(Instant expiresAt) implements ServerFrame {}

    /** Whether someone is online, and if not, when they last were, if that is known. */
    @JsonTypeName("presence")
    record Presence(
            @JsonInclude(JsonInclude.Include.NON_NULL) String ref, UUID userId, boolean online, Instant lastSeenAt)
            implements ServerFrame {
        /** How someone looks with whom one shares no chat. */
        static Presence stranger(String ref, UUID userId) {
            return new Presence(ref, userId, false, null);
        }
    }

    /** Here. */
    @JsonTypeName("pong")
    record Pong(@JsonInclude(JsonInclude.Include.NON_NULL) String ref, Instant at) implements ServerFrame {}

    /** About to close. */
    @JsonTypeName("reconnect")
    record Reconnect(long afterMs, String reason) implements ServerFrame {}

    /** A frame was refused; as a problem of HTTP. */
    @JsonTypeName("error")
    record Error(
            @JsonInclude(JsonInclude.Include.NON_NULL) String ref,
            String code,
            String detail,
            boolean retryable,
            @JsonInclude(JsonInclude.Include.NON_NULL) Long retryAfterMs)
            implements ServerFrame {
        static Error of(String ref, Problem problem) {
            Long wait =
                    problem.retryAfter() == null ? null : problem.retryAfter().toMillis();
            return new Error(ref, problem.code(), problem.detail(), problem.retryable(), wait);
        }
    }

    /** Why a client must load a chat again. */
    enum Reason {
        too_far,
        epoch,
        ahead
    }

    default Frame frame() {
        return Frame.text(Json.bytes(this));
    }
}

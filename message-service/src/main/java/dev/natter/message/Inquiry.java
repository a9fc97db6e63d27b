package dev.natter.message;

import dev.natter.contracts.Internal.Membership;
import dev.natter.contracts.Internal.Seat;
import dev.natter.contracts.Internal.Seats;
import dev.natter.platform.http.Peer;
import dev.natter.platform.http.Refused;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Gatherers;

/**
 * Asks chat-service about places that the replica doesn't know, and lets the {@link Roll} remember the answer. While
 * one question is under way the next ones gather, and are then asked as one: whoever tries every id costs chat-service
 * no more than one question at a time. An answer counts only for who asked before the question was put, so that it is
 * never older than the asker's own last write. Thread-safe.
 */
final class Inquiry {
    private static final System.Logger LOG = System.getLogger(Inquiry.class.getName());
    private static final int AT_ONCE = 500;
    private static final int CHATS_AT_ONCE = 4;

    private record Question(Collection<Seat> seats, CompletableFuture<Void> answered) {}

    private final Peer chatService;
    private final Roll roll;
    private final ConcurrentLinkedQueue<Question> gathering = new ConcurrentLinkedQueue<>();
    private final ReentrantLock turn = new ReentrantLock();

    Inquiry(Peer chatService, Roll roll) {
        this.chatService = chatService;
        this.roll = roll;
    }

    /**
     * Has the replica brought up to date about some places.
     *
     * @throws Refused 503 if chat-service can't be asked now
     */
    void about(Collection<Seat> seats) {
        var mine = new Question(seats, new CompletableFuture<>());
        gathering.add(mine);
        turn.lock();
        try {
            while (!mine.answered.isDone()) {
                askForAll();
            }
        } finally {
            turn.unlock();
        }
        try {
            mine.answered.join();
        } catch (CompletionException failed) {
            throw failed.getCause() instanceof Refused refused ? refused : failed;
        }
    }

    private void askForAll() {
        List<Question> questions = new ArrayList<>();
        Set<Seat> seats = new HashSet<>();
        for (Question next = gathering.peek(); next != null; next = gathering.peek()) {
            if (!seats.isEmpty() && seats.size() + next.seats.size() > AT_ONCE) {
                break;
            }
            questions.add(gathering.poll());
            seats.addAll(next.seats);
        }
        try {
            askFor(seats);
            questions.forEach(question -> question.answered.complete(null));
        } catch (RuntimeException | Error failure) {
            questions.forEach(question -> question.answered.completeExceptionally(failure));
        }
    }

    /** Strangers cost no more than this: only of chats that an asker is in is everyone fetched. */
    private void askFor(Set<Seat> seats) {
        Seats taken = chatService.post("/internal/seats", new Seats(List.copyOf(seats)), Seats.class);
        List<UUID> chats = taken.seats().stream().map(Seat::chatId).distinct().toList();
        if (chats.size() == 1) {
            learn(chats.getFirst());
            return;
        }
        chats.stream()
                .gather(Gatherers.mapConcurrent(CHATS_AT_ONCE, chatId -> {
                    learn(chatId);
                    return chatId;
                }))
                .forEach(chatId -> LOG.log(Level.DEBUG, "Learnt who is in {0}", chatId));
    }

    /**
     * Learns everyone in a chat.
     *
     * @throws Refused 503 if chat-service can't be asked now
     */
    void learn(UUID chatId) {
        chatService
                .get("/internal/chats/" + chatId + "/members", Membership.class)
                .ifPresent(roll::remember);
    }
}

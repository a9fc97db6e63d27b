package dev.natter.message;

import static dev.natter.message.Running.member;
import static org.assertj.core.api.Assertions.assertThat;

import dev.natter.contracts.Chat;
import dev.natter.contracts.Internal.Mark;
import dev.natter.contracts.Internal.State;
import dev.natter.contracts.Internal.States;
import dev.natter.contracts.Internal.StatesQuery;
import dev.natter.contracts.Message;
import dev.natter.platform.db.Uuid7;
import dev.natter.testing.Reply;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;

/** Three users, the first of them an admin, in the same three chats. */
final class Readers {
    private final Running running;
    final List<UUID> users = List.of(Uuid7.next(), Uuid7.next(), Uuid7.next());
    final List<UUID> chats;

    Readers(Running running) {
        this.running = running;
        var members = List.of(
                new Chat.Member(users.get(0), Chat.Role.admin, Running.NOW),
                member(users.get(1)),
                member(users.get(2)));
        this.chats = List.of(running.chat(members), running.chat(members), running.chat(members));
        // So that message-service knows who is in them.
        chats.forEach(chat -> mark(users.getFirst(), chat, "read", 0));
    }

    /** What a device does, as it comes. */
    void bustle(UUID user, Random random) {
        for (int step = 0; step < 30; step++) {
            UUID chat = chats.get(random.nextInt(chats.size()));
            long seq = random.nextInt(40);
            switch (random.nextInt(6)) {
                case 0, 1 -> send(user, chat);
                case 2 -> edit(user, chat, seq, "edit " + step);
                case 3 -> delete(user, chat, seq);
                case 4 -> mark(user, chat, random.nextInt(3) == 0 ? "unread" : "read", seq);
                default -> states(user);
            }
        }
    }

    int send(UUID user, UUID chat) {
        return running.send(user, chat, "message").status();
    }

    int edit(UUID user, UUID chat, long seq, String content) {
        return running.as(user)
                .put("/api/messages/" + chat + "." + seq, Map.of("content", content))
                .status();
    }

    int delete(UUID user, UUID chat, long seq) {
        return running.as(user).delete("/api/messages/" + chat + "." + seq).status();
    }

    void mark(UUID user, UUID chat, String how, long seq) {
        Reply reply = running.as(user).post("/api/chats/" + chat + "/" + how, new Mark(seq));
        assertThat(reply.status()).isEqualTo(200);
    }

    List<State> states(UUID user) {
        return running.peer()
                .post("/internal/chats/states", new StatesQuery(user, chats))
                .as(States.class)
                .states();
    }

    /** From nothing but the pages and the positions that any client can see. */
    int countByHand(UUID user, UUID chat) {
        long position = 0;
        for (var read : running.as(user).get("/api/chats/" + chat + "/reads").json()) {
            if (read.get("user_id").asString().equals(user.toString())) {
                position = read.get("seq").asLong();
            }
        }
        long from = position;
        Message[] page = running.as(user)
                .get("/api/chats/" + chat + "/messages?limit=200&after=" + position)
                .as(Message[].class);
        assertThat(page).hasSizeLessThan(200);
        return (int) Arrays.stream(page)
                .filter(message -> message.seq() > from
                        && message.deletedAt() == null
                        && message.type() == Message.Type.text
                        && !message.senderId().equals(user))
                .count();
    }
}

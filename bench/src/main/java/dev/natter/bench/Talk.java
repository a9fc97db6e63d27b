package dev.natter.bench;

import dev.natter.contracts.Message;
import dev.natter.contracts.MessageId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * What a {@link Town} says, from the first message to the last: each takes its chat's next number, and so does the edit
 * of one in 25. Used by one thread.
 */
final class Talk {
    private static final List<String> WORDS = List.of(("the be to of and a in that have it for not on with as you do at"
                    + " this but by from they we say or will my one all would there what so up out if about who get which go me when"
                    + " make can like time no just know take people into year your good some could them see other than then now look"
                    + " only come over think also back after use two how our work first well way even new want because any these give"
                    + " day most us meeting tomorrow deployment probably thanks question")
            .split(" "));
    private static final int MOST_WORDS = 500;
    private static final int ONE_IS_EDITED_IN = 25;
    private static final Duration SECOND_THOUGHT = Duration.ofSeconds(20);

    private final Town town;
    private final int[] heads;
    private final int[] newest;
    private final int[] newestSeq;

    Talk(Town town) {
        this.town = town;
        this.heads = new int[town.chats()];
        this.newest = new int[town.chats()];
        this.newestSeq = new int[town.chats()];
    }

    /** The next message; they are to be asked for in their order. */
    Message next(int number) {
        int chat = town.chatOf(number);
        int seq = heads[chat] + 1;
        newest[chat] = number;
        newestSeq[chat] = seq;
        heads[chat] = isEdited(number) ? seq + 1 : seq;
        return message(number, chat, seq);
    }

    /** A chat's number, after all that was said. */
    int head(int chat) {
        return heads[chat];
    }

    /** A chat's newest message; null if there is none. */
    Message newest(int chat) {
        return heads[chat] == 0 ? null : message(newest[chat], chat, newestSeq[chat]);
    }

    private Message message(int number, int chat, int seq) {
        SplittableRandom dice = Town.dice(number, "message");
        List<UUID> members = town.members(chat);
        UUID chatId = town.id(chat);
        Instant sent = town.sent(number);
        boolean edited = isEdited(number);
        return new Message(
                new MessageId(chatId, seq),
                chatId,
                seq,
                edited ? seq + 1 : seq,
                Message.Type.text,
                members.get(dice.nextInt(members.size())),
                text(dice),
                null,
                List.of(),
                new UUID(dice.nextLong(), dice.nextLong()).toString(),
                sent,
                edited ? sent.plus(SECOND_THOUGHT) : null,
                null);
    }

    private static boolean isEdited(int number) {
        return number % ONE_IS_EDITED_IN == 0;
    }

    /** Half of them have no more than eight words, one in a hundred has sixty (log-normal, as chats are). */
    private static String text(SplittableRandom dice) {
        int words = (int) Math.clamp(Math.exp(2.1 + 0.9 * dice.nextGaussian()), 1, MOST_WORDS);
        var text = new StringBuilder(words * 6);
        for (int word = 0; word < words; word++) {
            text.append(word == 0 ? "" : " ").append(WORDS.get(dice.nextInt(WORDS.size())));
        }
        return text.toString();
    }
}

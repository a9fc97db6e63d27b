package dev.natter.bench;

import dev.natter.bench.People.Person;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.IntStream;

/**
 * A population with its chats, as large as is wanted, every detail of which follows from its number: so nothing has to
 * be kept of it, and two databases can be told the same.
 *
 * <p>It has the shape that traffic gives. Six chats in ten are of two, the others of three and more, few of them of
 * many (Pareto, at most 1,000). The chats were there first, then came the messages, those of all chats mixed: a tenth
 * of the chats get almost half of them, the largest about one in the cubic root of the chats.
 */
final class Town {
    private static final Instant FOUNDED = Instant.parse("2025-01-01T00:00:00Z");
    private static final Duration BUILDING = Duration.ofDays(30);
    private static final Duration TALKING = Duration.ofDays(300);
    /** How many there are for each user. */
    static final int MESSAGES_OF_A_USER = 40;

    private static final int MESSAGES_OF_A_CHAT = 10;
    private static final int MOST_MEMBERS = 900;
    private static final double TAIL = 0.6;

    /** Prime and more than there are chats: multiplied by it, ranks are spread over all of them. */
    private static final long SPREAD = 1_000_003;

    private final int messages;
    private final int chats;
    private final int users;
    private final List<UUID> people;
    private final int[] measured;
    private final BitSet isMeasured = new BitSet();

    /**
     * Plans one.
     *
     * @param messages how many, from 10,000 to 10 million
     * @param people who shall be in {@code places} of its chats
     * @param places how many; chosen as traffic is spread: what is busier is likelier
     */
    Town(int messages, List<Person> people, int places) {
        this.messages = messages;
        this.chats = messages / MESSAGES_OF_A_CHAT;
        this.users = messages / MESSAGES_OF_A_USER;
        this.people = people.stream().map(Person::id).map(UUID::fromString).toList();
        this.measured = new int[places];
        int rank = -1;
        for (int place = 0; place < places; place++) {
            rank = Math.max(rank + 1, rank((double) place / places));
            measured[place] = ranked(rank);
            isMeasured.set(measured[place]);
        }
    }

    int messages() {
        return messages;
    }

    int chats() {
        return chats;
    }

    /** How many users there are, beside the people. */
    int users() {
        return users;
    }

    /** The chats that the people are in, the largest first. */
    int[] measured() {
        return measured;
    }

    private int rank(double share) {
        return (int) (chats * share * share * share);
    }

    private int ranked(int rank) {
        return (int) (rank * SPREAD % chats);
    }

    /** A chat's name. */
    UUID id(int chat) {
        return id(founded(chat), chat);
    }

    Instant founded(int chat) {
        return FOUNDED.plusMillis(BUILDING.toMillis() * chat / chats);
    }

    boolean isGroup(int chat) {
        return isMeasured.get(chat) || dice(chat, "group").nextInt(10) >= 6;
    }

    /** Who is in a chat, in the order of their arrival. */
    List<UUID> members(int chat) {
        if (!isGroup(chat)) {
            // Each two meet once: the further the number, the further apart.
            return List.of(user(chat % users), user((chat + 1 + chat / users) % users));
        }
        SplittableRandom dice = dice(chat, "members");
        int size = (int) Math.min(Math.min(MOST_MEMBERS, users), 3 / Math.pow(1 - dice.nextDouble(), TAIL));
        int first = dice.nextInt(users);
        List<UUID> members = new ArrayList<>(IntStream.range(first, first + size)
                .mapToObj(n -> user(n % users))
                .toList());
        if (isMeasured.get(chat)) {
            members.addAll(people);
        }
        return members;
    }

    UUID user(int number) {
        return id(FOUNDED, -1 - number);
    }

    /** The chat that a message is in. */
    int chatOf(int message) {
        return ranked(rank(dice(message, "chat").nextDouble()));
    }

    Instant sent(int message) {
        return FOUNDED.plus(BUILDING).plusMillis(TALKING.toMillis() * message / messages);
    }

    /** What no two details have in common, and each has always. */
    static SplittableRandom dice(long number, String detail) {
        return new SplittableRandom(number * 31 + detail.hashCode());
    }

    /** As {@code Uuid7} of the services makes them, but always the same. */
    private static UUID id(Instant at, int number) {
        SplittableRandom dice = dice(number, "id");
        return new UUID(
                at.toEpochMilli() << 16 | 0x7000 | dice.nextInt(0x1000),
                dice.nextLong() >>> 2 | 0x8000_0000_0000_0000L);
    }
}

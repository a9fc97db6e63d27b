package dev.natter.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.natter.bench.People.Person;
import dev.natter.contracts.Message;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TownTest {
    private static final int MESSAGES = 20_000;
    private static final int PLACES = 100;
    private static final UUID SOMEBODY = UUID.randomUUID();

    private final Town town = new Town(MESSAGES, List.of(new Person(SOMEBODY.toString(), "token")), PLACES);

    @Test
    void everyTellingOfItIsTheSame() {
        Town again = new Town(MESSAGES, List.of(new Person(SOMEBODY.toString(), "token")), PLACES);

        for (int chat = 0; chat < town.chats(); chat++) {
            assertThat(again.id(chat)).isEqualTo(town.id(chat));
            assertThat(again.members(chat)).isEqualTo(town.members(chat));
        }
    }

    @Test
    void nobodyIsTwiceInAChatAndNoTwoHaveTwoChats() {
        Set<Set<UUID>> pairs = new HashSet<>();
        for (int chat = 0; chat < town.chats(); chat++) {
            List<UUID> members = town.members(chat);
            assertThat(members).doesNotHaveDuplicates().hasSizeBetween(2, 1_000);
            if (!town.isGroup(chat)) {
                assertThat(members).hasSize(2);
                assertThat(pairs.add(Set.copyOf(members))).isTrue();
            }
        }
    }

    @Test
    void thePeopleAreWhereTheyAreMeasuredAndNowhereElse() {
        Set<Integer> found = new HashSet<>();
        for (int chat = 0; chat < town.chats(); chat++) {
            if (town.members(chat).contains(SOMEBODY)) {
                found.add(chat);
            }
        }

        assertThat(town.measured())
                .hasSize(PLACES)
                .containsExactlyInAnyOrder(
                        found.stream().mapToInt(Integer::intValue).toArray());
    }

    @Test
    void itsTalkIsALog() {
        var talk = new Talk(town);
        Map<UUID, Long> heads = new HashMap<>();
        for (int number = 0; number < town.messages(); number++) {
            Message message = talk.next(number);

            assertThat(message.seq()).isEqualTo(heads.getOrDefault(message.chatId(), 0L) + 1);
            assertThat(town.members(town.chatOf(number))).contains(message.senderId());
            heads.put(message.chatId(), message.changedSeq());
        }
        for (int chat = 0; chat < town.chats(); chat++) {
            assertThat((long) talk.head(chat)).isEqualTo(heads.getOrDefault(town.id(chat), 0L));
        }
    }

    @Test
    void theFirstThatIsMeasuredIsByFarTheLargest() {
        var talk = new Talk(town);
        for (int number = 0; number < town.messages(); number++) {
            talk.next(number);
        }

        int largest = talk.head(town.measured()[0]);
        assertThat(largest).isGreaterThan(20 * MESSAGES / town.chats());
        assertThat(largest).isGreaterThan(2 * talk.head(town.measured()[1]));
    }
}

package dev.natter.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

/** A gateway dies with a thousand sockets open, and they all come back at once. */
@ExtendWith(Arrangement.Curtain.class)
@Tag("e2e")
@Tag("fault")
@Isolated("kills what other tests need")
class GatewayRestartTest {
    private static final int PEOPLE = 25;
    private static final int CLIENTS = 1_000;
    private static final int CHATS = 10;
    private static final Duration RECOVERY = Duration.ofSeconds(60);

    private final World world = Arrangement.SEPARATE.world();
    private final Person anna = world.person("anna");

    @Test
    void aThousandClientsAreAllLiveAgainWithoutAQuestionEach() {
        List<Person> people = AtOnce.run(PEOPLE, _ -> world.stranger());
        var chats = new ArrayList<String>();
        for (int i = 0; i < CHATS; i++) {
            chats.add(anna.opensGroup("a thousand, " + i, people.toArray(Person[]::new)));
        }
        var clients = new ArrayList<Follower>();
        try {
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(new Follower(people.get(i % PEOPLE)));
            }
            AtOnce.run(CHATS, number -> {
                for (int i = number; i < CLIENTS; i += CHATS) {
                    clients.get(i).follows(chats.get(number)).online();
                }
                return null;
            });
            allAt(clients, chats, 0);
            chats.forEach(chat -> anna.says(chat, "before"));
            allAt(clients, chats, 1);
            long before = new Meter(world, "message").questions();

            world.natter().crash("realtime");
            chats.forEach(chat -> anna.says(chat, "while nobody hears"));
            allAt(clients, chats, 2);
            long asked = new Meter(world, "message").questions() - before;
            chats.forEach(chat -> anna.says(chat, "after"));
            allAt(clients, chats, 3);

            // Each alone would ask once. How many of them share a question depends on how fast answers are, since
            // those share one who come while another is under way: GatheringTest has that without a clock.
            assertThat(asked).as("questions asked of message-service").isLessThan(CLIENTS);
            assertThat(clients).allSatisfy(client -> {
                assertThat(client.holes()).isEmpty();
                assertThat(client.resyncs()).isEmpty();
            });
        } finally {
            clients.forEach(Follower::close);
        }
    }

    private static void allAt(List<Follower> clients, List<String> chats, long seq) {
        await().atMost(RECOVERY)
                .until(() ->
                        IntStream.range(0, CLIENTS).allMatch(i -> clients.get(i).isAt(chats.get(i % CHATS), seq)));
    }
}

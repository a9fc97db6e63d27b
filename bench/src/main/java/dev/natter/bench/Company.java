package dev.natter.bench;

import dev.natter.bench.People.Person;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * A company of people who write to each other: each is in eight chats of eight, and all of them are in one.
 *
 * @param people everyone
 * @param chats one for each, who is in it with the next seven
 * @param all the chat that everyone is in
 */
record Company(List<Person> people, List<String> chats, String all) {
    private static final int TOGETHER = 8;
    static final String SAID =
            "Shall we meet at the usual place tomorrow at nine, or is ten better for you? The others can do both.";

    static Company found(Stage stage, int size) throws IOException {
        var makers = new People(stage.base());
        List<Person> people = makers.register(size);
        List<String> chats = new ArrayList<>();
        for (int first = 0; first < size; first++) {
            List<Person> members = new ArrayList<>();
            for (int next = 0; next < TOGETHER; next++) {
                members.add(people.get((first + next) % size));
            }
            chats.add(makers.group(people.get(first), members));
        }
        return new Company(people, chats, makers.group(people.getFirst(), people));
    }

    /**
     * Has everyone talk for a while: what the JVM compiles only for the busy, and what PostgreSQL knows of tables that
     * it has looked at, any installation has that isn't new.
     */
    void warmUp(Stage stage, int connections) throws IOException {
        for (Duration time : List.of(Duration.ofSeconds(2), Duration.ofSeconds(15))) {
            new ClosedLoop(stage.base(), connections, Duration.ZERO, time).run(this::sender);
            stage.analyse();
        }
    }

    /** Somebody's sends, to one of their chats after the other. */
    ClosedLoop.Asker sender(int number) {
        int turn = number % people.size();
        var next = new Object() {
            int chat;
        };
        return () -> send(turn, chats.get(Math.floorMod(turn - next.chat++ % TOGETHER, people.size())));
    }

    /** Somebody's pages of history, of one of their chats after the other. */
    ClosedLoop.Asker reader(int number) {
        int turn = number % people.size();
        var next = new Object() {
            int chat;
        };
        return () -> Connection.request(
                "GET",
                "/api/chats/" + chats.get(Math.floorMod(turn - next.chat++ % TOGETHER, people.size()))
                        + "/messages?limit=50",
                people.get(turn).token(),
                null);
    }

    /** A send of somebody's to a chat. */
    byte[] send(int number, String chat) {
        return send(number, chat, UUID.randomUUID().toString());
    }

    /** A send by a name of its own. */
    byte[] send(int number, String chat, String clientId) {
        String body = "{\"content\":\"" + SAID + "\",\"client_id\":\"" + clientId + "\"}";
        return Connection.request(
                "POST",
                "/api/chats/" + chat + "/messages",
                people.get(number % people.size()).token(),
                body.getBytes(StandardCharsets.US_ASCII));
    }
}

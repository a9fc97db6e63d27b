package dev.natter.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.natter.bench.People.Person;
import dev.natter.contracts.Message;
import dev.natter.local.Natter;
import dev.natter.local.Options;
import dev.natter.platform.db.DatabaseUrl;
import dev.natter.servers.PostgresServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@TestInstance(Lifecycle.PER_CLASS)
class LoaderServiceTest {
    private static final int PLACES = 60;

    private PostgresServer postgres;
    private Natter natter;
    private Person person;
    private Town town;
    private Talk talk;

    @BeforeAll
    void load(@TempDir Path home) throws Exception {
        postgres = PostgresServer.temporary();
        String url = postgres.url("postgres");
        natter = Natter.start(Options.in(home).with("database.url", url));
        List<Person> people = new People(natter.baseUri()).register(2);
        person = people.getFirst();
        town = new Town(10_000, people, PLACES);
        talk = Loader.load(DatabaseUrl.parse(url), town);
    }

    @AfterAll
    void stop() {
        natter.close();
        postgres.close();
    }

    @Test
    void theListHasTheLatestActiveFirst() throws IOException {
        JsonNode chats = get("/api/chats?limit=" + PLACES);

        assertThat(chats.size()).isEqualTo(PLACES);
        assertThat(chats.valueStream()
                        .map(chat ->
                                chat.path("last_message").path("created_at").asString("")))
                .isSortedAccordingTo((one, other) -> other.compareTo(one));
        assertThat(chats.valueStream()).allSatisfy(chat -> {
            assertThat(chat.path("seq").asLong()).isPositive();
            assertThat(chat.path("unread_count").isInt()).isTrue();
        });
    }

    @Test
    void aChatGoesOnWhereItsLogEnds() throws IOException {
        int chat = town.measured()[0];
        JsonNode page = get(messages(chat));
        JsonNode sent = post(messages(chat), Map.of("content", "One more"));

        assertThat(page.size()).isEqualTo(50);
        assertThat(page.path(49).path("changed_seq").asInt()).isEqualTo(talk.head(chat));
        assertThat(sent.path("seq").asInt()).isEqualTo(talk.head(chat) + 1);
        JsonNode changes = get("/api/chats/" + town.id(chat) + "/changes?since=" + talk.head(chat));
        assertThat(changes.path("messages").size()).isEqualTo(1);
    }

    @Test
    void whatWasSentIsKnownWhenItIsSentAgain() throws IOException {
        Talk again = new Talk(town);
        Message own = null;
        for (int number = 0; own == null || !own.senderId().toString().equals(person.id()); number++) {
            own = again.next(number);
        }

        String path = "/api/chats/" + own.chatId() + "/messages";
        JsonNode sent = post(path, Map.of("content", own.content(), "client_id", own.clientId()));

        assertThat(sent.path("id").asString()).isEqualTo(own.id().toString());
    }

    @Test
    void membersAreThoseOfTheTown() throws IOException {
        int chat = town.measured()[PLACES - 1];
        JsonNode members = get("/api/chats/" + town.id(chat) + "/members?limit=100");

        assertThat(members.valueStream().map(member -> member.path("user_id").asString()))
                .containsAll(town.members(chat).stream()
                        .limit(100)
                        .map(Object::toString)
                        .toList());
        assertThat(members.path(0).path("role").asString()).isEqualTo("owner");
    }

    private String messages(int chat) {
        return "/api/chats/" + town.id(chat) + "/messages";
    }

    private JsonNode get(String path) throws IOException {
        return ask(Connection.request("GET", path, person.token(), null));
    }

    private JsonNode post(String path, Map<String, ?> body) throws IOException {
        return ask(Connection.request("POST", path, person.token(), People.JSON.writeValueAsBytes(body)));
    }

    private JsonNode ask(byte[] request) throws IOException {
        try (var connection = new Connection(natter.baseUri())) {
            return People.JSON.readTree(connection.ask(request).good());
        }
    }
}

package dev.natter.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What clients are told that they must not exceed, against what happens to those who do. */
@EachArrangement
class LimitsTest {
    /** A path of the service that each section of the limits is about. */
    private static final Map<String, String> PATHS = Map.of(
            "users", "/api/users/none",
            "chats", "/api/chats/none",
            "messages", "/api/chats/none/messages",
            "files", "/api/messages/none/files",
            "realtime", "/ws/none");

    private final World world;
    private final Person anna;
    private final JsonNode limits;

    LimitsTest(Arrangement arrangement) {
        this.world = arrangement.world();
        this.anna = world.person("anna");
        this.limits = world.anonymous().get("/api/limits").json();
    }

    @Test
    void everyServiceHasToldItsLimits() {
        assertThat(limits.propertyNames()).containsAll(PATHS.keySet());
        for (String section : PATHS.keySet()) {
            assertThat(limits.get(section).isObject()).as(section).isTrue();
        }
        assertThat(limits.at("/users/requests/rates").propertyNames()).contains("user", "address", "login", "register");
    }

    @Test
    void theContractExplainsEachOfThem() {
        JsonNode schemas = Contract.natter().document().at("/components/schemas");
        JsonNode sections = schemas.at("/Limits/properties");
        for (String section : limits.propertyNames()) {
            assertThat(limits.get(section).propertyNames())
                    .as(section)
                    .hasSameElementsAs(
                            sections.at("/" + section + "/properties").propertyNames());
            assertThat(limits.at("/" + section + "/requests").propertyNames())
                    .as(section)
                    .hasSameElementsAs(schemas.at("/RequestLimits/properties").propertyNames());
        }
        assertThat(limits.at("/realtime/socket").propertyNames())
                .hasSameElementsAs(schemas.at("/SocketLimits/properties").propertyNames());
    }

    @Test
    void whatIsAllowedIsTakenAndOneMoreIsNot() {
        int longest = limits.at("/messages/content_max_length").asInt();
        String chat = anna.opensGroup("limits", world.person("boris"));

        anna.says(chat, "x".repeat(longest));
        anna.client()
                .post("/api/chats/" + chat + "/messages", Map.of("content", "x".repeat(longest + 1)))
                .is(422);

        int title = limits.at("/chats/title_max_length").asInt();
        anna.client().post("/api/chats", group("t".repeat(title))).is(201);
        anna.client().post("/api/chats", group("t".repeat(title + 1))).is(422);

        int page = limits.at("/messages/requests/page_max").asInt();
        String messages = "/api/chats/" + chat + "/messages?limit=";
        anna.client().get(messages + page).is(200);
        anna.client().get(messages + (page + 1)).is(422);
    }

    @Test
    void theGatewayInFrontLetsBodiesOfTheSameSizeThrough() throws IOException {
        for (Map.Entry<String, String> path : PATHS.entrySet()) {
            String section = path.getKey();
            long most = limits.at("/" + section + "/requests/body_bytes").asLong();

            assertThat(most).as(section).isPositive();
            assertThat(statusOfABodyOf(most, path.getValue()))
                    .as("%s, begun to be read", section)
                    .isNotEqualTo(413);
            assertThat(statusOfABodyOf(most + 1, path.getValue())).as(section).isEqualTo(413);
        }
    }

    private static Map<String, Object> group(String title) {
        return Map.of("type", "group", "title", title, "member_ids", List.of());
    }

    /** Announces a body, sends none of it, and sees what it comes to: it is judged by its length alone. */
    private int statusOfABodyOf(long bytes, String path) throws IOException {
        URI base = world.base();
        try (var socket = new Socket(base.getHost(), base.getPort())) {
            String head = "POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\n"
                    + "Content-Length: " + bytes + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            // No further than the status: nginx may leave the connection open for what it hasn't read.
            String answer = new String(socket.getInputStream().readNBytes(12), StandardCharsets.UTF_8);
            return answer.isEmpty() ? 0 : Integer.parseInt(answer, 9, 12, 10);
        }
    }
}

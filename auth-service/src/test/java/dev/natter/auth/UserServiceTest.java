package dev.natter.auth;

import static dev.natter.auth.Running.userId;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.natter.contracts.FileEvent;
import dev.natter.contracts.Internal.UserIds;
import dev.natter.contracts.Subjects;
import dev.natter.contracts.User;
import dev.natter.contracts.UserEvent;
import dev.natter.platform.bus.Delivery;
import dev.natter.platform.bus.Envelope;
import dev.natter.platform.bus.Outgoing;
import dev.natter.platform.db.Uuid7;
import dev.natter.platform.http.Json;
import dev.natter.testing.Api;
import dev.natter.testing.Reply;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UserServiceTest {
    private Running running;
    private Api anna;
    private UUID annaId;
    private UUID borisId;

    @BeforeAll
    void open() {
        running = new Running();
        Reply registered =
                running.register(Map.of("username", "anna_k", "display_name", "Анна", "email", "anna@example.org"));
        anna = running.as(registered.json());
        annaId = userId(registered);
        borisId = insert("boris.b", "Борис Ёлкин");
        for (int i = 0; i < 25; i++) {
            insert("page-%02d".formatted(i), "Somebody");
        }
    }

    @AfterAll
    void close() {
        running.close();
    }

    @Test
    void aUserIsFoundByTheBeginningOfAnyOfTheirNames() {
        assertThat(names("query=bo")).containsExactly("boris.b");
        assertThat(names("query=BORIS")).containsExactly("boris.b");
        assertThat(names("query=" + encode("бо"))).containsExactly("boris.b");
        assertThat(names("query=" + encode("ёлк"))).containsExactly("boris.b");
        assertThat(names("query=" + encode("Ё"))).isEmpty();
        assertThat(names("query=na_k")).containsExactly("anna_k");
        assertThat(names("query=nobody")).isEmpty();
    }

    @Test
    void wildcardsFindOnlyThemselves() {
        assertThat(names("query=%25")).isEmpty();
        assertThat(names("query=_")).isEmpty();
        assertThat(names("query=a____k")).isEmpty();
        assertThat(names("query=%5C")).isEmpty();
        assertThat(names("query=" + encode("' OR 1=1 --"))).isEmpty();
    }

    @Test
    void usersAreFoundByTheirIds() {
        UUID nobody = UUID.randomUUID();

        assertThat(names("ids=" + borisId + "," + nobody + "," + annaId)).containsExactly("anna_k", "boris.b");
        assertThat(names("ids=" + borisId + "&query=anna")).isEmpty();
        assertThat(names("ids=")).isEmpty();
        assertThat(anna.get("/api/users?ids=x").status()).isEqualTo(422);
        assertThat(anna.get("/api/users?ids=" + many(200)).status()).isEqualTo(200);
        assertThat(anna.get("/api/users?ids=" + many(201)).status()).isEqualTo(422);
    }

    @Test
    void pagesLeadOnToTheEnd() {
        List<String> seen = new ArrayList<>();
        String path = "/api/users?query=page-&limit=10";
        while (path != null) {
            Reply page = anna.get(path);
            assertThat(page.status()).isEqualTo(200);
            page.json().forEach(user -> seen.add(user.get("username").asString()));
            String link = page.header("Link");
            path = link == null ? null : link.substring(link.indexOf('<') + 1, link.indexOf('>'));
        }

        assertThat(seen).hasSize(25).isSorted().doesNotHaveDuplicates();
        assertThat(anna.get("/api/users?limit=0").status()).isEqualTo(422);
        assertThat(anna.get("/api/users?limit=201").status()).isEqualTo(422);
        assertThat(anna.get("/api/users?cursor=%21").status()).isEqualTo(422);
        assertThat(anna.get("/api/users?query=" + "a".repeat(65)).status()).isEqualTo(422);
        assertThat(anna.get("/api/users?query=a%00b").status()).isEqualTo(422);
    }

    @Test
    void nobodySeesAnothersAddress() {
        Api eve = running.as(running.register(Running.name()).json());

        for (String path :
                List.of("/api/users", "/api/users?query=anna_k", "/api/users?ids=" + annaId, "/api/users/" + annaId)) {
            assertThat(eve.get(path).text())
                    .contains("anna_k")
                    .doesNotContain("anna@example.org")
                    .doesNotContain("\"email\"")
                    .doesNotContain("argon2");
        }
        assertThat(names("query=anna@example.org")).isEmpty();
        assertThat(anna.get("/api/users/me").text()).contains("anna@example.org");
    }

    @Test
    void whoIsNotThereIsNotFound() {
        assertThat(anna.get("/api/users/" + UUID.randomUUID()).status()).isEqualTo(404);
        assertThat(anna.get("/api/users/nonsense").status()).isEqualTo(404);
        assertThat(running.api.get("/api/users/" + annaId).status()).isEqualTo(401);
        assertThat(running.api.get("/api/users").status()).isEqualTo(401);
    }

    @Test
    void servicesAskWhoExists() {
        UUID nobody = UUID.randomUUID();
        var asked = new UserIds(Set.of(annaId, borisId, nobody));
        Api peer =
                running.internal.with("Natter-Service", running.ground.secret().credential());

        Reply reply = peer.post("/internal/users/known", asked);

        assertThat(reply.as(UserIds.class).ids()).containsExactlyInAnyOrder(annaId, borisId);
        assertThat(running.internal.post("/internal/users/known", asked).status())
                .isEqualTo(403);
        assertThat(running.internal
                        .with("Natter-Service", "guess")
                        .post("/internal/users/known", asked)
                        .status())
                .isEqualTo(403);
        assertThat(running.api.post("/internal/users/known", asked).status()).isEqualTo(404);
    }

    @Test
    void anAvatarIsShownAndToldOfAndOnlyEverANewerOne() {
        UUID id = insert("avatar", "Avatar");
        BlockingQueue<Delivery> heard = new LinkedBlockingQueue<>();
        try (var _ = running.bus.subscribe("natter.user." + id + ".*", heard::add)) {
            publish(id, 2, "/media/avatars/two");
            await().untilAsserted(() -> assertThat(avatar(id)).isEqualTo("/media/avatars/two"));
            publish(id, 1, "/media/avatars/one");
            publish(UUID.randomUUID(), 1, "/media/avatars/nobody");
            publish(id, 3, "/media/avatars/three");
            await().untilAsserted(() -> assertThat(avatar(id)).isEqualTo("/media/avatars/three"));

            await().until(() -> heard.size() >= 2);
            var events = heard.stream()
                    .map(delivery -> (UserEvent.Updated) Json.parse(delivery.payload(), UserEvent.class))
                    .toList();
            assertThat(events).extracting(UserEvent.Updated::version).containsExactly(2L, 3L);
            assertThat(events.getLast().user().avatarUrl()).isEqualTo("/media/avatars/three");
        }
    }

    private void publish(UUID userId, long version, String url) {
        var event = new FileEvent.AvatarSet(userId, version, userId + ".avatar." + version, Instant.now(), url);
        running.bus
                .publish(Envelope.of(new Outgoing(Subjects.of(event), event.id(), version, Json.bytes(event))))
                .join();
    }

    private String avatar(UUID id) {
        return anna.get("/api/users/" + id).as(User.class).avatarUrl();
    }

    private List<String> names(String query) {
        Reply reply = anna.get("/api/users?" + query);
        assertThat(reply.status()).as(reply::toString).isEqualTo(200);
        List<String> names = new ArrayList<>();
        for (JsonNode user : reply.json()) {
            names.add(user.get("username").asString());
        }
        return names;
    }

    private UUID insert(String username, String displayName) {
        var wanted = new Registration(username, Running.PASSWORD, null, displayName);
        var user = new User(Uuid7.next(), username, displayName, null, null, Instant.now());
        running.database.inTransaction(connection -> {
            new Users(running.database).insert(connection, user, wanted, "no hash");
            return user;
        });
        return user.id();
    }

    private static String many(int ids) {
        var list = new StringBuilder();
        for (int i = 0; i < ids; i++) {
            list.append(UUID.randomUUID()).append(',');
        }
        return list.toString();
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}

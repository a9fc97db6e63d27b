package dev.natter.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.natter.backup.Store;
import dev.natter.local.Natter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * A backup that is taken while people write, join, leave and upload; then everything is lost and restored. A Natter of
 * its own, since it is destroyed.
 */
@Tag("e2e")
class BackupTest {
    private static final Duration RECOVERY = Duration.ofSeconds(60);
    private static final int CHATS = 3;

    private final Disaster disaster = new Disaster("kept");
    private final List<String> chats = new ArrayList<>();
    /** What was answered in each chat, in order: one at a time writes there. */
    private final Map<String, List<String>> answered = new TreeMap<>();

    private Person anna;
    private Person boris;
    private Person clara;
    private String busy;
    private volatile boolean enough;

    @Test
    void everythingThatWasAnsweredBeforeIsThereAndAllOfItFitsTogether() throws Exception {
        Follower device;
        Map<String, Integer> before = new TreeMap<>();
        JsonNode file;
        try (Natter _ = disaster.start();
                ExecutorService hands = Executors.newVirtualThreadPerTaskExecutor()) {
            people();
            file = upload(anna.says(chats.getFirst(), "with a file").id());
            answered.get(chats.getFirst()).add("with a file");
            device = new Follower(boris);
            chats.forEach(device::follows);
            device.online();
            List<Future<?>> load = new ArrayList<>();
            chats.forEach(chat -> load.add(hands.submit(() -> write(chat))));
            load.add(hands.submit(this::comeAndGo));
            load.add(hands.submit(this::paint));
            try {
                awaitMore(20);
                answered.forEach((chat, contents) -> before.put(chat, contents.size()));
                disaster.backUp();
                awaitMore(20);
            } finally {
                enough = true;
            }
            for (Future<?> hand : load) {
                hand.get();
            }
        }
        disaster.strike();
        disaster.restore();
        try (Natter _ = disaster.start();
                device) {
            for (String chat : chats) {
                List<String> kept = contents(chat);
                assertThat(answered.get(chat)).startsWith(kept.toArray(String[]::new));
                assertThat(kept)
                        .hasSizeBetween(before.get(chat), answered.get(chat).size() - 1);
            }
            assertThat(disaster.anyone().get(file.get("url").asString()).is(200).body())
                    .hasSize(file.get("size").asInt());
            allAgree();

            for (int i = 0; i < 5; i++) {
                changeMembers();
                paintOnce();
                chats.forEach(chat -> anna.says(chat, "after all"));
            }
            for (String chat : chats) {
                await().atMost(RECOVERY).until(() -> device.isAt(chat, head(chat)));
                anna.says(chat, "live");
                await().atMost(RECOVERY).until(() -> device.isAt(chat, head(chat)));
                assertThat(contents(chat)).endsWith(device.contents(chat).toArray(String[]::new));
            }
            assertThat(device.resyncs()).isNotEmpty().containsOnly("epoch");
            assertThat(device.holes()).isEmpty();
            allAgree();
        }
    }

    private void people() {
        Client anyone = disaster.anyone();
        anna = Person.register(anyone, "anna");
        boris = Person.register(anyone, "boris");
        clara = Person.register(anyone, "clara");
        for (int i = 0; i < CHATS; i++) {
            String chat = anna.opensGroup("chat " + i, boris);
            chats.add(chat);
            answered.put(chat, new CopyOnWriteArrayList<>());
        }
        busy = anna.opensGroup("busy", boris);
    }

    private void write(String chat) {
        for (int i = 0; !enough; i++) {
            String content = "message " + i;
            anna.says(chat, content);
            answered.get(chat).add(content);
        }
    }

    private void comeAndGo() {
        while (!enough) {
            changeMembers();
            anna.opensGroup("one more", clara);
        }
    }

    private void changeMembers() {
        String members = "/api/chats/" + busy + "/members";
        boolean isIn = anna.client().get(members).is(200).list("user_id").contains(clara.id());
        if (isIn) {
            anna.client().delete(members + "/" + clara.id()).is(204);
        } else {
            anna.client().post(members, Map.of("user_ids", List.of(clara.id()))).is(201);
        }
    }

    private void paint() {
        while (!enough) {
            paintOnce();
            upload(anna.says(busy, "a file").id());
        }
    }

    private void paintOnce() {
        clara.client()
                .send("PUT", "/api/users/me/avatar", "image/png", Picture.png(64, 64))
                .is(200);
    }

    private JsonNode upload(String message) {
        Form form = new Form().file("file", "picture.png", "image/png", Picture.png(32, 32));
        return anna.client()
                .send("POST", "/api/messages/" + message + "/files", form.type(), form.bytes())
                .is(201)
                .list()
                .getFirst();
    }

    private void awaitMore(int messages) {
        Map<String, Integer> now = new TreeMap<>();
        answered.forEach((chat, contents) -> now.put(chat, contents.size()));
        await().atMost(RECOVERY)
                .until(() -> answered.entrySet().stream()
                        .allMatch(chat -> chat.getValue().size() >= now.get(chat.getKey()) + messages));
    }

    private List<JsonNode> history(String chat) {
        List<JsonNode> messages = new ArrayList<>();
        for (String page = "/api/chats/" + chat + "/messages?limit=200"; page != null; ) {
            Answer answer = anna.client().get(page).is(200);
            messages.addAll(answer.list());
            page = answer.link("next");
        }
        messages.sort(Comparator.comparingLong(message -> message.get("seq").asLong()));
        return messages;
    }

    private List<String> contents(String chat) {
        return history(chat).stream()
                .map(message -> message.get("content").asString())
                .toList();
    }

    private long head(String chat) {
        return Long.parseLong(anna.client()
                .get("/api/chats/" + chat + "/messages?limit=1")
                .is(200)
                .header("Natter-Seq"));
    }

    /** Each service that repeats what another knows repeats it rightly. */
    private void allAgree() {
        agree(
                "members",
                Store.CHAT,
                "SELECT concat_ws(' ', chat_id, user_id, role) FROM members ORDER BY 1",
                Store.MESSAGE,
                "SELECT concat_ws(' ', chat_id, user_id, role) FROM member ORDER BY 1");
        agree(
                "heads",
                Store.MESSAGE,
                "SELECT concat_ws(' ', chat_id, seq) FROM chat_head WHERE seq > 0 ORDER BY 1",
                Store.CHAT,
                "SELECT concat_ws(' ', chat_id, seq) FROM heads WHERE seq > 0 ORDER BY 1");
        agree(
                "files",
                Store.MEDIA,
                "SELECT id FROM files ORDER BY 1",
                Store.MESSAGE,
                "SELECT file ->> 'id' FROM message, jsonb_array_elements(files) AS file ORDER BY 1");
        agree(
                "avatars",
                Store.MEDIA,
                "SELECT concat_ws(' ', user_id, version) FROM avatars",
                Store.AUTH,
                "SELECT concat_ws(' ', id, avatar_version) FROM users WHERE avatar_version > 0");
    }

    private void agree(String what, Store owner, String truth, Store other, String replica) {
        await().atMost(RECOVERY)
                .untilAsserted(() -> assertThat(disaster.ask(other, replica))
                        .as(what)
                        .isNotEmpty()
                        .isEqualTo(disaster.ask(owner, truth)));
    }
}

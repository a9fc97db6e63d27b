package dev.natter.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.natter.contracts.Chat.Role;
import dev.natter.contracts.ChatEvent;
import dev.natter.contracts.ChatEvent.Created;
import dev.natter.contracts.ChatEvent.Deleted;
import dev.natter.contracts.ChatEvent.MemberAdded;
import dev.natter.contracts.ChatEvent.MemberRemoved;
import dev.natter.contracts.ChatEvent.MemberUpdated;
import dev.natter.contracts.ChatEvent.Unknown;
import dev.natter.contracts.ChatEvent.Updated;
import dev.natter.contracts.Subjects;
import dev.natter.platform.bus.Bus;
import dev.natter.platform.http.Json;
import dev.natter.testing.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Many change many chats of the same users at once; every box must still be a log. */
class BoxesAtOnceServiceTest {
    private static final int WORKERS = 6;
    private static final int CHANGES = 60;

    /** What one event means for one user. */
    private record Told(UUID chatId, long version, boolean in) {}

    @Test
    void everyBoxIsDenseAndAgreesWithTheEventsAndWithWhatIsShown() throws Exception {
        long seed = System.nanoTime();
        Queue<ChatEvent> events = new ConcurrentLinkedQueue<>();
        try (ChatStage stage = new ChatStage();
                Bus bus = Bus.open(stage.ground.config(), "test");
                ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
            bus.start();
            bus.subscribe(Subjects.CHATS_ALL, delivery -> events.add(Json.parse(delivery.payload(), ChatEvent.class)));
            List<UUID> users = IntStream.range(0, 6).mapToObj(_ -> stage.user()).toList();
            Queue<UUID> chats = new ConcurrentLinkedQueue<>();
            for (int i = 0; i < 4; i++) {
                chats.add(stage.group(users.get(i), users.toArray(UUID[]::new)));
            }
            AtomicBoolean done = new AtomicBoolean();

            List<Future<?>> work = new ArrayList<>();
            for (int i = 0; i < WORKERS; i++) {
                Random random = new Random(seed + i);
                work.add(workers.submit(() -> {
                    for (int change = 0; change < CHANGES; change++) {
                        Reply reply = change(stage, users, chats, random);
                        assertThat(reply.status()).isLessThan(500);
                    }
                }));
            }
            Future<Map<String, JsonNode>> follower = workers.submit(() -> follow(stage, users.getLast(), done));
            for (Future<?> each : work) {
                each.get();
            }
            done.set(true);

            Map<UUID, Map<Long, Told>> boxes = new HashMap<>();
            for (UUID user : users) {
                long seq = seq(stage, user);
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> entries(events, user).size() >= seq);
                boxes.put(user, entries(events, user));
                assertThat(boxes.get(user).keySet())
                        .as("seed %s", seed)
                        .containsExactlyElementsOf(
                                LongStream.rangeClosed(1, seq).boxed().toList());
                assertThat(shown(stage, user)).as("seed %s", seed).isEqualTo(last(boxes.get(user)));
            }
            assertThat(ids(follower.get())).as("seed %s", seed).isEqualTo(last(boxes.get(users.getLast())));
        }
    }

    private static Reply change(ChatStage stage, List<UUID> users, Queue<UUID> chats, Random random) {
        UUID actor = users.get(random.nextInt(users.size()));
        UUID other = users.get(random.nextInt(users.size()));
        UUID chat = List.copyOf(chats).get(random.nextInt(chats.size()));
        return switch (random.nextInt(12)) {
            case 0, 1, 2 -> stage.adds(actor, chat, other, users.get(random.nextInt(users.size())));
            case 3, 4 -> stage.removes(actor, chat, other);
            case 5 -> stage.removes(actor, chat, actor);
            case 6, 7 -> stage.appoints(actor, chat, other, Role.values()[random.nextInt(3)]);
            case 8 -> stage.as(actor).delete("/api/chats/" + chat);
            case 9 -> stage.as(actor).post("/api/chats", Map.of("type", "direct", "member_ids", List.of(other)));
            case 10 -> {
                chats.add(stage.group(actor, users.toArray(UUID[]::new)));
                yield stage.as(actor).get("/api/chats");
            }
            default -> stage.as(actor).patch("/api/chats/" + chat, Map.of("title", "t" + random.nextInt(1000)));
        };
    }

    /** A client that asks again and again for what it missed. */
    private static Map<String, JsonNode> follow(ChatStage stage, UUID user, AtomicBoolean done) {
        Map<String, JsonNode> held = new HashMap<>();
        long local = 0;
        while (true) {
            boolean last = done.get();
            Reply reply = stage.as(user).get("/api/chats?limit=200&changed_since=" + local);
            long seq = Long.parseLong(reply.header("Natter-User-Seq"));
            for (JsonNode entry : reply.json()) {
                assertThat(entry.path("user_seq").asLong()).isGreaterThan(local).isLessThanOrEqualTo(seq);
                held.put(entry.path("id").asString(), entry);
            }
            local = seq;
            if (last) {
                return held;
            }
        }
    }

    private static Map<Long, Told> entries(Queue<ChatEvent> events, UUID user) {
        Map<Long, Told> entries = new TreeMap<>();
        for (ChatEvent event : events) {
            Map<UUID, Long> seqs = seqs(event);
            if (seqs.containsKey(user)) {
                Told before = entries.put(seqs.get(user), told(event, user));
                assertThat(before).isNull();
            }
        }
        return entries;
    }

    private static Map<UUID, Long> seqs(ChatEvent event) {
        return switch (event) {
            case Created it -> it.userSeqs();
            case Updated it -> it.userSeqs();
            case Deleted it -> it.userSeqs();
            case MemberAdded it -> it.userSeqs();
            case MemberUpdated it -> it.userSeqs();
            case MemberRemoved it -> it.userSeqs();
            case Unknown _ -> throw new IllegalArgumentException();
        };
    }

    private static Told told(ChatEvent event, UUID user) {
        return switch (event) {
            case Created it -> new Told(it.chatId(), it.version(), true);
            case Updated it -> new Told(it.chatId(), it.version(), true);
            case Deleted it -> new Told(it.chatId(), it.version(), false);
            case MemberAdded it -> new Told(it.chatId(), it.version(), true);
            case MemberUpdated it -> new Told(it.chatId(), it.version(), true);
            case MemberRemoved it ->
                new Told(it.chatId(), it.version(), !it.userId().equals(user));
            case Unknown _ -> throw new IllegalArgumentException();
        };
    }

    /** By chat, what the box says of it last: the number, and whether the user is in it. */
    private static Map<String, String> last(Map<Long, Told> box) {
        Map<String, String> last = new TreeMap<>();
        Map<UUID, Long> versions = new HashMap<>();
        box.forEach((seq, told) -> {
            assertThat(told.version()).isGreaterThan(versions.getOrDefault(told.chatId(), 0L));
            versions.put(told.chatId(), told.version());
            last.put(told.chatId().toString(), seq + (told.in() ? " in" : " out"));
        });
        return last;
    }

    private static Map<String, String> shown(ChatStage stage, UUID user) {
        Map<String, JsonNode> all = new HashMap<>();
        stage.as(user)
                .get("/api/chats?limit=200&changed_since=0")
                .json()
                .forEach(entry -> all.put(entry.path("id").asString(), entry));
        return ids(all);
    }

    private static Map<String, String> ids(Map<String, JsonNode> entries) {
        Map<String, String> ids = new TreeMap<>();
        entries.forEach(
                (id, entry) -> ids.put(id, entry.path("user_seq").asLong() + (entry.has("left") ? " out" : " in")));
        return ids;
    }

    private static long seq(ChatStage stage, UUID user) {
        return Long.parseLong(stage.as(user).get("/api/chats").header("Natter-User-Seq"));
    }
}

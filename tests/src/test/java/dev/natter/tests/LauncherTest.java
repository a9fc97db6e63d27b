package dev.natter.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.natter.contracts.Subjects;
import dev.natter.platform.bus.Envelope;
import dev.natter.testing.Protocol;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.PushSubscribeOptions;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What {@code ./natter up} promises about its own life, tried on a real process. */
@Tag("e2e")
@Tag("fault")
class LauncherTest {
    private static final String SECRET = "the secret of an installation that is killed";
    private static final Map<String, String> SETTINGS = Map.of("ALGORITHM", "HS256", "SECRET_KEY", SECRET);

    private final Map<String, JsonNode> answered = new ConcurrentHashMap<>();

    @Test
    void whatWasAnsweredSurvivesTheDeathOfEverything() throws Exception {
        Path home = Arrangement.emptyFolder("killed");
        Person anna;
        Person boris;
        String chat;
        try (Launcher first = Launcher.started(home, SETTINGS)) {
            Client anyone = Client.anonymous(first.base());
            anna = Person.register(anyone, "anna");
            boris = Person.register(anyone, "boris");
            chat = anna.opensGroup("doomed", boris);
            aSharedSecretSignsAndIsChecked(anyone, anna);
            aSecondOneOnTheSameHomeIsRefused(home);

            sendUntilKilled(first, List.of(anna, boris), chat);
        }

        try (Launcher second = Launcher.started(home, SETTINGS)) {
            Client again = Client.anonymous(second.base()).as(anna.token());
            List<JsonNode> log = log(again, chat);
            everyAnsweredMessageIsThereOnce(log);
            everyEventWasPublished(home, chat, log.size());
            Person.register(Client.anonymous(second.base()), "clara");
            again.post("/api/chats/" + chat + "/messages", Map.of("content", "life goes on"))
                    .is(201);

            List<ProcessHandle> children = second.children();
            second.terminate();
            assertThat(second.exit(Duration.ofSeconds(15))).isIn(0, 130, 143);
            await().until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
        }
    }

    private static void aSharedSecretSignsAndIsChecked(Client anyone, Person anna) {
        var header = Forgery.part(anna.token().split("\\.")[0]);
        assertThat(header.get("alg").asString()).isEqualTo("HS256");
        Map<String, Object> kept = new LinkedHashMap<>();
        header.properties().forEach(entry -> kept.put(entry.getKey(), entry.getValue()));
        Instant later = Instant.now().plusSeconds(600);
        var genuine = Forgery.claims(anna.id(), later);
        anyone.as(Forgery.hs256(kept, genuine, SECRET)).get("/api/users/me").is(200);

        Map<String, Map<String, Object>> wrong = new LinkedHashMap<>();
        wrong.put("expired", Forgery.claims(anna.id(), Instant.now().minusSeconds(300)));
        for (var change : Map.<String, Object>of(
                        "iss", "somebody", "aud", "elsewhere", "sub", "nobody", "nbf", later.getEpochSecond())
                .entrySet()) {
            var claims = new LinkedHashMap<>(genuine);
            claims.put(change.getKey(), change.getValue());
            wrong.put("other " + change.getKey(), claims);
        }
        for (String missing : List.of("iss", "aud", "sub", "exp")) {
            var claims = new LinkedHashMap<>(genuine);
            claims.remove(missing);
            wrong.put("no " + missing, claims);
        }
        for (var forgery : wrong.entrySet()) {
            Answer answer =
                    anyone.as(Forgery.hs256(kept, forgery.getValue(), SECRET)).get("/api/users/me");
            assertThat(answer.status()).as(forgery.getKey()).isEqualTo(401);
        }
        var otherType = new LinkedHashMap<>(kept);
        otherType.put("typ", "JWT");
        anyone.as(Forgery.hs256(otherType, genuine, SECRET))
                .get("/api/users/me")
                .is(401);
        anyone.as(Forgery.hs256(kept, genuine, SECRET + "!"))
                .get("/api/users/me")
                .is(401);
    }

    private static void aSecondOneOnTheSameHomeIsRefused(Path home) {
        try (Launcher other = Launcher.starting(home, SETTINGS)) {
            assertThat(other.exit(Duration.ofSeconds(30))).isNotZero();
            assertThat(other.output().strip().lines()).as(other.output()).hasSizeLessThanOrEqualTo(2);
            assertThat(other.output()).doesNotContain("Exception", "\tat ");
        }
    }

    /** Eight senders, until 300 were answered; then everything is killed while they go on. */
    private void sendUntilKilled(Launcher launcher, List<Person> members, String chat) {
        AtomicBoolean over = new AtomicBoolean();
        try (var senders = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 8; i++) {
                Person sender = members.get(i % members.size());
                senders.submit(() -> {
                    while (!over.get()) {
                        send(sender, chat);
                    }
                    return null;
                });
            }
            await().atMost(Duration.ofSeconds(60)).until(() -> answered.size() >= 300);
            launcher.kill();
            over.set(true);
        }
    }

    private void send(Person sender, String chat) throws InterruptedException {
        String clientId = UUID.randomUUID().toString();
        try {
            Answer answer = sender.client()
                    .raw(
                            "POST",
                            "/api/chats/" + chat + "/messages",
                            Map.of("Content-Type", "application/json"),
                            BodyPublishers.ofByteArray(Contract.JSON.writeValueAsBytes(
                                    Map.of("content", "says " + clientId, "client_id", clientId))));
            if (answer.status() == 201) {
                answered.put(clientId, answer.json());
            }
        } catch (java.io.UncheckedIOException dead) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    private static List<JsonNode> log(Client client, String chat) {
        List<JsonNode> log = new ArrayList<>();
        for (String page = "/api/chats/" + chat + "/messages?limit=200&after=0"; page != null; ) {
            Answer answer = client.get(page).is(200);
            log.addAll(answer.list());
            page = answer.link("next");
        }
        return log;
    }

    private void everyAnsweredMessageIsThereOnce(List<JsonNode> log) {
        assertThat(log.stream().map(message -> message.get("seq").asLong()))
                .isEqualTo(LongStream.rangeClosed(1, log.size()).boxed().toList());
        Map<String, JsonNode> byClientId = new LinkedHashMap<>();
        for (JsonNode message : log) {
            assertThat(byClientId.put(message.get("client_id").asString(), message))
                    .isNull();
        }
        answered.forEach(
                (clientId, message) -> assertThat(byClientId.get(clientId)).isEqualTo(message));
    }

    private static void everyEventWasPublished(Path home, String chat, long head) throws Exception {
        Set<Long> wanted = new HashSet<>(LongStream.rangeClosed(1, head).boxed().toList());
        var nats = Nats.connect(Options.builder().server(Local.natsUrl(home)).build());
        try {
            var events = nats.jetStream()
                    .subscribe(
                            Subjects.MESSAGES_KEPT,
                            PushSubscribeOptions.builder().stream("natter-message")
                                    .ordered(true)
                                    .build());
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (!wanted.isEmpty() && System.nanoTime() < deadline) {
                var event = events.nextMessage(Duration.ofSeconds(1));
                if (event != null) {
                    Envelope.parse(event.getHeaders().get("Natter-Event"), event.getData()).events().stream()
                            .filter(one -> one.subject().startsWith("natter.message." + chat + "."))
                            .forEach(one -> {
                                Protocol.natter().event(one.subject(), one.payload());
                                wanted.remove(Contract.JSON
                                        .readTree(one.payload())
                                        .get("seq")
                                        .asLong());
                            });
                }
            }
        } finally {
            nats.close();
        }
        assertThat(wanted).as("numbers whose event was not published").isEmpty();
    }
}

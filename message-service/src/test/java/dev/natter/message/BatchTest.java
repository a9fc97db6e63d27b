package dev.natter.message;

import static org.assertj.core.api.Assertions.assertThat;

import dev.natter.contracts.Chat;
import dev.natter.contracts.FileInfo;
import dev.natter.contracts.Internal.Seat;
import dev.natter.contracts.Message;
import dev.natter.contracts.MessageId;
import dev.natter.message.Batch.Head;
import dev.natter.message.Batch.Loaded;
import dev.natter.message.Outcome.Committed;
import dev.natter.message.Outcome.Rejected;
import dev.natter.message.Outcome.Stranger;
import dev.natter.message.Outcome.Unchanged;
import dev.natter.platform.bus.Outgoing;
import dev.natter.platform.token.SharedSecret;
import dev.natter.platform.token.SignedUrl;
import io.helidon.config.Config;
import io.helidon.config.ConfigSources;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class BatchTest {
    private static final UUID CHAT = UUID.fromString("0190a0a0-0000-7000-8000-000000000001");
    private static final UUID ANN = UUID.fromString("0190a0a0-0000-7000-8000-00000000000a");
    private static final UUID BOB = UUID.fromString("0190a0a0-0000-7000-8000-00000000000b");
    private static final UUID EVE = UUID.fromString("0190a0a0-0000-7000-8000-00000000000e");
    private static final long VERSION = 3;
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");
    private static final SignedUrl SIGNER = signer();

    private static SignedUrl signer() {
        var source = ConfigSources.create(Map.of("secret.key", "0123456789abcdef0123456789abcdef"));
        return new SignedUrl(SharedSecret.from(Config.just(source)), Clock.systemUTC(), Duration.ofHours(1));
    }

    private static Batch batch(long head) {
        Map<Seat, Chat.Role> seats =
                Map.of(new Seat(CHAT, ANN), Chat.Role.owner, new Seat(CHAT, BOB), Chat.Role.member);
        return new Batch(
                new Loaded(Map.of(CHAT, new Head(head, VERSION)), seats, new HashMap<>(), new HashMap<>()),
                SIGNER,
                NOW);
    }

    private static Change.Send send(UUID user, String content, String clientId) {
        return new Change.Send(CHAT, user, content, null, clientId, null);
    }

    private static MessageId id(long seq) {
        return new MessageId(CHAT, seq);
    }

    private static FileInfo file(UUID id) {
        return new FileInfo(id, "a.png", 3, "image/png", "0".repeat(64), 1, 1, "/media/messages/" + id, null);
    }

    @Test
    void aSendTakesTheNextNumberAndSaysSo() {
        Batch batch = batch(41);

        Outcome outcome = batch.apply(send(BOB, "hello", null));

        Message message = ((Committed) outcome).message();
        assertThat(message.id()).isEqualTo(id(42));
        assertThat(message.changedSeq()).isEqualTo(42);
        assertThat(batch.movedHeads()).isEqualTo(Map.of(CHAT, new Head(42, VERSION)));
        assertThat(batch.events()).hasSize(1);
        Outgoing event = batch.events().getFirst();
        assertThat(event.subject()).isEqualTo("natter.message." + CHAT + ".created");
        assertThat(event.id()).isEqualTo(CHAT + ".42");
        assertThat(new String(event.payload(), StandardCharsets.UTF_8))
                .startsWith("{\"type\":\"new_message\",\"chat_id\":\"" + CHAT + "\",\"seq\":42,\"prev\":41,");
    }

    @Test
    void theSameSendTwiceInOneBatchIsOneMessage() {
        Batch batch = batch(0);

        Outcome first = batch.apply(send(BOB, "hello", "c1"));
        Outcome again = batch.apply(send(BOB, "hello", "c1"));
        Outcome other = batch.apply(send(BOB, "bye", "c1"));
        Outcome another = batch.apply(send(ANN, "hello", "c1"));

        assertThat(((Unchanged) again).message()).isEqualTo(((Committed) first).message());
        assertThat(((Rejected) other).problem().code()).isEqualTo("idempotency_key_reused");
        assertThat(((Committed) another).message().seq()).isEqualTo(2);
        assertThat(batch.events()).hasSize(2);
    }

    @Test
    void aStrangerChangesNothing() {
        Batch batch = batch(0);
        batch.apply(send(BOB, "hello", null));

        assertThat(batch.apply(send(EVE, "hi", null))).isInstanceOf(Stranger.class);
        assertThat(batch.apply(new Change.Edit(id(1), EVE, "hi", null, null))).isInstanceOf(Stranger.class);
        assertThat(batch.apply(new Change.Delete(id(1), EVE, null))).isInstanceOf(Stranger.class);
        assertThat(batch.apply(new Change.Send(EVE, BOB, "hi", null, null, null)))
                .isInstanceOf(Stranger.class);
        assertThat(batch.movedHeads()).isEqualTo(Map.of(CHAT, new Head(1, VERSION)));
    }

    @Test
    void onlyTheSenderEditsAndAnAdminMayDelete() {
        Batch batch = batch(0);
        batch.apply(send(ANN, "from ann", null));
        batch.apply(send(BOB, "from bob", null));

        assertThat(rejection(batch.apply(new Change.Edit(id(1), BOB, "x", null, null))))
                .isEqualTo(403);
        assertThat(rejection(batch.apply(new Change.Edit(id(2), ANN, "x", null, null))))
                .isEqualTo(403);
        assertThat(rejection(batch.apply(new Change.Delete(id(1), BOB, null)))).isEqualTo(403);
        assertThat(batch.apply(new Change.Delete(id(2), ANN, null))).isInstanceOf(Committed.class);
    }

    @Test
    void anEditSaysWhichStateItMeans() {
        Batch batch = batch(0);
        batch.apply(send(BOB, "one", null));

        assertThat(batch.apply(new Change.Edit(id(1), BOB, "two", 1L, null))).isInstanceOf(Committed.class);
        assertThat(rejection(batch.apply(new Change.Edit(id(1), BOB, "three", 1L, null))))
                .isEqualTo(412);
        assertThat(batch.apply(new Change.Edit(id(1), BOB, "two", null, null))).isInstanceOf(Unchanged.class);
        assertThat(batch.message(id(1)).editedAt()).isEqualTo(NOW);
        assertThat(batch.message(id(1)).changedSeq()).isEqualTo(2);
    }

    @Test
    void aDeletedMessageKeepsNothingAndStaysDeleted() {
        Batch batch = batch(0);
        UUID fileId = UUID.randomUUID();
        batch.apply(send(BOB, "secret", null));
        batch.apply(new Change.Attach(id(1), List.of(file(fileId)), null));

        batch.apply(new Change.Delete(id(1), BOB, null));

        Message tombstone = batch.message(id(1));
        assertThat(tombstone.content()).isNull();
        assertThat(tombstone.files()).isEmpty();
        assertThat(batch.apply(new Change.Delete(id(1), BOB, null))).isInstanceOf(Unchanged.class);
        assertThat(rejection(batch.apply(new Change.Edit(id(1), BOB, "x", null, null))))
                .isEqualTo(404);
        assertThat(rejection(batch.apply(new Change.Attach(id(1), List.of(file(fileId)), null))))
                .isEqualTo(404);
        assertThat(batch.movedHeads()).isEqualTo(Map.of(CHAT, new Head(3, VERSION)));
    }

    @Test
    void filesAreAttachedOnceAndShownSigned() {
        Batch batch = batch(0);
        UUID fileId = UUID.randomUUID();
        batch.apply(send(BOB, "look", null));

        Outcome first = batch.apply(new Change.Attach(id(1), List.of(file(fileId)), null));
        Outcome again = batch.apply(new Change.Attach(id(1), List.of(file(fileId)), null));

        assertThat(((Committed) first).message().files().getFirst().url())
                .contains("?expires=")
                .contains("&signature=");
        assertThat(again).isInstanceOf(Unchanged.class);
        assertThat(batch.message(id(1)).files().getFirst().url()).isEqualTo("/media/messages/" + fileId);
    }

    @Test
    void anAnswerNamesAMessageOfTheSameChat() {
        Batch batch = batch(0);
        batch.apply(send(BOB, "question", null));

        assertThat(batch.apply(new Change.Send(CHAT, ANN, "answer", id(1), null, null)))
                .isInstanceOf(Committed.class);
        assertThat(rejection(batch.apply(new Change.Send(CHAT, ANN, "answer", id(99), null, null))))
                .isEqualTo(422);
        assertThat(rejection(batch.apply(new Change.Send(CHAT, ANN, "answer", new MessageId(EVE, 1), null, null))))
                .isEqualTo(422);
    }

    @Property(tries = 300)
    void numbersAreDenseAndEventsFollowThemWhateverTheChanges(
            @ForAll @Size(max = 60) List<@IntRange(min = 0, max = 999) Integer> seeds) {
        Batch batch = batch(7);
        long committed = seeds.stream()
                .map(seed -> batch.apply(changeOf(seed)))
                .filter(Committed.class::isInstance)
                .count();

        assertThat(batch.movedHeads().getOrDefault(CHAT, new Head(7, VERSION)))
                .isEqualTo(new Head(7 + committed, VERSION));
        assertThat(batch.events().stream().mapToLong(Outgoing::seq).toArray())
                .isEqualTo(LongStream.rangeClosed(8, 7 + committed).toArray());
        List<Long> states = IntStream.range(0, 70)
                .mapToObj(i -> batch.message(id(8 + i)))
                .filter(message -> message != null)
                .map(Message::changedSeq)
                .toList();
        assertThat(states).doesNotHaveDuplicates().allMatch(changed -> changed <= 7 + committed);
    }

    /** A change of any kind, by anyone, of any message that may be there. */
    private static Change changeOf(int seed) {
        UUID user = List.of(ANN, BOB, EVE).get(seed % 3);
        MessageId target = id(8 + seed / 10 % 12);
        return switch (seed / 3 % 5) {
            case 0 -> new Change.Edit(target, user, "edit " + seed % 4, null, null);
            case 1 -> new Change.Delete(target, user, null);
            case 2 -> new Change.Attach(target, List.of(file(new UUID(0, seed % 7))), null);
            case 3 -> send(user, "named", "c" + seed % 5);
            default -> send(user, "text " + seed, null);
        };
    }

    private static int rejection(Outcome outcome) {
        return ((Rejected) outcome).problem().status();
    }
}

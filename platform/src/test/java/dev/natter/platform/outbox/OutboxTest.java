package dev.natter.platform.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.natter.platform.bus.Bus;
import dev.natter.platform.bus.Delivery;
import dev.natter.platform.bus.Outgoing;
import dev.natter.platform.bus.Replica;
import dev.natter.platform.db.Database;
import dev.natter.platform.db.Volley;
import dev.natter.platform.http.Refused;
import dev.natter.servers.PostgresServer;
import dev.natter.testing.Ground;
import io.helidon.health.HealthCheckResponse.Status;
import io.nats.client.Nats;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutboxTest {
    private static final String STREAM = "natter-test";
    private static final String SUBJECTS = "natter.test.>";
    private static final String KEPT = "natter.kept.test.>";
    private static final Duration LONG = Duration.ofSeconds(30);

    private Ground ground;
    private Database database;
    private Bus bus;
    private Outbox outbox;
    private final List<Delivery> live = new CopyOnWriteArrayList<>();

    @BeforeEach
    void open() {
        ground = Ground.open().excuse("natter.");
        database = Database.open(ground.config(), "db/test");
        database.start();
        bus = Bus.open(ground.config(), "test");
        bus.start();
        bus.subscribe(SUBJECTS, live::add);
        outbox = new Outbox(database, bus, STREAM, KEPT);
        outbox.start();
    }

    @AfterEach
    void close() {
        outbox.close();
        bus.close();
        database.close();
        ground.close();
    }

    @Test
    void whatIsCommittedIsPublishedAtOnceInOrderAndMarked() {
        for (long seq = 1; seq <= 100; seq += 2) {
            commit(seq, seq + 1);
        }
        // Whoever listens to what passes by may hear an event twice, as from the relay's first round.
        await().atMost(Duration.ofSeconds(3)).until(() -> heard().size() == 100);
        assertThat(heard()).containsExactlyElementsOf(upTo(100));
        await().until(() -> count("published_at IS NULL") == 0);
        // One for each commit.
        assertThat(count("stream_seq BETWEEN 1 AND 50")).isEqualTo(50);
    }

    @Test
    void whatIsRolledBackIsNeverPublished() {
        assertThatThrownBy(() -> outbox.commit(transaction -> {
                    transaction.emit(event(1));
                    throw new IllegalStateException("expected by this test");
                }))
                .hasMessage("expected by this test");
        commit(2);
        await().until(() -> !heard().isEmpty());
        assertThat(heard()).containsExactly(2L);
        assertThat(count("true")).isEqualTo(1);
    }

    @Test
    void anEventThatNatsWouldRefuseRollsBack() {
        assertThatThrownBy(() -> outbox.commit(transaction -> {
                    transaction.emit(new Outgoing("natter.test.a.b", "x", 1, new byte[1_100_000], null));
                    return null;
                }))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> outbox.commit(transaction -> {
                    transaction.emit(new Outgoing("natter.test.* x", "x", 1, new byte[1], null));
                    return null;
                }))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anOutageNeitherFailsNorSlowsACommitAndEverythingArrivesAfterwards() {
        ground.nats().crash();
        long begin = System.nanoTime();
        for (long seq = 1; seq <= 50; seq++) {
            commit(seq);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));

        ground.nats().start();
        await().atMost(LONG).until(() -> count("published_at IS NULL") == 0);
        commit(51);
        List<Long> followed = follow(51);
        assertThat(followed).containsExactlyElementsOf(upTo(51));
    }

    @Test
    void aServerThatHangsSlowsNoCommit() {
        commit(1);
        ground.nats().pause();
        try {
            long begin = System.nanoTime();
            for (long seq = 2; seq <= 200; seq++) {
                commit(seq);
            }
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(4));
        } finally {
            ground.nats().resume();
        }
        await().atMost(LONG).until(() -> count("published_at IS NULL") == 0);
        assertThat(follow(200).stream().distinct().sorted()).containsExactlyElementsOf(upTo(200));
    }

    @Test
    void whatACrashLeftBetweenCommitAndPublishIsPublishedByTheNextProcess() {
        outbox.close();
        database.inTransaction(
                connection -> OutboxTable.commit(connection, new Volley(), List.of(event(1), event(2), event(3))));

        outbox = new Outbox(database, bus, STREAM, KEPT);
        outbox.start();

        await().until(() -> heard().size() == 3);
        await().until(() -> count("published_at IS NULL") == 0);
    }

    @Test
    void anotherProcessTakesOverWhenTheElectedOneStops() {
        try (Outbox other = new Outbox(database, bus, STREAM, KEPT)) {
            other.start();
            outbox.close();
            database.inTransaction(connection -> OutboxTable.commit(connection, new Volley(), List.of(event(1))));
            await().atMost(LONG).until(() -> count("published_at IS NULL") == 0);
        }
    }

    @Test
    void aStreamThatIsDeletedGetsEverythingRememberedAgain() throws Exception {
        commit(1, 2);
        commit(3);
        await().until(() -> count("stream_seq IS NOT NULL") == 2);
        var other = Nats.connect(ground.nats().url());
        other.jetStreamManagement().deleteStream(STREAM);
        other.close();
        await().atMost(LONG)
                .ignoreExceptions()
                .until(() -> bus.state(STREAM, KEPT).lastSeq() == 2);
        commit(4);
        assertThat(follow(4)).containsExactly(1L, 2L, 3L, 4L);
    }

    @Test
    void aStreamThatLostItsTailGetsItAgain() throws Exception {
        LongStream.rangeClosed(1, 5).forEach(this::commit);
        await().until(() -> count("stream_seq IS NOT NULL") == 5);
        // As after a power cut: the outbox remembers more than the stream has.
        database.inTransaction(connection -> connection
                .createStatement()
                .executeUpdate("UPDATE outbox SET heads[1] = heads[1] || '.lost', stream_seq = stream_seq + 100"));
        await().atMost(LONG).until(() -> bus.state(STREAM, KEPT).lastSeq() == 10);
        await().until(() -> count("published_at IS NULL") == 0);
    }

    @Test
    void aServerThatWasStartedAgainIsToldEverythingAgainAndKeepsItOnce() throws Exception {
        commit(1, 2);
        commit(3);
        await().until(() -> count("stream_seq IS NOT NULL") == 2);
        ground.nats().crash();
        live.clear();
        ground.nats().start();
        await().atMost(LONG).until(() -> heard().size() == 3);
        await().atMost(LONG).until(() -> count("published_at IS NULL") == 0);
        assertThat(bus.state(STREAM, KEPT).lastSeq()).isEqualTo(2);
    }

    @Test
    void whatIsNewDoesNotWaitForWhatIsPublishedAgain() {
        commit(LongStream.rangeClosed(1, 2000).toArray());
        await().until(() -> count("published_at IS NULL") == 0);
        ground.nats().crash();
        live.clear();
        commit(2001);
        ground.nats().start();

        await().atMost(LONG).until(() -> heard().size() == 2001);
        assertThat(heard()).startsWith(2001L);
        await().atMost(LONG).until(() -> count("published_at IS NULL") == 0);
    }

    @Test
    void aDatabaseThatIsKilledTakesNoEventWithIt(@TempDir Path folder) {
        try (PostgresServer server = PostgresServer.durable(folder, 0)) {
            server.createDatabase("own");
            outbox.close();
            Database own = Database.open(
                    ground.config(Map.of("database.url", server.url("own"), "database.pool.timeout", "PT0.5S")),
                    "db/test");
            own.start();
            try (Outbox there = new Outbox(own, bus, STREAM, SUBJECTS)) {
                there.start();
                commit(there, 1);
                server.crash();
                // The processes of its connections live on for a moment, and still commit.
                await().until(() -> own.check().call().status() == Status.DOWN);
                assertThatThrownBy(() -> commit(there, 2)).isInstanceOf(Refused.class);
                server.start();
                await().atMost(LONG).ignoreExceptions().until(() -> commit(there, 2));
                await().until(() -> heard().containsAll(upTo(2)));
            }
            own.close();
        }
    }

    @Test
    void markedRowsAreSweptOnlyAfterTheirTime() {
        commit(1);
        await().until(() -> count("published_at IS NOT NULL") == 1);
        try (Outbox hasty = replaced(Duration.ofMillis(1))) {
            await().until(() -> count("true") == 0);
            assertThat(hasty).isNotNull();
        }
    }

    private Outbox replaced(Duration keep) {
        outbox.close();
        Outbox other = new Outbox(database, bus, STREAM, KEPT, keep);
        other.start();
        return other;
    }

    private void commit(long... seqs) {
        commit(outbox, seqs);
    }

    private static boolean commit(Outbox through, long... seqs) {
        return through.commit(transaction -> {
            for (long seq : seqs) {
                transaction.emit(event(seq));
            }
            return true;
        });
    }

    private static Outgoing event(long seq) {
        byte[] payload = ("{\"seq\":" + seq + "}").getBytes(StandardCharsets.UTF_8);
        return new Outgoing("natter.test.a.happened", "a." + seq, seq, payload, null);
    }

    /** What a new consumer of the stream sees, up to an event. */
    private List<Long> follow(long last) {
        List<Long> seen = new CopyOnWriteArrayList<>();
        try (Replica replica =
                new Replica(bus, "test-follow", STREAM, KEPT, KEPT, delivery -> seen.add(delivery.seq()))) {
            replica.start();
            await().atMost(LONG).until(() -> seen.contains(last));
        }
        return seen;
    }

    private List<Long> heard() {
        return live.stream().map(Delivery::seq).distinct().toList();
    }

    private static List<Long> upTo(long last) {
        return LongStream.rangeClosed(1, last).boxed().toList();
    }

    private long count(String where) {
        return database.inTransaction(connection -> {
            try (var statement = connection.createStatement();
                    var row = statement.executeQuery("SELECT count(*) FROM outbox WHERE " + where)) {
                row.next();
                return row.getLong(1);
            }
        });
    }
}

package dev.natter.platform.outbox;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.natter.platform.bus.Bus;
import dev.natter.platform.bus.Delivery;
import dev.natter.platform.bus.Outgoing;
import dev.natter.platform.bus.Replica;
import dev.natter.platform.db.Database;
import dev.natter.platform.db.Volley;
import dev.natter.testing.Ground;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever commits at once, crashes and is repeated: the first time that they come, events of a thing come in order.
 */
class OutboxOrderTest {
    private static final String STREAM = "natter-test";
    private static final String SUBJECTS = "natter.test.>";
    private static final String KEPT = "natter.kept.test.>";
    private static final int THREADS = 6;

    private final List<UUID> things =
            IntStream.range(0, 4).mapToObj(i -> new UUID(7, i)).toList();
    private final Queue<Delivery> heard = new ConcurrentLinkedQueue<>();
    private Ground ground;
    private Database database;
    private Bus listening;

    @BeforeEach
    void open() {
        ground = Ground.open().excuse("natter.");
        database = Database.open(ground.config(), "db/test");
        database.start();
        listening = Bus.open(ground.config(), "listener");
        listening.start();
        listening.subscribe(SUBJECTS, heard::add);
        things.forEach(thing -> database.inTransaction(connection -> connection
                .createStatement()
                .executeUpdate("INSERT INTO things (id, name, size) VALUES ('" + thing + "', 'counted', 0)")));
    }

    @AfterEach
    void close() {
        listening.close();
        database.close();
        ground.close();
    }

    /** Each run has new ones; to repeat one, put its seed here. */
    static IntStream seeds() {
        return new Random().ints(3);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void eventsOfAThingComeInOrderTheFirstTime(int seed) {
        var random = new Random(seed);
        for (int life = 0; life < 4; life++) {
            Bus bus = Bus.open(ground.config(), "test");
            bus.start();
            try (Outbox outbox = new Outbox(database, bus, STREAM, KEPT)) {
                outbox.start();
                boolean crashes = life % 2 == 0;
                commitAtOnce(outbox, random, 60, crashes ? bus : null);
                if (!crashes) {
                    await().until(() -> heard.size() > 0 && unpublished() == 0);
                }
            }
            bus.close();
            leaveBehind(random);
        }
        Bus bus = Bus.open(ground.config(), "test");
        bus.start();
        try (Outbox outbox = new Outbox(database, bus, STREAM, KEPT)) {
            outbox.start();
            await().atMost(Duration.ofSeconds(20)).until(() -> unpublished() == 0);
            outbox.commit(transaction -> happen(transaction, new Random(seed)));
            assertInOrder(heard, seed);
            assertInOrder(followed(bus), seed);
        }
        bus.close();
    }

    /** Several threads, each of which commits as fast as it can; the bus, if any, is cut in the middle. */
    private void commitAtOnce(Outbox outbox, Random random, int commits, Bus cut) {
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            List<CompletableFuture<Void>> running = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                var own = new Random(random.nextInt());
                running.add(CompletableFuture.runAsync(
                        () -> {
                            for (int commit = 0; commit < commits; commit++) {
                                commit(outbox, own);
                            }
                        },
                        threads));
            }
            if (cut != null) {
                int enough = heard.size() + random.nextInt(THREADS * commits);
                await().pollInterval(Duration.ofMillis(1)).until(() -> heard.size() > enough);
                cut.close();
            }
            running.forEach(CompletableFuture::join);
        }
    }

    private void commit(Outbox outbox, Random random) {
        try {
            outbox.commit(transaction -> {
                int events = happen(transaction, random);
                if (random.nextInt(10) == 0) {
                    throw new UnsupportedOperationException("expected by this test");
                }
                return events;
            });
        } catch (UnsupportedOperationException expected) {
            assertThat(expected).hasMessage("expected by this test");
        }
    }

    /** Events of one thing or two, always locked in the same order. */
    private int happen(Outbox.Transaction transaction, Random random) throws SQLException {
        int first = random.nextInt(things.size());
        int second = random.nextInt(things.size());
        int events = 0;
        for (int thing : IntStream.of(first, second).distinct().sorted().toArray()) {
            for (Outgoing event : events(transaction.connection(), things.get(thing), 1 + random.nextInt(3))) {
                transaction.emit(event);
                events++;
            }
        }
        return events;
    }

    private static List<Outgoing> events(Connection connection, UUID thing, int number) throws SQLException {
        try (var count = connection.prepareStatement("UPDATE things SET size = size + ? WHERE id = ? RETURNING size")) {
            count.setInt(1, number);
            count.setObject(2, thing);
            try (var row = count.executeQuery()) {
                row.next();
                long last = row.getLong(1);
                return LongStream.rangeClosed(last - number + 1, last)
                        .mapToObj(seq -> new Outgoing(
                                "natter.test." + thing + ".happened",
                                thing + "." + seq,
                                seq,
                                String.valueOf(seq).getBytes(StandardCharsets.UTF_8),
                                null))
                        .toList();
            }
        }
    }

    /** As a process does that dies after its commits: some never published, some published and not marked. */
    private void leaveBehind(Random random) {
        database.inTransaction(connection -> {
            for (UUID thing : things) {
                OutboxTable.commit(connection, new Volley(), events(connection, thing, 1 + random.nextInt(5)));
            }
            return connection
                    .createStatement()
                    .executeUpdate("UPDATE outbox SET published_at = NULL, stream_seq = NULL WHERE id % 7 = "
                            + random.nextInt(7));
        });
    }

    private List<Delivery> followed(Bus bus) {
        List<Delivery> followed = new ArrayList<>();
        long all = things.stream().mapToLong(this::size).sum();
        var distinct = new ConcurrentLinkedQueue<String>();
        try (Replica replica = new Replica(bus, "test-follow", STREAM, KEPT, KEPT, delivery -> {
            followed.add(delivery);
            if (!distinct.contains(delivery.id())) {
                distinct.add(delivery.id());
            }
        })) {
            replica.start();
            await().atMost(Duration.ofSeconds(20)).until(() -> distinct.size() == all);
        }
        return followed;
    }

    private void assertInOrder(Collection<Delivery> deliveries, int seed) {
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(firsts(deliveries).values().stream()
                                .mapToInt(List::size)
                                .sum())
                        .isEqualTo((int) things.stream().mapToLong(this::size).sum()));
        Map<String, List<Long>> firsts = firsts(deliveries);
        for (UUID thing : things) {
            assertThat(firsts.get("natter.test." + thing + ".happened"))
                    .as("seed %d", seed)
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, size(thing)).boxed().toList());
        }
    }

    private static Map<String, List<Long>> firsts(Collection<Delivery> deliveries) {
        return deliveries.stream()
                .collect(groupingBy(Delivery::subject, mapping(Delivery::seq, toList())))
                .entrySet()
                .stream()
                .collect(toMap(
                        Map.Entry::getKey,
                        seqs -> seqs.getValue().stream().distinct().toList()));
    }

    private long size(UUID thing) {
        return number("SELECT size FROM things WHERE id = '" + thing + "'");
    }

    private long unpublished() {
        return number("SELECT count(*) FROM outbox WHERE published_at IS NULL");
    }

    private long number(String sql) {
        return database.read(connection -> {
            try (var statement = connection.createStatement();
                    var row = statement.executeQuery(sql)) {
                row.next();
                return row.getLong(1);
            }
        });
    }
}

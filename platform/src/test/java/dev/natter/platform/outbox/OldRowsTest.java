package dev.natter.platform.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.natter.platform.bus.Bus;
import dev.natter.platform.bus.Delivery;
import dev.natter.platform.db.Database;
import dev.natter.testing.Ground;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** An outbox that an older version, which knows of no envelopes, has written to. */
class OldRowsTest {
    private static final String OLD = """
            INSERT INTO outbox (subject, event_id, seq, payload, request_id)
            VALUES ('natter.test.a.happened', 'a.7', 7, '{}', 'a-request'), ('natter.test.b.happened', 'b.1', 1, '[]', NULL)""";

    @Test
    void itsEventsArePublishedAsAnyOthers() {
        List<Delivery> heard = new CopyOnWriteArrayList<>();
        try (Ground ground = Ground.open().excuse("natter.");
                Database database = Database.open(ground.config(), "db/test");
                Bus bus = Bus.open(ground.config(), "test")) {
            database.start();
            bus.start();
            bus.subscribe("natter.test.>", heard::add);
            database.inTransaction(connection -> connection.createStatement().executeUpdate(OLD));

            try (Outbox outbox = new Outbox(database, bus, "natter-test", "natter.kept.test.>")) {
                outbox.start();
                await().until(() -> heard.size() >= 2);
            }
        }

        // To a stream that it has never seen an outbox says everything again.
        List<Delivery> first = heard.subList(0, 2);
        assertThat(first).extracting(Delivery::id).containsExactly("a.7", "b.1");
        assertThat(first).extracting(Delivery::seq).containsExactly(7L, 1L);
        assertThat(first)
                .extracting(delivery -> new String(delivery.payload(), StandardCharsets.UTF_8))
                .containsExactly("{}", "[]");
        assertThat(first).extracting(delivery -> delivery.cause().requestId()).containsExactly("a-request", null);
    }
}

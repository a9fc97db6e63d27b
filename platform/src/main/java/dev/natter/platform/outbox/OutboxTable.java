package dev.natter.platform.outbox;

import dev.natter.platform.bus.Envelope;
import dev.natter.platform.bus.Outgoing;
import dev.natter.platform.bus.StreamState;
import dev.natter.platform.db.Columns;
import dev.natter.platform.db.Database;
import dev.natter.platform.db.Volley;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** All SQL of the outbox: a row is an {@link Envelope}, its heads in one column and its payloads in another. */
final class OutboxTable {
    private static final String EVENTS = """
            unnest(?::bigint[], ?::text[], ?::bytea[]) WITH ORDINALITY AS event (envelope, head, payload, place)""";
    private static final String ENVELOPES = """
            INSERT INTO outbox (heads, payload)
            SELECT array_agg(head ORDER BY place), string_agg(payload, ''::bytea ORDER BY place)
            FROM %s GROUP BY envelope ORDER BY envelope
            RETURNING id""";
    private static final String APPEND = ENVELOPES.formatted(EVENTS);
    private static final String APPEND_GRANTED =
            """
            WITH %s,
            envelope AS ({envelopes})
            SELECT ARRAY(SELECT id FROM envelope ORDER BY id), ARRAY(SELECT place FROM granted)
            """.replace("{envelopes}", ENVELOPES.formatted(EVENTS + " JOIN granted USING (place)"));

    /** Rows from before there were envelopes are of one event each. */
    private static final String ROWS = """
            SELECT id, coalesce(heads, ARRAY[concat_ws(' ', octet_length(payload), seq, subject, event_id, request_id)]),
                   payload
            FROM outbox\n""";

    private static final String MARK = """
            UPDATE outbox SET stream_seq = ack.stream_seq, published_at = now()
            FROM unnest(?::bigint[], ?::bigint[]) AS ack (id, stream_seq)
            WHERE outbox.id = ack.id AND published_at IS NULL""";
    private static final String UNPUBLISHED = ROWS + """
            WHERE published_at IS NULL AND stream_seq IS NULL AND id > ?
              AND created_at <= now() - ? * interval '1 millisecond'
            ORDER BY id LIMIT ?""";
    private static final String FORGOTTEN = ROWS + """
            WHERE published_at IS NULL AND stream_seq IS NOT NULL AND id > ?
            ORDER BY id LIMIT ?""";
    private static final String PENDING = """
            SELECT coalesce(sum(coalesce(cardinality(heads), 1)), 0), coalesce(extract(epoch FROM now() - min(created_at)), 0)
            FROM (SELECT heads, created_at FROM outbox WHERE published_at IS NULL AND stream_seq IS NULL
                  ORDER BY id LIMIT 10000) AS pending""";
    private static final String SWEEP = """
            DELETE FROM outbox WHERE id IN (
                SELECT id FROM outbox WHERE published_at < now() - ? * interval '1 millisecond'
                ORDER BY published_at LIMIT 5000)""";
    private static final String LAST = """
            SELECT coalesce(max(stream_seq), 0)
            FROM (SELECT stream_seq FROM outbox WHERE published_at IS NOT NULL
                  ORDER BY published_at DESC LIMIT 2000) AS latest""";
    private static final String FORGET = """
            UPDATE outbox SET published_at = NULL WHERE id IN (
                SELECT id FROM outbox WHERE published_at <= ? ORDER BY published_at LIMIT 5000)""";
    private static final String NOW = "SELECT now()";
    private static final String KNOWN = "SELECT created_at, server_id FROM outbox_stream WHERE stream = ?";
    private static final String KNOW = """
            INSERT INTO outbox_stream (stream, created_at, server_id) VALUES (?, ?, ?)
            ON CONFLICT (stream) DO UPDATE SET created_at = excluded.created_at, server_id = excluded.server_id""";

    /**
     * How much waits.
     *
     * @param events unpublished ones, of at most 10,000 commits
     * @param seconds the age of the oldest
     */
    record Pending(long events, double seconds) {}

    /**
     * What of some events was written.
     *
     * @param rows the envelopes they are in
     * @param places theirs among all, from 0
     */
    record Written(List<Row> rows, BitSet places) {}

    private final Database database;

    OutboxTable(Database database) {
        this.database = database;
    }

    /**
     * Writes events in the transaction that causes them, with whatever else it has left to write, and commits it: one
     * round trip.
     *
     * @return the events' rows
     * @throws SQLException if it is not committed, or if the connection broke and nobody knows
     */
    static List<Row> commit(Connection connection, Volley others, List<Outgoing> events) throws SQLException {
        var packing = new Packing(events);
        others.add(APPEND, packing.columns()).add("COMMIT");
        List<Long> ids = new ArrayList<>();
        try (PreparedStatement all = others.on(connection)) {
            for (boolean answer = all.execute(); !answer; ) {
                answer = all.getMoreResults();
            }
            try (ResultSet row = all.getResultSet()) {
                while (row.next()) {
                    ids.add(row.getLong(1));
                }
            }
        }
        return packing.rows(ids.toArray(Long[]::new), packing.places());
    }

    static String appending(String tables) {
        return APPEND_GRANTED.formatted(tables);
    }

    /**
     * Writes what a statement of {@link #appending} grants, in auto-commit.
     *
     * @return what was written
     */
    static Written append(Connection connection, String statement, Columns<?> others, List<Outgoing> events)
            throws SQLException {
        var packing = new Packing(events);
        try (PreparedStatement append = connection.prepareStatement(statement)) {
            packing.columns().bind(append, others.bind(append, 1));
            try (ResultSet row = append.executeQuery()) {
                row.next();
                Long[] ids = numbers(row, 1);
                Long[] granted = numbers(row, 2);
                var places = new BitSet(events.size());
                for (Long place : granted) {
                    places.set((int) (place - 1));
                }
                return new Written(packing.rows(ids, granted), places);
            }
        }
    }

    private static Long[] numbers(ResultSet row, int column) throws SQLException {
        return (Long[]) row.getArray(column).getArray();
    }

    /** Not flushed: what a crash takes of it is published again, which harms nobody. */
    void mark(List<Ack> acks) {
        database.inTransaction(connection -> {
            Volley mark = new Volley()
                    .add("SET LOCAL synchronous_commit = off")
                    .add(MARK, Columns.of(acks).bigint(Ack::id).bigint(Ack::streamSeq));
            try (PreparedStatement all = mark.on(connection)) {
                return all.execute();
            }
        });
    }

    /** What isn't known to have ever been published, of a certain age. */
    List<Row> unpublished(long after, Duration age, int limit) {
        return database.inTransaction(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(UNPUBLISHED)) {
                statement.setLong(1, after);
                statement.setLong(2, age.toMillis());
                statement.setInt(3, limit);
                return rows(statement);
            }
        });
    }

    /** What is to be published again. */
    List<Row> forgotten(long after, int limit) {
        return database.inTransaction(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(FORGOTTEN)) {
                statement.setLong(1, after);
                statement.setInt(2, limit);
                return rows(statement);
            }
        });
    }

    private static List<Row> rows(PreparedStatement statement) throws SQLException {
        List<Row> rows = new ArrayList<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                List<String> heads = List.of((String[]) row.getArray(2).getArray());
                rows.add(new Row(row.getLong(1), Envelope.parse(heads, row.getBytes(3))));
            }
        }
        return rows;
    }

    Pending pending() {
        return database.inTransaction(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(PENDING);
                    ResultSet row = statement.executeQuery()) {
                row.next();
                return new Pending(row.getLong(1), row.getDouble(2));
            }
        });
    }

    int sweep(Duration keep) {
        return database.inTransaction(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(SWEEP)) {
                statement.setLong(1, keep.toMillis());
                return statement.executeUpdate();
            }
        });
    }

    /** The highest sequence that JetStream has acknowledged and the outbox still remembers. */
    long lastAcknowledged() {
        return database.inTransaction(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(LAST);
                    ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        });
    }

    /** Whether the stream is the one, on the run of the server, that the outbox has published to so far. */
    boolean isKnown(String stream, StreamState state) {
        return database.inTransaction(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(KNOWN)) {
                statement.setString(1, stream);
                try (ResultSet row = statement.executeQuery()) {
                    return row.next()
                            && row.getObject(1, OffsetDateTime.class)
                                            .toInstant()
                                            .toEpochMilli()
                                    == state.createdAt().toEpochMilli()
                            && row.getString(2).equals(state.serverId());
                }
            }
        });
    }

    /**
     * Takes all marks back, so that everything still remembered is published again, and remembers the stream. A few at
     * a time: ten minutes of a busy service are more than one statement may take.
     */
    int forget(String stream, StreamState state) {
        OffsetDateTime until = now();
        int rows = 0;
        for (int some = forget(until); some > 0; some = forget(until)) {
            rows += some;
        }
        database.inTransaction(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(KNOW)) {
                statement.setString(1, stream);
                statement.setObject(2, OffsetDateTime.ofInstant(state.createdAt(), ZoneOffset.UTC));
                statement.setString(3, state.serverId());
                return statement.executeUpdate();
            }
        });
        return rows;
    }

    private int forget(OffsetDateTime until) {
        return database.inTransaction(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(FORGET)) {
                statement.setObject(1, until);
                return statement.executeUpdate();
            }
        });
    }

    private OffsetDateTime now() {
        return database.read(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(NOW);
                    ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getObject(1, OffsetDateTime.class);
            }
        });
    }
}

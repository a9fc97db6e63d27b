package dev.natter.bench;

import dev.natter.platform.db.Database;
import dev.natter.platform.db.DatabaseUrl;
import io.helidon.config.Config;
import io.helidon.config.ConfigSources;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Optional;

/** A database beside the services' own, with message-service's tables and nothing else: where limits are measured. */
final class Limit {
    private static final String NAME = "natter_limit";

    /** Chats with a page of history each, under the ids that the scripts know. */
    private static final String FILL = """
            INSERT INTO chat_head (chat_id, seq)
            SELECT ('00000000-0000-7000-8000-' || lpad(chat::text, 12, '0'))::uuid, %d FROM generate_series(1, %d) chat;
            INSERT INTO message (chat_id, seq, changed_seq, type, sender_id, content, client_id, client_hash, created_at)
            SELECT chat_id, n, n, 'text', '00000000-0000-7000-8000-000000000000', repeat('ten letters', 9),
                   gen_random_uuid()::text, sha256('x'), now()
              FROM chat_head, generate_series(1, %d) n;
            VACUUM ANALYZE""";

    private static final int HISTORY = 200;

    private Limit() {}

    /** Makes it, on the server that a stage uses. */
    static DatabaseUrl database(Stage stage) throws IOException {
        stage.postgres().createDatabase(NAME);
        DatabaseUrl url = DatabaseUrl.parse(stage.postgres().url(NAME));
        var config = Config.just(
                ConfigSources.create(Map.of("database.url", stage.postgres().url(NAME))));
        try (Database tables = Database.open(config, "db/message")) {
            tables.start();
        }
        try (Connection connection = DriverManager.getConnection(url.jdbc(), url.user(), url.password());
                Statement fill = connection.createStatement()) {
            for (String statement :
                    FILL.formatted(HISTORY, Pgbench.CHATS, HISTORY).split(";")) {
                fill.execute(statement);
            }
        } catch (SQLException failure) {
            throw new IOException(failure);
        }
        return url;
    }

    /** What pgbench is asked for. */
    interface Measurement<T> {
        T by(Pgbench pgbench) throws IOException;
    }

    /** What pgbench reaches on it; empty, which is said, if this machine has none, or the server isn't ours. */
    static <T> Optional<T> pgbench(Ground ground, Stage stage, Measurement<T> measurement) throws IOException {
        if (!stage.isOwn()) {
            System.err.println("The database of a given installation isn't touched: figures stand alone.");
            return Optional.empty();
        }
        var program = Pgbench.find();
        if (program.isEmpty()) {
            System.err.println("No pgbench on this machine (it comes with PostgreSQL): figures stand alone.");
            return Optional.empty();
        }
        Files.createDirectories(ground.folder());
        return Optional.of(measurement.by(new Pgbench(program.get(), database(stage), ground.folder())));
    }
}

package dev.natter.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresServerTest {
    @TempDir
    Path folder;

    @Test
    void dataSurvivesAStopACrashAndANewServerOnTheFolder() throws SQLException {
        try (PostgresServer server = PostgresServer.durable(folder, 0)) {
            server.createDatabase("kept");
            server.createDatabase("kept");
            execute(server, "CREATE TABLE t (v text)");
            execute(server, "INSERT INTO t VALUES ('Ж')");
            server.stop();
            assertThat(server.alive()).isFalse();
            server.start();
            server.crash();
            server.start();
            assertThat(ask(server, "SELECT lower(v) FROM t")).isEqualTo("ж");
        }
        try (PostgresServer server = PostgresServer.durable(folder, 0)) {
            assertThat(ask(server, "SELECT v FROM t")).isEqualTo("Ж");
        }
    }

    @Test
    void theLaunchersServerIsDurableAndWantsAPassword() throws SQLException {
        try (PostgresServer server = PostgresServer.durable(folder, 0)) {
            assertThat(ask(server, "SELECT setting FROM pg_settings WHERE name = 'fsync'", "postgres"))
                    .isEqualTo("on");
            assertThat(ask(server, "SELECT setting FROM pg_settings WHERE name = 'synchronous_commit'", "postgres"))
                    .isEqualTo("on");
            assertThatThrownBy(() -> DriverManager.getConnection(
                                    "jdbc:postgresql://127.0.0.1:" + server.port() + "/postgres", "natter", "wrong")
                            .close())
                    .hasMessageContaining("password");
        }
    }

    @Test
    void aSecondServerOnTheSameFolderIsRefused() {
        try (PostgresServer first = PostgresServer.durable(folder, 0)) {
            assertThatThrownBy(() -> PostgresServer.durable(folder, 0))
                    .isInstanceOf(ServerFailure.class)
                    .hasMessageContaining("already running PostgreSQL on " + folder);
            assertThat(first.alive()).isTrue();
        }
    }

    @Test
    void anOrphanIsStoppedBeforeTheStart() throws Exception {
        Process orphan;
        try (PostgresServer server = PostgresServer.durable(folder, 0)) {
            server.createDatabase("kept");
            server.stop();
            var command = Unprivileged.here()
                    .command(
                            Unpacked.postgres(Unprivileged.here().cache()).resolve("bin/postgres") + "",
                            "-D",
                            folder.resolve("data") + "");
            orphan = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("orphan.log").toFile())
                    .start();
            await().until(() -> Files.exists(folder.resolve("data/postmaster.pid")));
        }

        try (PostgresServer server = PostgresServer.durable(folder, 0)) {
            assertThat(orphan.isAlive()).isFalse();
            assertThat(server.alive()).isTrue();
        }
    }

    @Test
    void aStalePidFileOfAnotherProcessIsNoObstacle() throws Exception {
        PostgresServer.durable(folder, 0).close();
        Files.writeString(
                folder.resolve("data/postmaster.pid"), ProcessHandle.current().pid() + "\n");

        try (PostgresServer server = PostgresServer.durable(folder, 0)) {
            assertThat(server.alive()).isTrue();
        }
    }

    @Test
    void aKeptServerComesBackWhenItDies() {
        try (PostgresServer server = PostgresServer.durable(folder, 0)) {
            server.keep();
            long before = server.pid();

            server.crash();

            await().atMost(Duration.ofSeconds(20)).until(() -> server.alive() && server.pid() != before);
            await().atMost(Duration.ofSeconds(20))
                    .ignoreExceptions()
                    .until(() -> ask(server, "SELECT 'up'", "postgres").equals("up"));
        }
    }

    private static void execute(PostgresServer server, String sql) throws SQLException {
        try (Connection connection = connect(server, "kept");
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String ask(PostgresServer server, String sql) throws SQLException {
        return ask(server, sql, "kept");
    }

    private static String ask(PostgresServer server, String sql, String database) throws SQLException {
        try (Connection connection = connect(server, database);
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static Connection connect(PostgresServer server, String database) throws SQLException {
        String[] user = server.url(database)
                .replaceFirst("postgresql://([^@]*)@.*", "$1")
                .split(":");
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + server.port() + "/" + database, user[0], user[1]);
    }
}

package dev.natter.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.natter.platform.db.DatabaseUrl;
import dev.natter.servers.PostgresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabasesServiceTest {
    private static PostgresServer postgres;

    @TempDir
    Path home;

    @BeforeAll
    static void start() {
        postgres = PostgresServer.temporary();
    }

    @AfterAll
    static void stop() {
        postgres.close();
    }

    @Test
    void eachServiceOwnsItsDatabaseAndOpensNoOther() throws SQLException {
        Databases databases = Databases.on(url("postgres"));
        Map<Part, DatabaseUrl> ready = databases.ready(Secrets.in(home));
        DatabaseUrl auth = ready.get(Part.AUTH);
        DatabaseUrl chat = ready.get(Part.CHAT);

        assertThat(auth.database()).isEqualTo("natter_auth");
        run(auth, "CREATE TABLE kept (id int)");
        assertThatThrownBy(() -> connect(auth.with(chat.database())))
                .hasMessageContaining("permission denied for database");
    }

    @Test
    void theNextStartFindsWhatTheLastOneMade() throws SQLException {
        Databases databases = Databases.on(url("again"));
        run(databases.ready(Secrets.in(home)).get(Part.MEDIA), "CREATE TABLE kept (id int)");

        DatabaseUrl next = databases.ready(Secrets.in(home)).get(Part.MEDIA);

        run(next, "INSERT INTO kept VALUES (1)");
    }

    @Test
    void aLostSecretsFileIsNoLostDatabase() throws SQLException {
        Databases databases = Databases.on(url("lost"));
        databases.ready(Secrets.in(home.resolve("..")));

        connect(databases.ready(Secrets.in(home)).get(Part.AUTH)).close();
    }

    @Test
    void whoMayMakeDatabasesButNoRolesOwnsThemAll() throws SQLException {
        run(url("postgres"), "CREATE ROLE plain LOGIN CREATEDB PASSWORD 'plain'");
        DatabaseUrl plain = user(url("plain"), "plain");

        DatabaseUrl auth = Databases.on(plain).ready(Secrets.in(home)).get(Part.AUTH);

        assertThat(auth.user()).isEqualTo("plain");
        run(auth, "CREATE TABLE kept (id int)");
    }

    @Test
    void whoMayMakeRolesButIsNoSuperuserStillGivesEachServiceItsOwn() throws SQLException {
        run(url("postgres"), "CREATE ROLE maker LOGIN CREATEDB CREATEROLE PASSWORD 'maker'");
        DatabaseUrl maker = user(url("made"), "maker");

        DatabaseUrl auth = Databases.on(maker).ready(Secrets.in(home)).get(Part.AUTH);

        assertThat(auth.user()).isEqualTo("made_auth");
        run(auth, "CREATE TABLE kept (id int)");
        connect(Databases.on(maker).ready(Secrets.in(home)).get(Part.AUTH)).close();
    }

    private static DatabaseUrl url(String database) {
        return DatabaseUrl.parse(postgres.url(database));
    }

    private static DatabaseUrl user(DatabaseUrl url, String user) {
        return new DatabaseUrl(url.jdbc(), user, user);
    }

    private static Connection connect(DatabaseUrl url) throws SQLException {
        return DriverManager.getConnection(url.jdbc(), url.user(), url.password());
    }

    private static void run(DatabaseUrl url, String sql) throws SQLException {
        try (Connection connection = connect(url);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}

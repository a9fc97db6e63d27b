package dev.natter.local;

import dev.natter.platform.db.DatabaseUrl;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumMap;
import java.util.Map;

/**
 * A database and a role for each service, on a server that Natter may administer. No service can open another's
 * database. Run again at each start; what exists stays.
 *
 * @param server where, with a user who may create databases, and roles if each service shall have its own
 * @param prefix what the names of databases and roles begin with
 */
record Databases(DatabaseUrl server, String prefix) {
    private static final String RIGHTS =
            "SELECT rolname, rolsuper OR rolcreaterole, rolsuper FROM pg_roles WHERE rolname = current_user";
    private static final String NO_SUCH_DATABASE = "3D000";
    private static final String ROLE_EXISTS = "SELECT 1 FROM pg_roles WHERE rolname = ?";
    private static final String DATABASE_EXISTS = "SELECT 1 FROM pg_database WHERE datname = ?";

    /** Databases called after the one that the address names, as in {@code natter_auth}. */
    static Databases on(DatabaseUrl server) {
        String name = server.database();
        return new Databases(server, name.isEmpty() || name.equals("postgres") ? "natter" : name);
    }

    /** The addresses of the stored services' databases, each with the role that owns it; made if need be. */
    Map<Part, DatabaseUrl> ready(Secrets secrets) {
        try (Connection connection = connect()) {
            Rights rights = Rights.of(connection);
            Map<Part, DatabaseUrl> ready = new EnumMap<>(Part.class);
            for (Part part : Part.values()) {
                if (part.stored()) {
                    ready.put(part, ready(connection, rights, part, secrets));
                }
            }
            return ready;
        } catch (SQLException failure) {
            throw new StartFailure("PostgreSQL: the databases can't be made ready: " + failure.getMessage(), failure);
        }
    }

    private DatabaseUrl ready(Connection connection, Rights rights, Part part, Secrets secrets) throws SQLException {
        String name = prefix + "_" + part.key();
        if (!rights.roles()) {
            database(connection, name, rights.user());
            return server.with(name);
        }
        String password = secrets.get("database." + part.key());
        role(connection, name, password, rights.superuser());
        database(connection, name, name);
        return new DatabaseUrl(server.with(name).jdbc(), name, password);
    }

    /** The named database need not exist yet; then there is always {@code postgres}. */
    private Connection connect() throws SQLException {
        try {
            return connect(server.database().isEmpty() ? server.with("postgres") : server);
        } catch (SQLException failure) {
            if (NO_SUCH_DATABASE.equals(failure.getSQLState())) {
                return connect(server.with("postgres"));
            }
            throw failure;
        }
    }

    private static Connection connect(DatabaseUrl url) throws SQLException {
        return DriverManager.getConnection(url.jdbc(), url.user(), url.password());
    }

    /** What the user may do to whom the address belongs. */
    private record Rights(String user, boolean roles, boolean superuser) {
        static Rights of(Connection connection) throws SQLException {
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(RIGHTS)) {
                row.next();
                return new Rights(row.getString(1), row.getBoolean(2), row.getBoolean(3));
            }
        }
    }

    private static void role(Connection connection, String name, String password, boolean superuser)
            throws SQLException {
        String verb = exists(connection, ROLE_EXISTS, name) ? "ALTER" : "CREATE";
        run(connection, verb + " ROLE " + quoted(name) + " LOGIN PASSWORD '" + password + "'");
        if (!superuser) {
            // Whoever gives a database to a role must be a member of it.
            run(connection, "GRANT " + quoted(name) + " TO CURRENT_USER");
        }
    }

    private static void database(Connection connection, String name, String owner) throws SQLException {
        if (!exists(connection, DATABASE_EXISTS, name)) {
            run(connection, "CREATE DATABASE " + quoted(name) + " OWNER " + quoted(owner));
            run(connection, "REVOKE ALL ON DATABASE " + quoted(name) + " FROM PUBLIC");
        }
    }

    private static boolean exists(Connection connection, String question, String name) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(question)) {
            statement.setString(1, name);
            try (ResultSet row = statement.executeQuery()) {
                return row.next();
            }
        }
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}

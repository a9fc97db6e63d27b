package dev.natter.local;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;

/**
 * A database and a role for each service, on a server that Natter may administer. No service can open another's
 * database. Run again at each start; what exists stays.
 *
 * @param server where, with a user who may create databases, and roles if each service shall have its own
 * @param prefix what the names of databases and roles begin with
 */
record Databases(DatabaseUrl server, String prefix) {
    private static final String RIGHTS =
            "SELECT rolsuper OR rolcreaterole, rolsuper FROM pg_roles WHERE rolname = current_user";
    private static final String ROLE_EXISTS = "SELECT 1 FROM pg_roles WHERE rolname = ?";
    private static final String DATABASE_EXISTS = "SELECT 1 FROM pg_database WHERE datname = ?";

    /** Databases called after the one that the address names, as in {@code natter_auth}. */
    static Databases on(DatabaseUrl server) {
        String name = server.database();
        return new Databases(server, name.isEmpty() || name.equals("postgres") ? "natter" : name);
    }

    /** The address of a service's database, with the role that owns it; made if need be. */
    DatabaseUrl of(Part part, Secrets secrets) {
        String name = prefix + "_" + part.key();
        try (Connection connection = connect()) {
            boolean[] rights = rights(connection);
            DatabaseUrl address = server.withDatabase(name);
            if (rights[0]) {
                String password = secrets.get("database." + part.key());
                role(connection, name, password, rights[1]);
                address = address.withUser(name, password);
            }
            database(connection, name, rights[0] ? name : server.user());
            return address;
        } catch (SQLException failure) {
            throw new StartFailure(
                    "Database " + name + " on " + server.authority() + " can't be made ready: " + failure.getMessage(),
                    failure);
        }
    }

    /** The named database need not exist yet; then there is always {@code postgres}. */
    private Connection connect() throws SQLException {
        try {
            return connect(server.database().isEmpty() ? "postgres" : server.database());
        } catch (SQLException failure) {
            if ("3D000".equals(failure.getSQLState())) {
                return connect("postgres");
            }
            throw failure;
        }
    }

    private Connection connect(String database) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", server.user());
        properties.setProperty("password", server.password());
        properties.setProperty("connectTimeout", "5");
        return DriverManager.getConnection(server.withDatabase(database).jdbc(), properties);
    }

    private static boolean[] rights(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(RIGHTS)) {
            row.next();
            return new boolean[] {row.getBoolean(1), row.getBoolean(2)};
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

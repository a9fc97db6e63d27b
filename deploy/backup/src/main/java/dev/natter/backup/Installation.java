package dev.natter.backup;

import dev.natter.platform.db.DatabaseUrl;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Properties;

/**
 * Where an installation keeps what lasts, and where its news travels.
 *
 * @param databases each service's database, with the user that the service has
 * @param media what media-service has as {@code media.root}
 * @param nats what of it NATS holds, to be emptied by a restore; null if there is nothing to be emptied
 */
public record Installation(Map<Store, DatabaseUrl> databases, Path media, Streams nats) {
    /** Copies. */
    public Installation {
        databases = Map.copyOf(databases);
    }

    /**
     * As the environment tells it, in the services' own words: for each store what its service knows as
     * {@code DATABASE_URL}, {@code DATABASE_USER} and {@code DATABASE_PASSWORD}, as in {@code AUTH_DATABASE_URL}; then
     * {@code MEDIA_ROOT}, {@code NATS_URL}, {@code NATS_USER} and {@code NATS_PASSWORD}.
     *
     * @param environment the variables; what is secret can stand in a file, as in {@code NATS_PASSWORD_FILE}
     * @return the installation
     * @throws BackupFailure naming the variable that is missing, or makes no sense
     */
    static Installation of(Map<String, String> environment) {
        Variables variables = new Variables(environment);
        Map<Store, DatabaseUrl> databases = new EnumMap<>(Store.class);
        for (Store store : Store.values()) {
            databases.put(store, database(store.variable(), variables));
        }
        String nats = variables.text("NATS_URL");
        return new Installation(
                databases,
                Path.of(variables.required("MEDIA_ROOT")),
                nats == null ? null : new Streams(nats, variables.text("NATS_USER"), variables.text("NATS_PASSWORD")));
    }

    private static DatabaseUrl database(String prefix, Variables variables) {
        DatabaseUrl url = DatabaseUrl.parse(variables.required(prefix + "_URL"));
        String user = variables.text(prefix + "_USER");
        String password = variables.text(prefix + "_PASSWORD");
        return new DatabaseUrl(
                url.jdbc(), user == null ? url.user() : user, password == null ? url.password() : password);
    }

    /** A connection of its own, outside of any transaction. */
    Connection connect(Store store) throws SQLException {
        DatabaseUrl url = databases.get(store);
        Properties properties = new Properties();
        if (url.user() != null) {
            properties.setProperty("user", url.user());
        }
        if (url.password() != null) {
            properties.setProperty("password", url.password());
        }
        properties.setProperty("ApplicationName", "natter-backup");
        return DriverManager.getConnection(url.jdbc(), properties);
    }
}

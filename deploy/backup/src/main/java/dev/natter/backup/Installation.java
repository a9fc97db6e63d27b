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
 * @param nats NATS, credentials included, to be emptied by a restore; null if there is nothing to be emptied
 */
public record Installation(Map<Store, DatabaseUrl> databases, Path media, String nats) {
    /** Copies. */
    public Installation {
        databases = Map.copyOf(databases);
    }

    /**
     * As the environment tells it: {@code AUTH_DATABASE_URL}, {@code CHAT_DATABASE_URL}, {@code MESSAGE_DATABASE_URL},
     * {@code MEDIA_DATABASE_URL}, {@code MEDIA_ROOT}, {@code NATS_URL}.
     *
     * @param environment the variables
     * @return the installation
     * @throws BackupFailure naming the variable that is missing
     */
    static Installation of(Map<String, String> environment) {
        Map<Store, DatabaseUrl> databases = new EnumMap<>(Store.class);
        for (Store store : Store.values()) {
            databases.put(store, DatabaseUrl.parse(required(environment, store.variable())));
        }
        return new Installation(databases, Path.of(required(environment, "MEDIA_ROOT")), environment.get("NATS_URL"));
    }

    private static String required(Map<String, String> environment, String name) {
        String value = environment.get(name);
        if (value == null || value.isBlank()) {
            throw new BackupFailure(name + " must be set");
        }
        return value;
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

package dev.natter.backup;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.Map;

/** A connection to each database of an installation. */
record Connections(Map<Store, Connection> all) implements AutoCloseable {
    static Connections to(Installation installation) throws SQLException {
        Connections connections = new Connections(new EnumMap<>(Store.class));
        try {
            for (Store store : Store.values()) {
                connections.all.put(store, installation.connect(store));
            }
            return connections;
        } catch (SQLException failure) {
            connections.close();
            throw new BackupFailure("PostgreSQL: " + failure.getMessage(), failure);
        }
    }

    Connection get(Store store) {
        return all.get(store);
    }

    void rollback() throws SQLException {
        for (Connection connection : all.values()) {
            if (!connection.getAutoCommit()) {
                connection.rollback();
            }
        }
    }

    @Override
    public void close() throws SQLException {
        for (Connection connection : all.values()) {
            connection.close();
        }
    }
}

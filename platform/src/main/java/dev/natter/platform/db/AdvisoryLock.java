package dev.natter.platform.db;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * Elects one among many processes: a session-level advisory lock on a connection of its own. The lock goes with the
 * connection, so a process that dies, or is cut off for longer than TCP bears, gives it up. A holder that was paused
 * may not know yet that it lost the lock, so what is done under it must be harmless if done twice. Used by one thread.
 */
public final class AdvisoryLock implements AutoCloseable {
    private static final Logger LOG = System.getLogger(AdvisoryLock.class.getName());
    private static final String TRY = "SELECT pg_try_advisory_lock(hashtextextended(?, 0))";
    private static final int PATIENCE_SECONDS = 3;

    /** Opens a connection that no pool knows. */
    @FunctionalInterface
    interface Door {
        Connection open() throws SQLException;
    }

    private final Door door;
    private final String name;
    private Connection connection;

    AdvisoryLock(Door door, String name) {
        this.door = door;
        this.name = name;
    }

    /**
     * Takes the lock, or makes sure that it is still held.
     *
     * @return whether this process holds it now
     */
    public boolean hold() {
        try {
            if (connection != null && connection.isValid(PATIENCE_SECONDS)) {
                return true;
            }
            close();
            connection = door.open();
            if (lock()) {
                return true;
            }
        } catch (SQLException failure) {
            LOG.log(Level.DEBUG, "The lock {0} can''t be asked for: {1}", name, failure.getMessage());
        }
        close();
        return false;
    }

    private boolean lock() throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(TRY)) {
            statement.setString(1, name);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    /** Gives the lock up, if it is held. */
    @Override
    public void close() {
        if (connection == null) {
            return;
        }
        try {
            connection.close();
        } catch (SQLException gone) {
            LOG.log(Level.TRACE, "The connection was gone already", gone);
        }
        connection = null;
    }
}

package dev.natter.platform.db;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Statements that are sent together and answered together: one round trip, whatever their number, if none of them
 * answers with texts or bytes. The driver doesn't send one whose rows it can't bound before those ahead of it are
 * answered. Each sees what those before it did, and what others had committed when its own turn came; the first that
 * fails is the last that runs. The driver splits the text and prepares each part. Not thread-safe.
 */
public final class Volley {
    private final List<String> statements = new ArrayList<>();
    private final List<Columns<?>> parameters = new ArrayList<>();

    /**
     * Adds a statement.
     *
     * @param sql the statement, without a semicolon; constant, since it is prepared once
     * @return this
     */
    public Volley add(String sql) {
        statements.add(sql);
        return this;
    }

    /**
     * Adds a statement about some rows.
     *
     * @param sql the statement, without a semicolon; constant, since it is prepared once
     * @param rows all of its parameters
     * @return this
     */
    public Volley add(String sql, Columns<?> rows) {
        parameters.add(rows);
        return add(sql);
    }

    /**
     * Whether there is nothing to send.
     *
     * @return whether no statement was added
     */
    public boolean isEmpty() {
        return statements.isEmpty();
    }

    /**
     * Makes it ready to be executed.
     *
     * @param connection where
     * @return the statement, all parameters bound; its results come in the order of the statements
     * @throws SQLException from the driver
     */
    public PreparedStatement on(Connection connection) throws SQLException {
        PreparedStatement all = connection.prepareStatement(String.join(";\n", statements));
        int index = 1;
        for (Columns<?> rows : parameters) {
            index = rows.bind(all, index);
        }
        return all;
    }
}

package dev.natter.message;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;

/**
 * Something to be read with one loan of a connection, and what is made of it.
 *
 * @param sql one statement or more, separated by semicolons; constant, since each is prepared once
 * @param parameters of all of them, in order; none is null
 * @param answer makes something of the results
 */
record Reading<T>(String sql, List<Object> parameters, Answer<T> answer) {
    /** Makes something of results. */
    @FunctionalInterface
    interface Answer<T> {
        /**
         * Reads.
         *
         * @param results at the first statement's, which can be scrolled; {@link PreparedStatement#getMoreResults} goes
         *     on
         */
        T from(PreparedStatement results) throws SQLException;
    }

    /** This after a question that is asked first. */
    <B> Reading<B> after(String question, List<Object> its, Answer<B> both) {
        return new Reading<>(
                question + ";\n" + sql,
                Stream.concat(its.stream(), parameters.stream()).toList(),
                both);
    }

    /** Reads it. */
    T on(Connection connection) throws SQLException {
        // All rows are here before the first is looked at, so that scrolling costs nothing.
        try (PreparedStatement statement =
                connection.prepareStatement(sql, ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_READ_ONLY)) {
            for (int at = 0; at < parameters.size(); at++) {
                statement.setObject(at + 1, parameters.get(at));
            }
            statement.execute();
            return answer.from(statement);
        }
    }
}

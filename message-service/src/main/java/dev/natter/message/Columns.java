package dev.natter.message;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.function.Function;

/**
 * Binds many rows as a few arrays, one a column, for {@code unnest}: one statement, prepared once, whatever the number
 * of rows.
 *
 * @param <T> what a row is made of
 */
final class Columns<T> {
    private final PreparedStatement statement;
    private final Collection<T> rows;
    private int index;

    Columns(PreparedStatement statement, Collection<T> rows) {
        this.statement = statement;
        this.rows = rows;
    }

    Columns<T> add(String type, Function<T, ?> value) throws SQLException {
        Object[] column = rows.stream().map(value).toArray();
        index++;
        statement.setArray(index, statement.getConnection().createArrayOf(type, column));
        return this;
    }

    Columns<T> uuid(Function<T, ?> value) throws SQLException {
        return add("uuid", value);
    }

    Columns<T> bigint(Function<T, Long> value) throws SQLException {
        return add("bigint", value);
    }

    Columns<T> text(Function<T, String> value) throws SQLException {
        return add("text", value);
    }

    Columns<T> time(Function<T, Instant> value) throws SQLException {
        return add(
                "timestamptz",
                row -> value.apply(row) == null ? null : value.apply(row).toString());
    }

    /** bytea, as an array of its own type: an {@code Object[]} of {@code byte[]} would be taken for a matrix. */
    Columns<T> bytes(Function<T, byte[]> value) throws SQLException {
        byte[][] column = rows.stream().map(value).toArray(byte[][]::new);
        index++;
        statement.setArray(index, statement.getConnection().createArrayOf("bytea", column));
        return this;
    }
}

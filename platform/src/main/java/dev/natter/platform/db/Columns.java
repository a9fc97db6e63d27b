package dev.natter.platform.db;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/**
 * Many rows as a few arrays, one a column, for {@code unnest}: one statement, prepared once, whatever the number of
 * rows. Texts, numbers and bytes travel in PostgreSQL's binary form; ids and times travel as texts, so the statement
 * says what they are: {@code ?::uuid[]}, {@code ?::timestamptz[]}. Not thread-safe.
 *
 * @param <T> what a row is made of
 */
public final class Columns<T> {
    /** An array, as the driver wants it: of texts, longs or bytes, never of just objects, which it would spell out. */
    private record Column(String type, Object[] values) {}

    private final Collection<T> rows;
    private final List<Column> columns = new ArrayList<>();

    private Columns(Collection<T> rows) {
        this.rows = rows;
    }

    /**
     * Begins with no column.
     *
     * @param rows the rows
     * @return to be given its columns, in the order of the statement's parameters
     */
    public static <T> Columns<T> of(Collection<T> rows) {
        return new Columns<>(rows);
    }

    /**
     * A column of ids, or of anything that is written as a text and cast.
     *
     * @param value a row's; may return null
     * @return this
     */
    public Columns<T> uuid(Function<T, ?> value) {
        return text(row -> {
            Object id = value.apply(row);
            return id == null ? null : id.toString();
        });
    }

    /**
     * A column of numbers.
     *
     * @param value a row's; may return null
     * @return this
     */
    public Columns<T> bigint(Function<T, Long> value) {
        return add("bigint", rows.stream().map(value).toArray(Long[]::new));
    }

    /**
     * A column of texts.
     *
     * @param value a row's; may return null
     * @return this
     */
    public Columns<T> text(Function<T, String> value) {
        return add("text", rows.stream().map(value).toArray(String[]::new));
    }

    /**
     * A column of times.
     *
     * @param value a row's; may return null
     * @return this
     */
    public Columns<T> time(Function<T, Instant> value) {
        return uuid(value);
    }

    /**
     * A column of bytes.
     *
     * @param value a row's; may return null
     * @return this
     */
    public Columns<T> bytes(Function<T, byte[]> value) {
        return add("bytea", rows.stream().map(value).toArray(byte[][]::new));
    }

    private Columns<T> add(String type, Object[] values) {
        columns.add(new Column(type, values));
        return this;
    }

    /**
     * Binds all columns.
     *
     * @param statement the statement
     * @param first the index of the first parameter, from 1
     * @return the index of the parameter after the last
     * @throws SQLException from the driver
     */
    public int bind(PreparedStatement statement, int first) throws SQLException {
        Connection connection = statement.getConnection();
        int index = first;
        for (Column column : columns) {
            statement.setArray(index++, connection.createArrayOf(column.type, column.values));
        }
        return index;
    }
}

package dev.natter.platform.db;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/**
 * Many rows as a few arrays, one a column, for {@code unnest}: one statement, prepared once, whatever the number of
 * rows. The statement says what each is, as in {@code ?::uuid[]}. Not thread-safe.
 *
 * @param <T> what a row is made of
 */
public final class Columns<T> {
    /** A parameter. */
    private interface Column {
        void bind(PreparedStatement statement, int index) throws SQLException;
    }

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
     * A column of ids.
     *
     * @param value a row's; may return null
     * @return this
     */
    public Columns<T> uuid(Function<T, UUID> value) {
        return spelled(value);
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
        return spelled(value);
    }

    /**
     * A time that is the same for all rows: not a column, but a value.
     *
     * @param value the time
     * @return this
     */
    public Columns<T> time(Instant value) {
        OffsetDateTime time = value.atOffset(ZoneOffset.UTC);
        columns.add((statement, index) -> statement.setObject(index, time, Types.TIMESTAMP_WITH_TIMEZONE));
        return this;
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

    /** Typed arrays of texts, longs and bytes the driver sends as they are; of just objects it would spell out each. */
    private Columns<T> add(String type, Object[] values) {
        columns.add((statement, index) ->
                statement.setArray(index, statement.getConnection().createArrayOf(type, values)));
        return this;
    }

    /** For values whose text needs no quotes, which the driver would look for in every character. */
    private Columns<T> spelled(Function<T, ?> value) {
        var array = new StringBuilder(2 + rows.size() * 37).append('{');
        for (T row : rows) {
            array.append(array.length() == 1 ? "" : ",").append(value.apply(row));
        }
        String literal = array.append('}').toString();
        columns.add((statement, index) -> statement.setObject(index, literal, Types.OTHER));
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
        int index = first;
        for (Column column : columns) {
            column.bind(statement, index++);
        }
        return index;
    }
}

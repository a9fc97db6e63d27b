package dev.natter.message;

import dev.natter.message.Members.Access;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * What a member reads, with the connection that told that they are one. It must not ask for another: whoever holds one
 * would wait for one.
 */
@FunctionalInterface
interface Reading<T> {
    /**
     * Reads.
     *
     * @param connection on loan
     * @param access true before what is read
     * @return what was read; never null
     */
    T on(Connection connection, Access access) throws SQLException;
}

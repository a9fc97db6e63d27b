/**
 * PostgreSQL, as a service's own database.
 *
 * <p>Idea: one pool, two doors. Helidon's DbClient serves single statements off the hot path; plain JDBC serves
 * transactions and everything that must be fast. Both live only inside the class that owns the SQL.
 *
 * <p>Invariant: a transaction ends in exactly one place, {@link dev.natter.platform.db.Database#inTransaction}, which
 * keeps the first exception; nothing of a transaction that failed is ever seen. A database that can't be reached is a
 * 503 that clients may repeat, never a 500.
 *
 * <p>Threads: everything but {@link dev.natter.platform.db.AdvisoryLock} is thread-safe; callers block, on virtual
 * threads.
 *
 * <p>Life cycle: {@code open} reads settings; {@code start} waits for the server, migrates under a lock, opens the
 * pool; {@code close} closes it. Migrations must be safe while the previous version still runs.
 */
package dev.natter.platform.db;

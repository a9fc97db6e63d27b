/**
 * The real PostgreSQL and NATS that Natter runs on, started from Java: by the launcher, durable, and by tests, fast.
 *
 * <p>Idea: a server belongs to one folder and one JVM. The folder's lock is held by the operating system for as long as
 * the JVM lives, so two launchers can't run on one folder, and whoever gets the lock may stop what a killed launcher
 * left behind. Invariant: no server outlives a JVM that ends normally; after a {@code kill -9} the next start on the
 * folder stops the orphan before it starts its own.
 *
 * <p>Life cycle: a factory returns a running server; {@code keep} starts it again whenever it dies; {@code stop},
 * {@code crash} and {@code start} are for tests of faults; {@code close} stops it and gives the folder back.
 */
package dev.natter.servers;

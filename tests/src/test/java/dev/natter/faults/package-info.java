/**
 * The fault suite: a model-based checker in the manner of Jepsen.
 *
 * <p>A {@link dev.natter.faults.Cluster} of real processes has a {@link dev.natter.faults.Link} of ours on every way to
 * NATS and PostgreSQL. A {@link dev.natter.faults.Crowd} of users talks in it and listens by the client's rule; a
 * seeded {@link dev.natter.faults.Nemesis} breaks one thing after the other and mends it. What was asked and answered
 * is kept in a {@link dev.natter.faults.History}, and at the end a {@link dev.natter.faults.Checker} compares it, and
 * what every client holds, with the log. {@code docs/faults.md} says how to run, read and replay it.
 */
package dev.natter.faults;

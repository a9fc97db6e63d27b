/**
 * Backup and restore of an installation: its four databases and its files, never NATS, which holds only what is on its
 * way.
 *
 * <p>Idea: all that one service knows of another came as an event out of the other's outbox, or as an answer made of
 * committed rows whose event was in the outbox too. While nobody can write to any outbox, the four databases are true
 * together. So {@link dev.natter.backup.Moment} holds all four outboxes for the few milliseconds that it takes to begin
 * four snapshots, and lets go; the copying reads these snapshots, for as long as it takes, while everybody writes.
 *
 * <p>Invariant: nothing in a backup has a cause that isn't in it. No replica in it is newer than what it replicates, so
 * numbers that come again after a restore were never heard of by anybody in it. What was on its way at that moment is
 * in the outboxes, and goes out again.
 *
 * <p>What names a run of the installation, rather than its data, isn't copied: the data set's epoch, which is drawn
 * anew, and which streams the outboxes had published to. Clients see another epoch and resynchronise.
 */
package dev.natter.backup;

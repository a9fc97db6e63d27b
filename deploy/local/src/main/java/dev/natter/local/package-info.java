/**
 * All of Natter on one machine, for developers and tests: {@link dev.natter.local.Natter} starts PostgreSQL,
 * {@code nats-server} and the five services, as one process or as five behind nginx, and stops them in order.
 *
 * <p>It contains nothing that a deployment would use: a service doesn't know how it was started. What lasts between
 * starts lies in one folder, {@link dev.natter.local.Options#home}, which one launcher at a time holds by a file lock.
 * Whoever holds it may end what a killed launcher left running there.
 */
package dev.natter.local;

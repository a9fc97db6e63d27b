/**
 * What Natter's teams agree on: the JSON shapes that cross a service's border, each declared once.
 *
 * <p>Three kinds live here. <b>Resources</b> ({@link dev.natter.contracts.Message}, {@link dev.natter.contracts.Chat},
 * {@link dev.natter.contracts.User}, {@link dev.natter.contracts.FileInfo}) are what clients see. <b>Events</b> are
 * sealed by publishing context ({@link dev.natter.contracts.MessageEvent} and its like) and travel on the subjects of
 * {@link dev.natter.contracts.Subjects}. <b>Questions between services</b> ({@link dev.natter.contracts.Internal}) are
 * asked over the internal listener.
 *
 * <p>Records only; names become {@code snake_case} on the wire. A decoder ignores fields it does not know and reads an
 * event of an unknown type as that context's {@code Unknown}, so an old consumer survives a new producer.
 */
package dev.natter.contracts;

/**
 * auth-service: users, their credentials, their sessions, and the keys that access tokens are signed with.
 *
 * <p>A request goes {@code AuthApi}, {@code SessionApi} or {@code UserApi} → {@code Registrations}, {@code Sessions},
 * {@code RefreshTokens}, {@code Tickets} or {@code Users} → SQL. Only {@code Users} knows the table of users, only
 * {@code RefreshTokens} and {@code Tickets} theirs, only {@code SigningKeys} that of keys. A session is a row, and
 * whoever deletes one before its time does it through {@code Sessions}, which tells of it.
 *
 * <p>Invariants: a name's key ({@code Names}) belongs to one user; a refresh token is spent once, and so is a ticket;
 * passwords, tokens and tickets exist in clear only while a request that shows or gets them is being answered.
 *
 * <p>Threads: requests run on virtual threads; password hashing, which is meant to be expensive, on a few platform
 * threads of {@code Passwords}.
 */
package dev.natter.auth;

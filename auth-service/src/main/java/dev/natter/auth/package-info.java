/**
 * auth-service: users, their credentials, their sessions, and the keys that access tokens are signed with.
 *
 * <p>A request goes {@code AuthApi} or {@code UserApi} → {@code Registrations}, {@code Sessions} or {@code Users} →
 * SQL. Only {@code Users} knows the table of users, only {@code Sessions} those of sessions and refresh tokens, only
 * {@code SigningKeys} that of keys.
 *
 * <p>Invariants: a name's key ({@code Names}) belongs to one user; a refresh token is spent once; passwords and tokens
 * exist in clear only while a request that shows or gets them is being answered.
 *
 * <p>Threads: requests run on virtual threads; password hashing, which is meant to be expensive, on a few platform
 * threads of {@code Passwords}.
 */
package dev.natter.auth;

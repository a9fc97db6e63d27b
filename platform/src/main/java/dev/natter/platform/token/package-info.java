/**
 * Who is calling, and how that is known: access tokens of users ({@link dev.natter.platform.token.TokenVerifier}), the
 * secret that services share ({@link dev.natter.platform.token.SharedSecret}), and paths that open for whoever holds
 * them ({@link dev.natter.platform.token.SignedUrl}). Also what a secret or a body is recognised by, once it has been
 * seen ({@link dev.natter.platform.token.Sha256}).
 *
 * <p>Invariant: an installation has exactly one algorithm, and a key is only ever asked for that one; so no token can
 * choose how it is verified. What fails is refused as 401 without a reason and without quoting what was shown; what
 * can't be decided, since no key was ever read, is 503.
 *
 * <p>Threads: everything here is immutable or thread-safe. The key set is read by whoever first needs it, one at a
 * time, while others wait at most as long as one reading may take.
 */
package dev.natter.platform.token;

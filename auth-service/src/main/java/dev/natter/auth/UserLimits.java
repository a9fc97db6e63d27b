package dev.natter.auth;

import dev.natter.platform.http.RequestLimits;

/**
 * What clients must not exceed here, from what is enforced. Lengths are in code points.
 *
 * @param usernameMinLength the shortest username
 * @param usernameMaxLength the longest
 * @param passwordMinLength the shortest password
 * @param passwordMaxLength the longest
 * @param displayNameMaxLength the longest display name
 * @param emailMaxLength the longest e-mail address
 * @param queryMaxLength the longest {@code ?query=}
 * @param idsMax most users named in {@code ?ids=}
 * @param sessionsMax how many sessions a user may have; the next one ends the oldest
 * @param loginFailures how many wrong passwords are borne
 * @param requests what holds for requests in general
 */
record UserLimits(
        int usernameMinLength,
        int usernameMaxLength,
        int passwordMinLength,
        int passwordMaxLength,
        int displayNameMaxLength,
        int emailMaxLength,
        int queryMaxLength,
        int idsMax,
        int sessionsMax,
        LoginFailures loginFailures,
        RequestLimits requests) {

    /**
     * Wrong passwords for one account.
     *
     * @param address as many from one address
     * @param account as many from all strange addresses together
     * @param seconds are forgiven within so long
     */
    record LoginFailures(int address, int account, long seconds) {}

    static UserLimits of(AuthConfig config, RequestLimits requests) {
        AuthConfig.Failures failures = config.failures();
        return new UserLimits(
                Registration.MIN_USERNAME,
                Registration.MAX_USERNAME,
                Registration.MIN_PASSWORD,
                Registration.MAX_PASSWORD,
                Registration.MAX_DISPLAY_NAME,
                Names.MAX_EMAIL,
                Search.MAX_QUERY,
                Search.MAX_IDS,
                Sessions.MAX_SESSIONS,
                new LoginFailures(
                        failures.address(),
                        failures.account(),
                        failures.window().toSeconds()),
                requests);
    }
}

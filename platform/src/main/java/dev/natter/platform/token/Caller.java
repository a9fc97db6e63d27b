package dev.natter.platform.token;

import java.time.Instant;
import java.util.UUID;

/**
 * Who is calling, as their token proves.
 *
 * @param userId the user
 * @param sessionId the session that the token belongs to
 * @param expiresAt when the token stops being valid
 * @param token the token itself, to be carried on to another service; never logged
 */
public record Caller(UUID userId, String sessionId, Instant expiresAt, String token) {
    @Override
    public String toString() {
        return "Caller[" + userId + "]";
    }
}

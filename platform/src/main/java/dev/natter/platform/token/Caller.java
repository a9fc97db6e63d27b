package dev.natter.platform.token;

import java.time.Instant;
import java.util.UUID;

/**
 * Who is calling, as their token proves.
 *
 * @param userId the user
 * @param sessionId the session that the token belongs to
 * @param expiresAt when the token stops being valid
 */
public record Caller(UUID userId, String sessionId, Instant expiresAt) {
    @Override
    public String toString() {
        return "Caller[" + userId + "]";
    }
}

package dev.natter.auth;

import dev.natter.contracts.User;
import java.time.Instant;
import java.util.UUID;

/**
 * A user as they see themselves.
 *
 * @param id their name among services
 * @param username their name among people
 * @param displayName how they are shown
 * @param avatarUrl where their picture is, or null
 * @param bio a few words of their own, or null
 * @param createdAt when they registered
 * @param email their address, which nobody else sees, or null
 */
record Me(UUID id, String username, String displayName, String avatarUrl, String bio, Instant createdAt, String email) {
    static Me of(Users.Account account) {
        User user = account.user();
        return new Me(
                user.id(),
                user.username(),
                user.displayName(),
                user.avatarUrl(),
                user.bio(),
                user.createdAt(),
                account.email());
    }
}

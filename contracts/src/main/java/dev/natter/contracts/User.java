package dev.natter.contracts;

import java.time.Instant;
import java.util.UUID;

/**
 * A user as every other user sees them: no e-mail address here.
 *
 * @param id their name among services
 * @param username their name among people
 * @param displayName how they wish to be shown; never null
 * @param avatarUrl where their picture is, or null
 * @param bio a few words of their own, or null
 * @param createdAt when they registered
 */
public record User(UUID id, String username, String displayName, String avatarUrl, String bio, Instant createdAt) {}

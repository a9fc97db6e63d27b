package dev.natter.chat;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.natter.contracts.Internal.UserIds;
import dev.natter.platform.http.Peer;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/**
 * Which users exist, as auth-service says. Only the positive answers are remembered: an id that names nobody may be
 * registered in the next moment. Thread-safe.
 */
final class KnownUsers {
    private static final int REMEMBERED = 100_000;

    private final Peer auth;
    private final Cache<UUID, Boolean> known =
            Caffeine.newBuilder().maximumSize(REMEMBERED).build();

    KnownUsers(Peer auth) {
        this.auth = auth;
    }

    /**
     * Demands that all of these exist.
     *
     * @param ids some users
     * @param field where the client named them
     * @throws dev.natter.platform.http.Refused 422 naming those that don't; 503 if auth-service can't be asked
     */
    void demand(Set<UUID> ids, String field) {
        Set<UUID> unsure = new HashSet<>(ids);
        unsure.removeAll(known.getAllPresent(ids).keySet());
        if (unsure.isEmpty()) {
            return;
        }
        Set<UUID> found = auth.post("/internal/users/known", new UserIds(unsure), UserIds.class)
                .ids();
        found.forEach(id -> known.put(id, true));
        unsure.removeAll(found);
        if (!unsure.isEmpty()) {
            throw Problems.unknownUsers(field, unsure).refuse();
        }
    }
}

package dev.natter.chat;

import dev.natter.platform.http.Query;
import dev.natter.platform.http.Violations;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * The wish to let some users into a chat. Naming one twice, or one who is in already, is as good as not.
 *
 * @param userIds whom, at least one
 */
record NewMembers(List<String> userIds) {
    NewMembers {
        var violations = new Violations()
                .check("user_ids", userIds != null && !userIds.isEmpty(), "required", "'user_ids' names nobody.");
        for (int i = 0; userIds != null && i < userIds.size(); i++) {
            violations.check(
                    "user_ids[" + i + "]",
                    Query.id(userIds.get(i)).isPresent(),
                    "invalid_id",
                    "This is not the id of a user.");
        }
        violations.orRefuse();
        userIds = List.copyOf(userIds);
    }

    /**
     * Whom, each once, in the order they were named.
     *
     * @param membersMax most members of a chat
     * @return their ids
     * @throws dev.natter.platform.http.Refused 422 if no chat could ever hold them
     */
    Set<UUID> ids(int membersMax) {
        Set<UUID> ids = new LinkedHashSet<>();
        userIds.forEach(id -> ids.add(UUID.fromString(id)));
        new Violations()
                .check(
                        "user_ids",
                        ids.size() <= membersMax,
                        "too_many",
                        "A chat may have at most " + membersMax + " members.")
                .orRefuse();
        return ids;
    }
}

package dev.natter.chat;

import dev.natter.contracts.Chat.Role;
import dev.natter.platform.http.Violations;

/**
 * The wish that a member be something else.
 *
 * @param role what they shall be
 */
record NewRole(Role role) {
    NewRole {
        new Violations()
                .check("role", role != null, "required", "'role' is required: 'owner', 'admin' or 'member'.")
                .orRefuse();
    }
}

package dev.natter.chat;

import dev.natter.contracts.Chat;
import dev.natter.platform.http.Violations;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/**
 * The wish for a chat. Whoever asks is in it in any case and needs not name themselves; naming anyone twice is naming
 * them once.
 *
 * <ul>
 *   <li>A direct chat has exactly one other member and no title: each of the two sees the other's name. They are
 *       equals.
 *   <li>A group may have a title, 1 to 100 code points once the white space around it is gone, and may begin with its
 *       owner alone.
 * </ul>
 *
 * @param type direct or group
 * @param title a group's title, or null
 * @param memberIds who shall be in it
 */
record NewChat(Chat.Type type, String title, List<String> memberIds) {
    static final int MAX_TITLE = 100;

    NewChat {
        title = title == null ? null : title.strip();
        var violations =
                new Violations().check("type", type != null, "required", "'type' is required: 'direct' or 'group'.");
        if (type == Chat.Type.direct) {
            violations.check("title", title == null, "not_allowed", "A direct chat has no title.");
        } else {
            violations.optionalText("title", title, 1, MAX_TITLE);
        }
        violations.check("member_ids", memberIds != null, "required", "'member_ids' is required.");
        for (int i = 0; memberIds != null && i < memberIds.size(); i++) {
            violations.check(
                    "member_ids[" + i + "]", isId(memberIds.get(i)), "invalid_id", "This is not the id of a user.");
        }
        violations.orRefuse();
        memberIds = List.copyOf(memberIds);
    }

    /**
     * Who is in the chat beside its creator, in the order they were named.
     *
     * @param creator who asks
     * @param membersMax most members of a chat
     * @return the others, each once
     * @throws dev.natter.platform.http.Refused 422 if there can't be a chat of these
     */
    Set<UUID> others(UUID creator, int membersMax) {
        Set<UUID> others = new LinkedHashSet<>();
        memberIds.forEach(id -> others.add(UUID.fromString(id)));
        others.remove(creator);
        new Violations()
                .check(
                        "member_ids",
                        type != Chat.Type.direct || others.size() == 1,
                        "not_two",
                        "A direct chat is between you and exactly one other user.")
                .check(
                        "member_ids",
                        others.size() < membersMax,
                        "too_many",
                        "A chat may have at most " + membersMax + " members.")
                .orRefuse();
        return others;
    }

    private static boolean isId(String text) {
        try {
            return text != null && Objects.equals(UUID.fromString(text).toString(), text);
        } catch (IllegalArgumentException notAnId) {
            return false;
        }
    }
}

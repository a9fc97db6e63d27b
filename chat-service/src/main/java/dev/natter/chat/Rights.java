package dev.natter.chat;

import dev.natter.contracts.Chat.Role;
import dev.natter.contracts.Chat.Type;

/**
 * Who may do what to a chat, as such. Nobody is above an owner, so owners may do everything to each other; what an
 * admin may do to members, they may not do to their own kind.
 */
final class Rights {
    private Rights() {}

    /** A direct chat is its two members and nothing else. */
    static void demandGroup(Type type) {
        if (type == Type.direct) {
            throw Problems.directChat().refuse();
        }
    }

    /** Rename the chat, let others in. */
    static void demandManager(Role who) {
        if (who == Role.member) {
            throw Problems.forbidden("Only an owner or an admin of the chat may do this.")
                    .refuse();
        }
    }

    /** Put another out. */
    static void demandRemover(Role who, Role whom) {
        demandManager(who);
        if (who == Role.admin && whom != Role.member) {
            throw Problems.forbidden("Only an owner may remove an admin or an owner.")
                    .refuse();
        }
    }

    /** Say who is what. */
    static void demandOwner(Role who) {
        if (who != Role.owner) {
            throw Problems.forbidden("Only an owner of the chat may do this.").refuse();
        }
    }

    /** End the chat for everyone: its owners, or either of the two, neither of whom is above the other. */
    static void demandEnder(Type type, Role who) {
        if (type == Type.group) {
            demandOwner(who);
        }
    }
}

package dev.natter.faults;

/**
 * Something that a user asked for, and what came of it.
 *
 * @param kind what was asked for
 * @param user who asked
 * @param chat where
 * @param name a send's {@code client_id}; every content begins with it
 * @param message the number of the message's creation, 0 for a send
 * @param content the content asked for, null for a deletion
 * @param invoked when it was first asked for
 * @param outcome what came of it
 * @param answered when the answer came
 * @param number the chat's number that the answer named, 0 if it named none
 * @param doubts how many attempts went unanswered: each may have happened, or may happen yet
 */
record Op(
        Kind kind,
        String user,
        String chat,
        String name,
        long message,
        String content,
        long invoked,
        Outcome outcome,
        long answered,
        long number,
        int doubts) {
    /** What can be asked for. */
    enum Kind {
        SEND,
        EDIT,
        DELETE
    }

    /** What can come of it. */
    enum Outcome {
        UNKNOWN,
        OK,
        REFUSED
    }

    static Op send(String user, String chat, String name, String content, long invoked) {
        return new Op(Kind.SEND, user, chat, name, 0, content, invoked, Outcome.UNKNOWN, Long.MAX_VALUE, 0, 0);
    }

    static Op edit(Entry entry, String user, String chat, String content, long invoked) {
        return new Op(
                Kind.EDIT,
                user,
                chat,
                entry.name(),
                entry.seq(),
                content,
                invoked,
                Outcome.UNKNOWN,
                Long.MAX_VALUE,
                0,
                0);
    }

    static Op delete(Entry entry, String user, String chat, long invoked) {
        return new Op(
                Kind.DELETE,
                user,
                chat,
                entry.name(),
                entry.seq(),
                null,
                invoked,
                Outcome.UNKNOWN,
                Long.MAX_VALUE,
                0,
                0);
    }

    Op ok(long at, long numbered) {
        return new Op(kind, user, chat, name, message, content, invoked, Outcome.OK, at, numbered, doubts);
    }

    Op refused(long at) {
        return new Op(kind, user, chat, name, message, content, invoked, Outcome.REFUSED, at, 0, doubts);
    }

    Op doubted() {
        return new Op(kind, user, chat, name, message, content, invoked, outcome, answered, number, doubts + 1);
    }

    @Override
    public String toString() {
        return "%s of %s%s by %s, asked for at %.3f s, %s%s"
                        .formatted(
                                kind,
                                name,
                                content == null || content.length() > 60 ? "" : " as '" + content + "'",
                                user,
                                invoked / 1e9,
                                outcome,
                                outcome == Outcome.UNKNOWN
                                        ? ""
                                        : " at %.3f s with %d".formatted(answered / 1e9, number))
                + (doubts == 0 ? "" : ", after " + doubts + " attempts without an answer");
    }
}

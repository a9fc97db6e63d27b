package dev.natter.faults;

/**
 * A device was told of a change, or somebody was let read.
 *
 * @param device who
 * @param user whose device it is
 * @param chat the chat
 * @param number the change's number
 * @param message the number of the creation of the message that changed
 * @param asked when it was asked for, if it was no live news; else 0
 * @param at when it came
 */
record Seen(String device, String user, String chat, long number, long message, long asked, long at) {
    @Override
    public String toString() {
        return "to %s number %d of chat %s, of message %d, at %.3f s%s"
                .formatted(
                        device,
                        number,
                        chat,
                        message,
                        at / 1e9,
                        asked == 0 ? "" : ", asked for at %.3f s".formatted(asked / 1e9));
    }
}

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
record Seen(String device, String user, String chat, long number, long message, long asked, long at) {}

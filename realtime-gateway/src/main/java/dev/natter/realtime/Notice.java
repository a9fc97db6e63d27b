package dev.natter.realtime;

import java.util.UUID;

/**
 * One entry of a user's box, ready to be sent.
 *
 * @param seq its number in the box
 * @param entered the chat that the user came into by it, or null
 * @param frame what the user's clients get
 */
record Notice(long seq, UUID entered, Frame frame) implements Numbered {}

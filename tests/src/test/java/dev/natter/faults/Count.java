package dev.natter.faults;

/**
 * What a user is told about a chat's unread messages in the end.
 *
 * @param user who
 * @param chat which
 * @param marked the highest number that the user has marked as read for sure
 * @param position up to where the service says that the user has read
 * @param unread how many messages the service says are unread
 */
record Count(String user, String chat, long marked, long position, long unread) {}

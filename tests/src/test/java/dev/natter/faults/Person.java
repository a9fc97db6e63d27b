package dev.natter.faults;

/**
 * A user.
 *
 * @param id their id
 * @param name their name
 * @param token their access token, good for longer than a run
 */
record Person(String id, String name, String token) {}

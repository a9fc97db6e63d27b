package dev.natter.faults;

import dev.natter.local.Part;
import java.net.URI;

/**
 * What users work with.
 *
 * @param doors where they connect
 * @param web how they ask
 * @param recorder who writes it down
 */
record Surroundings(Doors doors, Web web, Recorder recorder) {
    URI messages(String path) {
        return doors.open(Part.MESSAGE).resolve(path);
    }

    URI chats(String path) {
        return doors.open(Part.CHAT).resolve(path);
    }

    URI auth(String path) {
        return doors.open(Part.AUTH).resolve(path);
    }
}

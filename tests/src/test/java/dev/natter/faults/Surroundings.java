package dev.natter.faults;

import dev.natter.local.Part;
import java.net.URI;

/**
 * What users work with.
 *
 * @param cluster where they connect
 * @param web how they ask
 * @param recorder who writes it down
 */
record Surroundings(Cluster cluster, Web web, Recorder recorder) {
    URI messages(String path) {
        return cluster.open(Part.MESSAGE).resolve(path);
    }

    URI chats(String path) {
        return cluster.open(Part.CHAT).resolve(path);
    }

    URI auth(String path) {
        return cluster.open(Part.AUTH).resolve(path);
    }
}

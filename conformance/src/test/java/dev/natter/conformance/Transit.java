package dev.natter.conformance;

import java.util.ArrayList;
import tools.jackson.databind.node.ObjectNode;

/** Frames under way, and what may befall them. */
final class Transit {
    private final ArrayList<ObjectNode> frames = new ArrayList<>();

    void add(ObjectNode frame) {
        frames.add(frame);
    }

    boolean isEmpty() {
        return frames.isEmpty();
    }

    ObjectNode next() {
        return frames.removeFirst();
    }

    void clear() {
        frames.clear();
    }

    void drop(int which) {
        if (!frames.isEmpty()) {
            frames.remove(which % frames.size());
        }
    }

    void repeat(int which) {
        if (!frames.isEmpty()) {
            frames.add(frames.get(which % frames.size()));
        }
    }

    void overtake(int which) {
        if (!frames.isEmpty()) {
            frames.addFirst(frames.remove(which % frames.size()));
        }
    }
}

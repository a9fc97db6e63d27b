package dev.natter.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import tools.jackson.databind.JsonNode;

/** What a careless client does to frames before it looks at them: loses, repeats, swaps. Used by one thread. */
final class Clumsiness {
    private final SplittableRandom dice;
    private JsonNode later;
    private volatile boolean ended;

    Clumsiness(SplittableRandom dice) {
        this.dice = dice;
    }

    /** From now on every frame goes through as it is. */
    void end() {
        ended = true;
    }

    /** What is left of a frame: nothing, itself, itself twice, or itself and an earlier one. */
    List<JsonNode> mislay(JsonNode frame) {
        List<JsonNode> left = new ArrayList<>();
        int chance = ended ? 99 : dice.nextInt(100);
        if (chance < 3) {
            later = frame;
        } else if (chance >= 5) {
            left.add(frame);
            if (chance < 8) {
                left.add(frame);
            }
            if (later != null) {
                left.add(later);
                later = null;
            }
        }
        return left;
    }
}

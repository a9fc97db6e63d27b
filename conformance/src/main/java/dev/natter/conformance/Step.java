package dev.natter.conformance;

import java.util.List;

/**
 * What one frame or answer led to.
 *
 * @param verdict what became of it
 * @param next what the client is to do now, in this order; mostly nothing
 */
public record Step(Verdict verdict, List<Action> next) {
    /** What became of a frame or an answer. */
    public enum Verdict {
        /** It changed what the client holds. */
        APPLIED,
        /** The client had it already; dropped. */
        OLD,
        /** Something before it is missing; dropped, since it will come again with what is missing. */
        HOLE,
        /** Not known to this client, or about nothing that it keeps; dropped. */
        IGNORED
    }

    public Step {
        next = List.copyOf(next);
    }

    static Step of(Verdict verdict, Action... next) {
        return new Step(verdict, List.of(next));
    }
}

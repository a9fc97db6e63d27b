package dev.natter.faults;

/**
 * A promise that was broken.
 *
 * @param kind which
 * @param what who saw what where
 */
record Violation(Kind kind, String what) {
    /** The promises. */
    enum Kind {
        /** Answered, but not in the log, or in the log, but not with a member who follows the rule. */
        LOST,
        /** In the log twice, or told twice. */
        DUPLICATED,
        /** In another order than it happened, or than the rule allows. */
        REORDERED,
        /** Told to, or accepted from, somebody who is no member any more. */
        UNAUTHORISED,
        /** A number that is missing, or a client that holds something else than the log. */
        HOLE,
        /** Something that nobody said. */
        INVENTED,
        /** A count that isn't what counting gives. */
        MISCOUNTED
    }

    @Override
    public String toString() {
        return kind + ": " + what;
    }
}

package dev.natter.faults;

/**
 * A time.
 *
 * @param from its begin
 * @param to its end
 */
record Span(long from, long to) {
    boolean meets(long first, long last) {
        return from <= last && first <= to;
    }
}

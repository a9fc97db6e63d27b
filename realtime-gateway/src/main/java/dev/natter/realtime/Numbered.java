package dev.natter.realtime;

/** An entry of a log: what a {@link Feed} puts in order. */
sealed interface Numbered permits Change, Notice {
    /** Its number in the log, from 1. */
    long seq();
}

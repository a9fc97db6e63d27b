package dev.natter.media;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which bytes of a file a client asked for: RFC 9110, section 14. */
sealed interface Slice {
    /** All of them. */
    record Whole() implements Slice {}

    /**
     * Some of them.
     *
     * @param from the first
     * @param length how many, at least one
     */
    record Part(long from, long length) implements Slice {}

    /** None that the file has. */
    record Beyond() implements Slice {}

    /** One range of bytes, or the last so many. Several at once are ignored, as the RFC allows. */
    Pattern RANGE = Pattern.compile("bytes=\\s*(\\d{0,18})\\s*-\\s*(\\d{0,18})\\s*", Pattern.CASE_INSENSITIVE);

    /**
     * Reads the header.
     *
     * @param range the header, or null
     * @param size of the file
     * @return what to send; all of it, if the header can't be understood
     */
    static Slice of(String range, long size) {
        Matcher matcher = RANGE.matcher(range == null ? "" : range);
        if (!matcher.matches()
                || (matcher.group(1).isEmpty() && matcher.group(2).isEmpty())) {
            return new Whole();
        }
        if (matcher.group(1).isEmpty()) {
            long last = Math.min(Long.parseLong(matcher.group(2)), size);
            return last == 0 ? new Beyond() : new Part(size - last, last);
        }
        long from = Long.parseLong(matcher.group(1));
        long to = matcher.group(2).isEmpty() ? size - 1 : Long.parseLong(matcher.group(2));
        if (to < from && !matcher.group(2).isEmpty()) {
            return new Whole();
        }
        return from >= size ? new Beyond() : new Part(from, Math.min(to, size - 1) - from + 1);
    }
}

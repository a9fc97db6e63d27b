package dev.natter.platform.http;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * How times are written: RFC 3339, UTC, always three digits of seconds, so that texts compare as times do. A page of
 * messages has a hundred of them, and a formatter takes ten times as long.
 */
public final class Rfc3339 {
    private static final DateTimeFormatter BEYOND =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private static final byte[] SHAPE = "0000-00-00T00:00:00.000Z".getBytes(StandardCharsets.US_ASCII);
    private static final int NANOS_OF_A_MILLI = 1_000_000;

    private Rfc3339() {}

    /**
     * Writes a time.
     *
     * @param time the time; what is less than a millisecond is cut off
     * @return ASCII
     */
    public static byte[] bytes(Instant time) {
        OffsetDateTime at = time.atOffset(ZoneOffset.UTC);
        if (at.getYear() < 0 || at.getYear() > 9999) {
            return BEYOND.format(time).getBytes(StandardCharsets.US_ASCII);
        }
        byte[] text = SHAPE.clone();
        put(text, 4, at.getYear());
        put(text, 7, at.getMonthValue());
        put(text, 10, at.getDayOfMonth());
        put(text, 13, at.getHour());
        put(text, 16, at.getMinute());
        put(text, 19, at.getSecond());
        put(text, 23, at.getNano() / NANOS_OF_A_MILLI);
        return text;
    }

    /**
     * Writes a time.
     *
     * @param time the time; what is less than a millisecond is cut off
     * @return the text
     */
    public static String text(Instant time) {
        return new String(bytes(time), StandardCharsets.US_ASCII);
    }

    /** Its digits, up to but not including {@code end}. */
    private static void put(byte[] text, int end, int number) {
        int at = end;
        for (int rest = number; rest > 0; rest /= 10) {
            text[--at] = (byte) ('0' + rest % 10);
        }
    }
}

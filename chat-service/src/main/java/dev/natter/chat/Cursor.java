package dev.natter.chat;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.UUID;

/**
 * A place in a user's list of chats: everything after it was active before {@code activity}, or then and has a lower
 * id. A chat that becomes active while a client turns pages moves above the place, so nothing is shown twice and
 * nothing that stayed quiet is left out; what moved up is at the top of a fresh first page.
 *
 * @param activity when the chat was active last, to the microsecond; {@link OffsetDateTime#MAX} before the first
 * @param chatId the chat
 */
record Cursor(OffsetDateTime activity, UUID chatId) {
    static final Cursor START = new Cursor(OffsetDateTime.MAX, new UUID(-1, -1));

    private static final int LENGTH = 3 * Long.BYTES;
    private static final long LATEST = Instant.parse("9999-12-31T00:00:00Z").getEpochSecond() * 1_000_000;

    static Cursor after(Chats.Row last) {
        return new Cursor(last.activity(), last.id());
    }

    static Cursor parse(String text) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(text);
            if (bytes.length == LENGTH) {
                ByteBuffer buffer = ByteBuffer.wrap(bytes);
                long micros = buffer.getLong();
                if (micros >= 0 && micros <= LATEST) {
                    Instant activity = Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
                    return new Cursor(activity.atOffset(ZoneOffset.UTC), new UUID(buffer.getLong(), buffer.getLong()));
                }
            }
        } catch (IllegalArgumentException notBase64) {
            throw Problems.invalidCursor().refuse();
        }
        throw Problems.invalidCursor().refuse();
    }

    @Override
    public String toString() {
        byte[] bytes = ByteBuffer.allocate(LENGTH)
                .putLong(ChronoUnit.MICROS.between(Instant.EPOCH, activity.toInstant()))
                .putLong(chatId.getMostSignificantBits())
                .putLong(chatId.getLeastSignificantBits())
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}

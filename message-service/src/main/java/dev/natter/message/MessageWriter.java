package dev.natter.message;

import dev.natter.contracts.FileInfo;
import dev.natter.platform.http.Json;
import dev.natter.platform.http.Rfc3339;
import dev.natter.platform.token.SignedUrl;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/**
 * Messages of one chat as JSON straight from their rows: byte for byte what {@link Json} makes of {@link Rows#read},
 * for a fraction of its time, since a page is read far more often than a message is written. Used by one thread.
 */
final class MessageWriter {
    private static final byte[] ID = ascii("{\"id\":");
    private static final byte[] NEXT_ID = ascii(",{\"id\":");
    private static final byte[] CHANGED_SEQ = ascii(",\"changed_seq\":");
    private static final byte[] TYPE = ascii(",\"type\":");
    private static final byte[] SENDER_ID = ascii(",\"sender_id\":\"");
    private static final byte[] CONTENT = ascii("\",\"content\":");
    private static final byte[] REPLY_TO_ID = ascii(",\"reply_to_id\":");
    private static final byte[] FILES = ascii(",\"files\":");
    private static final byte[] CLIENT_ID = ascii(",\"client_id\":");
    private static final byte[] CREATED_AT = ascii(",\"created_at\":");
    private static final byte[] EDITED_AT = ascii(",\"edited_at\":");
    private static final byte[] DELETED_AT = ascii(",\"deleted_at\":");
    private static final byte[] NULL = ascii("null");
    private static final byte[] NO_FILES = ascii("[]");
    private static final byte[] HEX = ascii("0123456789ABCDEF");

    /**
     * What stands after the backslash for each ASCII character that must not stand for itself (RFC 8259, section 7).
     */
    private static final byte[] ESCAPES = new byte[128];

    static {
        Arrays.fill(ESCAPES, 0, ' ', (byte) 'u');
        ESCAPES['\b'] = 'b';
        ESCAPES['\t'] = 't';
        ESCAPES['\n'] = 'n';
        ESCAPES['\f'] = 'f';
        ESCAPES['\r'] = 'r';
        ESCAPES['"'] = '"';
        ESCAPES['\\'] = '\\';
    }

    private static final int A_PAGE = 1 << 15;

    private final SignedUrl signer;
    private final byte[] idStart;
    private final byte[] chatId;
    private byte[] json = new byte[A_PAGE];
    private int length;

    MessageWriter(UUID chatId, SignedUrl signer) {
        this.signer = signer;
        this.idStart = ascii("\"" + chatId + ".");
        this.chatId = ascii("\",\"chat_id\":\"" + chatId + "\",\"seq\":");
    }

    /** What stands around the messages, as it is. */
    MessageWriter raw(String text) {
        put(text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /** Adds the message whose {@link Rows#COLUMNS} are the row's first; after another one, with a comma. */
    void message(ResultSet row) throws SQLException {
        put(length > 0 && json[length - 1] == '}' ? NEXT_ID : ID);
        put(idStart);
        number(row.getLong(2));
        put(chatId);
        number(row.getLong(2));
        put(CHANGED_SEQ);
        number(row.getLong(3));
        put(TYPE);
        text(row.getBytes(4));
        put(SENDER_ID);
        put(ascii(row.getObject(5, UUID.class).toString()));
        put(CONTENT);
        text(row.getBytes(6));
        put(REPLY_TO_ID);
        replyTo(row.getLong(7));
        put(FILES);
        files(row.getString(8));
        put(CLIENT_ID);
        text(row.getBytes(9));
        put(CREATED_AT);
        time(row, 10);
        put(EDITED_AT);
        time(row, 11);
        put(DELETED_AT);
        time(row, 12);
        put('}');
    }

    /** All that was written. */
    byte[] done() {
        return Arrays.copyOf(json, length);
    }

    /** No message has the number 0, which is what a column without one reads as. */
    private void replyTo(long seq) {
        if (seq == 0) {
            put(NULL);
        } else {
            put(idStart);
            number(seq);
            put('"');
        }
    }

    private void files(String stored) {
        if (stored == null) {
            put(NO_FILES);
        } else {
            List<FileInfo> files = Rows.files(stored);
            put(Json.bytes(
                    files.stream().map(file -> file.withUrls(signer::sign)).toList()));
        }
    }

    private void time(ResultSet row, int column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        if (time == null) {
            put(NULL);
        } else {
            put('"');
            put(Rfc3339.bytes(time.toInstant()));
            put('"');
        }
    }

    /** A text, or null: the driver hands out its bytes as they came, in UTF-8. */
    private void text(byte[] text) {
        if (text == null) {
            put(NULL);
            return;
        }
        put('"');
        int plain = 0;
        for (int at = 0; at < text.length; at++) {
            byte octet = text[at];
            if (octet >= 0 && ESCAPES[octet] != 0) {
                put(text, plain, at);
                escape(octet);
                plain = at + 1;
            }
        }
        put(text, plain, text.length);
        put('"');
    }

    private void escape(byte octet) {
        put('\\');
        put(ESCAPES[octet]);
        if (ESCAPES[octet] == 'u') {
            put('0');
            put('0');
            put(HEX[octet >> 4]);
            put(HEX[octet & 0xF]);
        }
    }

    private void number(long number) {
        put(ascii(Long.toString(number)));
    }

    private void put(byte[] text) {
        put(text, 0, text.length);
    }

    private void put(byte[] text, int from, int to) {
        room(to - from);
        System.arraycopy(text, from, json, length, to - from);
        length += to - from;
    }

    private void put(int octet) {
        room(1);
        json[length++] = (byte) octet;
    }

    private void room(int more) {
        if (length + more > json.length) {
            json = Arrays.copyOf(json, Math.max(2 * json.length, length + more));
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}

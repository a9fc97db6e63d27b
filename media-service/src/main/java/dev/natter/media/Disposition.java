package dev.natter.media;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * {@code Content-Disposition}: read as browsers and curl write it in forms (RFC 7578, section 4.2, and the WHATWG's
 * escapes), written as RFC 6266 says.
 *
 * @param parameters by their lower-case names, unescaped
 */
record Disposition(Map<String, String> parameters) {
    private static final String UNRESERVED =
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~!#$&+^`|";

    /** Reads the header of a part; what can't be read is left out. */
    static Disposition parse(String header) {
        Map<String, String> parameters = new HashMap<>();
        int at = header.indexOf(';');
        while (at >= 0 && at < header.length()) {
            int equals = header.indexOf('=', at);
            if (equals < 0) {
                break;
            }
            String name = header.substring(at + 1, equals).strip().toLowerCase(Locale.ROOT);
            var value = new StringBuilder();
            at = value(header, equals + 1, value);
            parameters.putIfAbsent(name, value.toString());
        }
        return new Disposition(parameters);
    }

    /** The name of the file, or null if the part isn't one. */
    String filename() {
        String extended = parameters.get("filename*");
        if (extended != null && extended.regionMatches(true, 0, "utf-8'", 0, 6)) {
            return percent(extended.substring(extended.indexOf('\'', 6) + 1), false);
        }
        String plain = parameters.get("filename");
        return plain == null ? null : percent(plain, true);
    }

    /** The header that gives a file its name wherever it is saved. */
    static String header(boolean inline, String name) {
        var ascii = new StringBuilder();
        var encoded = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char character = name.charAt(i);
            boolean plain = character >= ' ' && character < 0x7f && "\"\\%".indexOf(character) < 0;
            ascii.append(plain ? character : '_');
        }
        for (byte octet : name.getBytes(StandardCharsets.UTF_8)) {
            if (octet > 0 && UNRESERVED.indexOf(octet) >= 0) {
                encoded.append((char) octet);
            } else {
                encoded.append(String.format("%%%02X", octet));
            }
        }
        return (inline ? "inline" : "attachment") + "; filename=\"" + ascii + "\"; filename*=UTF-8''" + encoded;
    }

    /** Reads a value, quoted or not; returns where the next {@code ;} is, or the end. */
    private static int value(String header, int from, StringBuilder value) {
        int at = from;
        while (at < header.length() && header.charAt(at) == ' ') {
            at++;
        }
        if (at == header.length() || header.charAt(at) != '"') {
            int end = header.indexOf(';', at);
            end = end < 0 ? header.length() : end;
            value.append(header.substring(at, end).strip());
            return end;
        }
        for (at++; at < header.length() && header.charAt(at) != '"'; at++) {
            boolean escape = header.charAt(at) == '\\'
                    && at + 1 < header.length()
                    && (header.charAt(at + 1) == '"' || header.charAt(at + 1) == '\\');
            value.append(header.charAt(escape ? ++at : at));
        }
        int end = header.indexOf(';', at);
        return end < 0 ? header.length() : end;
    }

    /**
     * Browsers escape exactly three characters of a plain name, so {@code "100%41.txt"} is to be left as it is; an
     * extended value is escaped wherever it says so.
     */
    private static String percent(String text, boolean onlyBrowsers) {
        var bytes = new ByteArrayOutputStream();
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < octets.length; i++) {
            int high = i + 2 < octets.length ? Character.digit(octets[i + 1], 16) : -1;
            int low = i + 2 < octets.length ? Character.digit(octets[i + 2], 16) : -1;
            int decoded = high * 16 + low;
            boolean escaped = octets[i] == '%' && high >= 0 && low >= 0;
            if (escaped && (!onlyBrowsers || decoded == '"' || decoded == '\r' || decoded == '\n')) {
                bytes.write(decoded);
                i += 2;
            } else {
                bytes.write(octets[i]);
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}

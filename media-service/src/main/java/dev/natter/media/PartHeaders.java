package dev.natter.media;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The headers of one part of a form.
 *
 * @param isFile whether it is a file and not a field of the form
 * @param filename what the client calls it, or null
 */
record PartHeaders(boolean isFile, String filename) {
    /** Reads a part's header section. */
    static PartHeaders parse(String section) {
        Map<String, String> headers = new HashMap<>();
        for (String line : section.replaceAll("\r\n[ \t]+", " ").split("\r\n")) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.putIfAbsent(
                        line.substring(0, colon).strip().toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
        }
        String filename = Disposition.parse(headers.getOrDefault("content-disposition", ""))
                .filename();
        // Some clients send bytes without a name; what tells them from a field is a type of their own.
        String type = headers.getOrDefault("content-type", "text/plain").toLowerCase(Locale.ROOT);
        return new PartHeaders(filename != null || !type.startsWith("text/plain"), filename);
    }
}

package dev.natter.media;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;

/** Makes names of files safe to show, to store beside other files, and to put into a header. */
final class FileName {
    /** What file systems commonly allow. */
    static final int MAX_BYTES = 255;

    private static final String NAMELESS = "file";
    private static final int MAX_EXTENSION = 20;

    private FileName() {}

    /**
     * Keeps a name in any script, but no folders, no control characters, and none that turn the direction of writing:
     * with those {@code "cod.exe"} is shown as {@code "exe.doc"}.
     *
     * @param given what the client called it, or null
     * @return 1 to {@value #MAX_BYTES} bytes of UTF-8
     */
    static String safe(String given) {
        if (given == null) {
            return NAMELESS;
        }
        String last = given.substring(Math.max(given.lastIndexOf('/'), given.lastIndexOf('\\')) + 1);
        var kept = new StringBuilder();
        last.codePoints().filter(FileName::isVisible).forEach(kept::appendCodePoint);
        String name = Normalizer.normalize(kept, Normalizer.Form.NFC).strip();
        if (name.isEmpty() || name.chars().allMatch(character -> character == '.')) {
            return NAMELESS;
        }
        return shorten(name);
    }

    private static boolean isVisible(int point) {
        boolean turns = (point >= 0x202A && point <= 0x202E)
                || (point >= 0x2066 && point <= 0x2069)
                || point == 0x200E
                || point == 0x200F
                || point == 0x061C;
        return switch (Character.getType(point)) {
            case Character.CONTROL, Character.SURROGATE, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
                false;
            default -> !turns && point != 0xFEFF;
        };
    }

    private static String shorten(String name) {
        if (bytes(name) <= MAX_BYTES) {
            return name;
        }
        int dot = name.lastIndexOf('.');
        String extension = dot > 0 && name.length() - dot <= MAX_EXTENSION ? name.substring(dot) : "";
        var stem = new StringBuilder(name.substring(0, name.length() - extension.length()));
        while (bytes(stem + extension) > MAX_BYTES) {
            stem.setLength(stem.offsetByCodePoints(stem.length(), -1));
        }
        return stem + extension;
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}

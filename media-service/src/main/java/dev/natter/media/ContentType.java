package dev.natter.media;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipFile;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.mime.MimeTypes;

/** What a file is, by its bytes alone, and how such a thing may be handed to a browser. */
final class ContentType {
    static final String UNKNOWN = "application/octet-stream";
    private static final int PREFIX = 64 * 1024;

    /** Entries that only one kind of Office Open XML package has (ECMA-376). */
    private static final Map<String, String> OFFICE = Map.of(
            "word/document.xml", "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "xl/workbook.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "ppt/presentation.xml", "application/vnd.openxmlformats-officedocument.presentationml.presentation");

    /** Photographs whose EXIF, with its place and time, can't be taken out here. */
    private static final Set<String> UNSTRIPPABLE = Set.of(
            "image/tiff",
            "image/heic",
            "image/heif",
            "image/heic-sequence",
            "image/heif-sequence",
            "image/avif",
            "image/jxl",
            "image/jp2",
            "image/jpx",
            "image/jpm");

    /** What a browser would run, or read as a page, if it were told that it is that. */
    private static final Set<String> ACTIVE = Set.of(
            "image/svg+xml",
            "application/xml",
            "application/xhtml+xml",
            "application/javascript",
            "application/ecmascript",
            "application/x-shockwave-flash",
            "application/x-sh",
            "application/x-msdownload",
            "message/rfc822",
            "multipart/related");

    private ContentType() {}

    /** Detects the type of a file that isn't one of the pictures of {@link PictureFormat}. */
    static String of(Path file) throws IOException {
        byte[] prefix;
        try (InputStream in = Files.newInputStream(file)) {
            prefix = in.readNBytes(PREFIX);
        }
        String type = MimeTypes.getDefaultMimeTypes()
                .detect(new ByteArrayInputStream(prefix), new Metadata())
                .getBaseType()
                .toString();
        return switch (type) {
            case "text/plain" -> markup(prefix);
            case "application/zip", "application/x-tika-ooxml" -> office(file);
            case "application/x-tika-msoffice" -> "application/x-ole-storage";
            default -> type.contains("x-tika") ? UNKNOWN : type;
        };
    }

    static boolean isUnstrippable(String type) {
        return UNSTRIPPABLE.contains(type) || type.startsWith("image/x-raw") || type.startsWith("image/x-canon");
    }

    /** Whether a browser may show or play it in place: only what can't hold a script. */
    static boolean isInline(String type) {
        return PictureFormat.ofType(type).isPresent() || type.startsWith("audio/") || type.startsWith("video/");
    }

    /** The type that a browser is told: nothing that it would run. */
    static String served(String type) {
        boolean page = type.startsWith("text/") && !type.equals("text/plain") && !type.equals("text/csv");
        boolean active = ACTIVE.contains(type) || type.endsWith("+xml") || page;
        return active ? UNKNOWN : type;
    }

    /** Tika knows a page by its usual first tags; here anything that begins with a tag isn't plain text. */
    private static String markup(byte[] prefix) {
        String text = new String(prefix, 0, Math.min(prefix.length, 1024), StandardCharsets.ISO_8859_1);
        String start = text.replaceFirst("^(\u00ef\u00bb\u00bf)?\\s*", "").toLowerCase(Locale.ROOT);
        if (!start.matches("(?s)<[a-z!?/%].*")) {
            return "text/plain";
        }
        if (start.startsWith("<svg")) {
            return "image/svg+xml";
        }
        return start.startsWith("<?xml") ? "application/xml" : "text/html";
    }

    private static String office(Path file) {
        try (var zip = new ZipFile(file.toFile())) {
            return OFFICE.entrySet().stream()
                    .filter(kind -> zip.getEntry(kind.getKey()) != null)
                    .findFirst()
                    .map(Map.Entry::getValue)
                    .orElse("application/zip");
        } catch (IOException | IllegalArgumentException notWhole) {
            return "application/zip";
        }
    }
}

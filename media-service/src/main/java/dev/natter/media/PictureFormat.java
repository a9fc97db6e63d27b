package dev.natter.media;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** The pictures that are looked into: known by their first bytes, cleaned without being decoded. */
enum PictureFormat {
    JPEG("image/jpeg") {
        @Override
        boolean matches(byte[] head) {
            return (head[0] & 0xff) == 0xff && (head[1] & 0xff) == 0xd8 && (head[2] & 0xff) == 0xff;
        }

        @Override
        Anatomy dissect(ByteBuffer bytes) {
            return new JpegAnatomy(bytes).read();
        }
    },
    PNG("image/png") {
        @Override
        boolean matches(byte[] head) {
            return new String(head, 0, 8, StandardCharsets.ISO_8859_1).equals("\u0089PNG\r\n\u001a\n");
        }

        @Override
        Anatomy dissect(ByteBuffer bytes) {
            return new PngAnatomy(bytes).read();
        }
    },
    GIF("image/gif") {
        @Override
        boolean matches(byte[] head) {
            String text = new String(head, 0, 6, StandardCharsets.ISO_8859_1);
            return text.equals("GIF87a") || text.equals("GIF89a");
        }

        @Override
        Anatomy dissect(ByteBuffer bytes) {
            return new GifAnatomy(bytes).read();
        }
    },
    WEBP("image/webp") {
        @Override
        boolean matches(byte[] head) {
            String text = new String(head, 0, HEAD, StandardCharsets.ISO_8859_1);
            return text.startsWith("RIFF") && text.endsWith("WEBP");
        }

        @Override
        Anatomy dissect(ByteBuffer bytes) {
            return new WebpAnatomy(bytes).read();
        }
    };

    private static final int HEAD = 12;

    private final String type;

    PictureFormat(String type) {
        this.type = type;
    }

    /** The format that a file claims to be by its first bytes. */
    static Optional<PictureFormat> of(Path file) throws IOException {
        byte[] head;
        try (InputStream in = Files.newInputStream(file)) {
            head = Arrays.copyOf(in.readNBytes(HEAD), HEAD);
        }
        return Arrays.stream(values()).filter(format -> format.matches(head)).findFirst();
    }

    static Optional<PictureFormat> ofType(String type) {
        return Arrays.stream(values())
                .filter(format -> format.type.equals(type))
                .findFirst();
    }

    String type() {
        return type;
    }

    abstract boolean matches(byte[] head);

    /**
     * Takes a file apart.
     *
     * @param bytes the whole file
     * @return what it is and what is to be kept of it
     * @throws RuntimeException of any kind if it isn't such a picture
     */
    abstract Anatomy dissect(ByteBuffer bytes);
}

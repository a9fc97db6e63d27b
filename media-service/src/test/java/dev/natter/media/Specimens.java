package dev.natter.media;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Files to be uploaded: pictures with and without secrets, and things that pretend. */
final class Specimens {
    /** What a photograph tells of the place it was taken at; must never come out again. */
    static final String SECRET = "GPS 59.9386N 30.3141E";

    private Specimens() {}

    /** Red on the left, blue on the right, so that turning shows. */
    static BufferedImage image(int width, int height) {
        var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(Color.RED);
        graphics.fillRect(0, 0, width / 2, height);
        graphics.setColor(Color.BLUE);
        graphics.fillRect(width / 2, 0, width - width / 2, height);
        graphics.dispose();
        return image;
    }

    static byte[] encoded(String format, int width, int height) {
        return encoded(format, image(width, height));
    }

    static byte[] encoded(String format, BufferedImage image) {
        var out = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, format, out);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return out.toByteArray();
    }

    static byte[] png(int width, int height) {
        return encoded("png", width, height);
    }

    static byte[] jpeg(int width, int height) {
        return encoded("jpeg", width, height);
    }

    /** A JPEG as a camera writes it: orientation, a place, XMP, a comment, and something behind its end. */
    static byte[] photograph(int width, int height, int orientation) {
        byte[] plain = jpeg(width, height);
        var out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {(byte) 0xff, (byte) 0xd8});
        segment(out, 0xe1, concat("Exif\0\0".getBytes(StandardCharsets.ISO_8859_1), exif(orientation)));
        segment(out, 0xe1, ("http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>" + SECRET).getBytes(StandardCharsets.UTF_8));
        segment(out, 0xed, ("Photoshop 3.0\0" + SECRET).getBytes(StandardCharsets.UTF_8));
        segment(out, 0xfe, SECRET.getBytes(StandardCharsets.UTF_8));
        out.write(plain, 2, plain.length - 2);
        out.writeBytes(("<script>" + SECRET).getBytes(StandardCharsets.UTF_8));
        return out.toByteArray();
    }

    /** A TIFF structure with an orientation, and GPS data in a directory of its own. */
    static byte[] exif(int orientation) {
        byte[] secret = (SECRET + "\0").getBytes(StandardCharsets.US_ASCII);
        ByteBuffer tiff = ByteBuffer.allocate(8 + 2 + 24 + 4 + 2 + 12 + 4 + secret.length);
        tiff.put("MM".getBytes(StandardCharsets.US_ASCII)).putShort((short) 42).putInt(8);
        tiff.putShort((short) 2);
        tiff.putShort((short) 0x0112)
                .putShort((short) 3)
                .putInt(1)
                .putShort((short) orientation)
                .putShort((short) 0);
        tiff.putShort((short) 0x8825).putShort((short) 4).putInt(1).putInt(38).putInt(0);
        tiff.putShort((short) 1);
        tiff.putShort((short) 0x001d)
                .putShort((short) 2)
                .putInt(secret.length)
                .putInt(56)
                .putInt(0);
        return tiff.put(secret).array();
    }

    /** A PNG with texts, a time and EXIF between its header and its data, and something behind its end. */
    static byte[] chattyPng(int width, int height) {
        byte[] plain = png(width, height);
        int header = 8 + 25;
        var out = new ByteArrayOutputStream();
        out.write(plain, 0, header);
        out.writeBytes(chunk("tEXt", ("Comment\0" + SECRET).getBytes(StandardCharsets.ISO_8859_1)));
        out.writeBytes(chunk("eXIf", exif(1)));
        out.writeBytes(chunk("prIv", SECRET.getBytes(StandardCharsets.ISO_8859_1)));
        out.write(plain, header, plain.length - header);
        out.writeBytes(SECRET.getBytes(StandardCharsets.ISO_8859_1));
        return out.toByteArray();
    }

    /** A few bytes that say they are a picture of any size. */
    static byte[] pngBomb(int width, int height) {
        var deflater = new Deflater();
        deflater.setInput(new byte[100_000]);
        deflater.finish();
        byte[] data = new byte[1_000];
        int length = deflater.deflate(data);
        deflater.end();
        byte[] header = ByteBuffer.allocate(13)
                .putInt(width)
                .putInt(height)
                .put(new byte[] {8, 2, 0, 0, 0})
                .array();
        return concat(
                "\u0089PNG\r\n\u001a\n".getBytes(StandardCharsets.ISO_8859_1),
                chunk("IHDR", header),
                chunk("IDAT", Arrays.copyOf(data, length)),
                chunk("IEND", new byte[0]));
    }

    /** An animation with a comment in it. */
    static byte[] gif(int frames) {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("gif").next();
        var out = new ByteArrayOutputStream();
        try (var stream = new MemoryCacheImageOutputStream(out)) {
            writer.setOutput(stream);
            writer.prepareWriteSequence(null);
            for (int i = 0; i < frames; i++) {
                BufferedImage frame = image(20 + 2 * (i % 2), 10);
                IIOMetadata metadata =
                        writer.getDefaultImageMetadata(ImageTypeSpecifier.createFromRenderedImage(frame), null);
                var root = new IIOMetadataNode("javax_imageio_gif_image_1.0");
                var comments = new IIOMetadataNode("CommentExtensions");
                var comment = new IIOMetadataNode("CommentExtension");
                comment.setAttribute("value", SECRET);
                comments.appendChild(comment);
                root.appendChild(comments);
                metadata.mergeTree("javax_imageio_gif_image_1.0", root);
                writer.writeToSequence(new IIOImage(frame, null, metadata), null);
            }
            writer.endWriteSequence();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return out.toByteArray();
    }

    /** A small lossless WebP in the extended form, with EXIF and XMP. */
    static byte[] webp(int orientation) {
        byte[] simple = Base64.getDecoder().decode("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==");
        byte[] picture = Arrays.copyOfRange(simple, 12, simple.length);
        byte[] extended = new byte[10];
        extended[0] = 0x0c;
        byte[] chunks = concat(
                riff("VP8X", extended),
                picture,
                riff("EXIF", exif(orientation)),
                riff("XMP ", SECRET.getBytes(StandardCharsets.UTF_8)));
        return concat(
                "RIFF".getBytes(StandardCharsets.US_ASCII),
                little(4 + chunks.length),
                "WEBP".getBytes(StandardCharsets.US_ASCII),
                chunks);
    }

    static byte[] concat(byte[]... parts) {
        var out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private static byte[] riff(String name, byte[] data) {
        return concat(name.getBytes(StandardCharsets.US_ASCII), little(data.length), data, new byte[data.length & 1]);
    }

    private static byte[] little(int value) {
        return ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array();
    }

    private static void segment(ByteArrayOutputStream out, int marker, byte[] data) {
        out.writeBytes(ByteBuffer.allocate(4)
                .put((byte) 0xff)
                .put((byte) marker)
                .putShort((short) (data.length + 2))
                .array());
        out.writeBytes(data);
    }

    private static byte[] chunk(String name, byte[] data) {
        byte[] body = concat(name.getBytes(StandardCharsets.US_ASCII), data);
        var checksum = new CRC32();
        checksum.update(body);
        return concat(
                ByteBuffer.allocate(4).putInt(data.length).array(),
                body,
                ByteBuffer.allocate(4).putInt((int) checksum.getValue()).array());
    }
}

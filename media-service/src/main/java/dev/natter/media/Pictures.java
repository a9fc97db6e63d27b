package dev.natter.media;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.FileImageInputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import net.coobird.thumbnailator.Thumbnails;
import net.coobird.thumbnailator.geometry.Positions;

/**
 * Decodes, turns, shrinks and encodes pictures that {@link Anatomy} has found bearable. A decoder's memory grows with
 * the picture, so only so many work at a time; the others wait a little and are then told to come again. Thread-safe.
 */
final class Pictures {
    /** The longer side of a thumbnail. */
    static final int THUMBNAIL = 320;

    /** The side of an avatar. */
    static final int AVATAR = 256;

    private static final int PATIENCE_SECONDS = 20;

    static {
        // On a desktop the toolkit would otherwise show up as an application of its own.
        System.setProperty("java.awt.headless", "true");
    }

    private final Semaphore permits;

    Pictures(int permits) {
        this.permits = new Semaphore(permits, true);
    }

    /**
     * Runs what decodes.
     *
     * @throws dev.natter.platform.http.Refused 503 if too many others do
     */
    <T> T withPermit(Supplier<T> work) {
        try {
            if (!permits.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw Problems.busy();
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw Problems.busy();
        }
        try {
            return work.get();
        } finally {
            permits.release();
        }
    }

    /**
     * Decodes the first frame, upright.
     *
     * @param format what it is
     * @param file a file of {@link Anatomy#kept} slices
     * @param orientation how to turn it
     * @param enough the side, in pixels, below which detail must not be thrown away; 0 for all of it
     * @return the picture, or empty if the decoder can't make sense of it
     */
    static Optional<BufferedImage> decode(PictureFormat format, Path file, int orientation, int enough) {
        var readers = ImageIO.getImageReadersByFormatName(format.name());
        if (!readers.hasNext()) {
            return Optional.empty();
        }
        ImageReader reader = readers.next();
        try (var in = new FileImageInputStream(file.toFile())) {
            reader.setInput(in, true, true);
            ImageReadParam how = reader.getDefaultReadParam();
            int step = enough == 0 ? 1 : Math.max(1, Math.min(reader.getWidth(0), reader.getHeight(0)) / enough);
            how.setSourceSubsampling(step, step, 0, 0);
            return Optional.of(upright(reader.read(0, how), orientation));
        } catch (IOException | RuntimeException undecodable) {
            // Decoders throw whatever comes to their mind at bytes that aren't as they should be.
            return Optional.empty();
        } finally {
            reader.dispose();
        }
    }

    /** A picture of at most {@value #THUMBNAIL} pixels a side; never larger than the original. */
    static BufferedImage thumbnail(BufferedImage image) {
        double scale = Math.min(1.0, (double) THUMBNAIL / Math.max(image.getWidth(), image.getHeight()));
        int width = Math.max(1, (int) Math.round(image.getWidth() * scale));
        int height = Math.max(1, (int) Math.round(image.getHeight() * scale));
        return resized(Thumbnails.of(image).forceSize(width, height));
    }

    /** The middle of a picture, square. */
    static BufferedImage avatar(BufferedImage image) {
        int side = Math.min(AVATAR, Math.min(image.getWidth(), image.getHeight()));
        return resized(Thumbnails.of(image).crop(Positions.CENTER).size(side, side));
    }

    private static BufferedImage resized(Thumbnails.Builder<BufferedImage> builder) {
        try {
            return builder.asBufferedImage();
        } catch (IOException impossible) {
            throw new IllegalStateException("A picture in memory can't be read", impossible);
        }
    }

    /**
     * Encodes as JPEG, or as PNG if it is transparent somewhere.
     *
     * @return the type
     */
    static PictureFormat encode(BufferedImage image, float quality, Draft draft) {
        PictureFormat format = image.getColorModel().hasAlpha() ? PictureFormat.PNG : PictureFormat.JPEG;
        ImageWriter writer = ImageIO.getImageWritersByFormatName(format.name()).next();
        try (var out = new MemoryCacheImageOutputStream(draft)) {
            ImageWriteParam how = writer.getDefaultWriteParam();
            if (format == PictureFormat.JPEG) {
                how.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
                how.setCompressionQuality(quality);
            }
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, null), how);
        } catch (IOException failure) {
            throw Problems.storage(failure);
        } finally {
            writer.dispose();
        }
        return format;
    }

    /** Draws a picture in sRGB, turned as EXIF's orientation says. */
    private static BufferedImage upright(BufferedImage image, int orientation) {
        int width = image.getWidth();
        int height = image.getHeight();
        boolean lying = orientation >= 5;
        int type = image.getColorModel().hasAlpha() ? BufferedImage.TYPE_INT_ARGB : BufferedImage.TYPE_INT_RGB;
        var turned = new BufferedImage(lying ? height : width, lying ? width : height, type);
        Graphics2D graphics = turned.createGraphics();
        graphics.setRenderingHint(
                RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR);
        graphics.drawImage(image, turn(orientation, width, height), null);
        graphics.dispose();
        return turned;
    }

    /** Where a stored pixel goes: EXIF 2.32, section 4.6.4, tag Orientation. */
    private static AffineTransform turn(int orientation, int width, int height) {
        return switch (orientation) {
            case 2 -> new AffineTransform(-1, 0, 0, 1, width, 0);
            case 3 -> new AffineTransform(-1, 0, 0, -1, width, height);
            case 4 -> new AffineTransform(1, 0, 0, -1, 0, height);
            case 5 -> new AffineTransform(0, 1, 1, 0, 0, 0);
            case 6 -> new AffineTransform(0, 1, -1, 0, height, 0);
            case 7 -> new AffineTransform(0, -1, -1, 0, height, width);
            case 8 -> new AffineTransform(0, -1, 1, 0, 0, width);
            default -> new AffineTransform();
        };
    }
}

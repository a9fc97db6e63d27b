package dev.natter.media;

import dev.natter.contracts.FileInfo;
import dev.natter.platform.db.Uuid7;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Makes of what arrived what is stored: finds out what it is, takes out of pictures what they tell about their maker,
 * and adds a thumbnail. Holds drafts until closed. Not thread-safe.
 */
final class Intake implements AutoCloseable {
    /**
     * A file ready to be kept.
     *
     * @param info the file, with plain paths as urls
     * @param bytes what is stored
     * @param thumbnail its small picture, or null
     * @param thumbnailType what that is, or null
     */
    record Item(FileInfo info, Draft bytes, Draft thumbnail, String thumbnailType) {}

    private static final float PICTURE_QUALITY = 0.92f;
    private static final float THUMBNAIL_QUALITY = 0.85f;

    private final MediaConfig config;
    private final DiskStore store;
    private final Pictures pictures;
    private final List<Draft> drafts = new ArrayList<>();

    Intake(MediaConfig config, DiskStore store, Pictures pictures) {
        this.config = config;
        this.store = store;
        this.pictures = pictures;
    }

    /** Takes a file of a message. */
    Item take(Upload.Part part) {
        try {
            Path file = part.bytes().path();
            Optional<PictureFormat> format = PictureFormat.of(file);
            if (format.isPresent()) {
                return picture(part, format.get());
            }
            String type = ContentType.of(file);
            if (ContentType.isUnstrippable(type)) {
                throw Problems.unstrippable(type);
            }
            return item(part.name(), type, part.bytes(), null, null, null);
        } catch (IOException failure) {
            throw Problems.storage(failure);
        }
    }

    /** Takes a picture of a user: square and small, whatever it was. */
    Avatar avatar(Upload.Part part) {
        try {
            PictureFormat format = PictureFormat.of(part.bytes().path()).orElseThrow(Problems::notAPicture);
            Draft clean = draft();
            Anatomy anatomy = clean(part.bytes(), format, clean);
            return pictures.withPermit(() -> {
                BufferedImage image = Pictures.decode(format, clean.path(), anatomy.orientation(), 2 * Pictures.AVATAR)
                        .orElseThrow(() -> Problems.unreadablePicture(format.type()));
                Draft small = draft();
                PictureFormat stored = Pictures.encode(Pictures.avatar(image), PICTURE_QUALITY, small);
                return new Avatar(Uuid7.next(), small.finish(), stored.type());
            });
        } catch (IOException failure) {
            throw Problems.storage(failure);
        }
    }

    /**
     * A user's picture ready to be kept.
     *
     * @param id its name
     * @param bytes what is stored
     * @param contentType what that is
     */
    record Avatar(UUID id, Draft bytes, String contentType) {}

    @Override
    public void close() {
        drafts.forEach(Draft::close);
    }

    private Item picture(Upload.Part part, PictureFormat format) throws IOException {
        Draft clean = draft();
        Anatomy anatomy = clean(part.bytes(), format, clean);
        clean.finish();
        return pictures.withPermit(() -> anatomy.isTurned()
                ? turned(part.name(), format, anatomy, clean)
                : upright(part.name(), format, anatomy, clean));
    }

    /** The usual case: the picture itself stays as it was, byte for byte. */
    private Item upright(String name, PictureFormat format, Anatomy anatomy, Draft clean) {
        Optional<BufferedImage> image = Pictures.decode(format, clean.path(), 1, 2 * Pictures.THUMBNAIL);
        int[] size = {anatomy.width(), anatomy.height()};
        if (image.isEmpty()) {
            return item(name, format.type(), clean, size, null, null);
        }
        Draft thumbnail = draft();
        PictureFormat stored = Pictures.encode(Pictures.thumbnail(image.get()), THUMBNAIL_QUALITY, thumbnail);
        return item(name, format.type(), clean, size, thumbnail.finish(), stored.type());
    }

    /** A picture that only EXIF made upright is turned for good, since EXIF goes. */
    private Item turned(String name, PictureFormat format, Anatomy anatomy, Draft clean) {
        BufferedImage image = Pictures.decode(format, clean.path(), anatomy.orientation(), 0)
                .orElseThrow(() -> Problems.unreadablePicture(format.type()));
        Draft bytes = draft();
        PictureFormat type = Pictures.encode(image, PICTURE_QUALITY, bytes);
        Draft thumbnail = draft();
        PictureFormat small = Pictures.encode(Pictures.thumbnail(image), THUMBNAIL_QUALITY, thumbnail);
        int[] size = {image.getWidth(), image.getHeight()};
        return item(name, type.type(), bytes.finish(), size, thumbnail.finish(), small.type());
    }

    /** Writes what is to be kept of a picture, unless a decoder would choke on it. */
    private Anatomy clean(Draft raw, PictureFormat format, Draft target) throws IOException {
        try (FileChannel channel = FileChannel.open(raw.path(), StandardOpenOption.READ);
                Arena arena = Arena.ofConfined()) {
            ByteBuffer bytes =
                    channel.map(MapMode.READ_ONLY, 0, channel.size(), arena).asByteBuffer();
            Anatomy anatomy = dissect(format, bytes);
            if (anatomy.largest() > config.imageMaxPixels()) {
                throw Problems.tooManyPixels(config.imageMaxPixels());
            }
            if (anatomy.frames() > config.imageMaxFrames()) {
                throw Problems.tooManyFrames(config.imageMaxFrames());
            }
            anatomy.kept().forEach(target::write);
            return anatomy;
        }
    }

    private static Anatomy dissect(PictureFormat format, ByteBuffer bytes) {
        try {
            return format.dissect(bytes);
        } catch (RuntimeException notSuchAPicture) {
            throw Problems.unreadablePicture(format.type());
        }
    }

    private Draft draft() {
        Draft draft = store.draft();
        drafts.add(draft);
        return draft;
    }

    private static Item item(String name, String type, Draft bytes, int[] size, Draft thumbnail, String thumbnailType) {
        UUID id = Uuid7.next();
        String url = "/" + DiskStore.file(id);
        var info = new FileInfo(
                id,
                name,
                bytes.size(),
                type,
                bytes.sha256(),
                size == null ? null : size[0],
                size == null ? null : size[1],
                url,
                thumbnail == null ? null : url + "/thumbnail");
        return new Item(info, bytes, thumbnail, thumbnailType);
    }
}

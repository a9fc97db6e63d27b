package dev.natter.contracts;

import java.util.UUID;
import java.util.function.UnaryOperator;

/**
 * A file attached to a message. Between services {@code url} and {@code thumbnailUrl} are plain paths; towards clients
 * they carry a signature and an expiry.
 *
 * @param id its name
 * @param name the name the uploader gave it, safe to show
 * @param size bytes
 * @param contentType what its bytes are, whatever its name says
 * @param sha256 lower-case hex digest of its bytes
 * @param width pixels, or null if not an image
 * @param height pixels, or null if not an image
 * @param url where its bytes are
 * @param thumbnailUrl where a small picture of it is, or null if it has none
 */
public record FileInfo(
        UUID id,
        String name,
        long size,
        String contentType,
        String sha256,
        Integer width,
        Integer height,
        String url,
        String thumbnailUrl) {

    /**
     * The same file at other addresses.
     *
     * @param change makes the new address from the old one
     * @return another file info
     */
    public FileInfo withUrls(UnaryOperator<String> change) {
        String thumbnail = thumbnailUrl == null ? null : change.apply(thumbnailUrl);
        return new FileInfo(id, name, size, contentType, sha256, width, height, change.apply(url), thumbnail);
    }
}

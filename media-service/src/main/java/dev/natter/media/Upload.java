package dev.natter.media;

import dev.natter.platform.http.Refused;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.commons.fileupload2.core.FileUploadSizeException;
import org.apache.commons.fileupload2.core.MultipartInput;

/**
 * The files of one request body, read from the wire straight into drafts: memory use doesn't depend on their size.
 * Closing it deletes every draft that wasn't kept, so a refusal leaves nothing behind. Not thread-safe.
 *
 * <p>Reads {@code multipart/form-data} (RFC 7578) by commons-fileupload's parser of the parts; Helidon's own corrupts
 * binary files. Nested multiparts, long obsolete, are taken as files like any other.
 */
final class Upload implements AutoCloseable {
    /**
     * A file as it arrived.
     *
     * @param name a safe name
     * @param bytes what was in it
     */
    record Part(String name, Draft bytes) {}

    /**
     * What a body may hold.
     *
     * @param fileBytes the largest file
     * @param files most files
     */
    record Limits(long fileBytes, int files) {
        long total() {
            return fileBytes * files + (files + OTHER_PARTS) * (long) PART_HEADERS_MAX * 2;
        }
    }

    private static final int PART_HEADERS_MAX = 8 * 1024;
    /** Form fields that come along with the files and mean nothing here. */
    private static final int OTHER_PARTS = 20;

    private static final int BOUNDARY_MAX = 70; // RFC 2046, section 5.1.1
    private static final int BUFFER = 64 * 1024;

    private final DiskStore store;
    private final Limits limits;
    private final List<Part> parts = new ArrayList<>();

    private Upload(DiskStore store, Limits limits) {
        this.store = store;
        this.limits = limits;
    }

    static boolean isMultipart(ServerRequest request) {
        return contentType(request).toLowerCase(Locale.ROOT).startsWith("multipart/form-data");
    }

    /** Reads a multipart body; at least one file is in it when this returns. */
    static Upload multipart(ServerRequest request, DiskStore store, Limits limits) {
        if (!isMultipart(request)) {
            throw Problems.notMultipart();
        }
        byte[] boundary = boundary(contentType(request));
        long length = request.headers().contentLength().orElse(-1);
        if (length > limits.total()) {
            throw Problems.bodyTooLarge(limits.total());
        }
        return read(new Upload(store, limits), upload -> upload.readParts(request, boundary));
    }

    /** Reads a body that is one nameless file. */
    static Upload raw(ServerRequest request, DiskStore store, long limit) {
        var upload = new Upload(store, new Limits(limit, 1));
        if (request.headers().contentLength().orElse(-1) > limit) {
            throw Problems.fileTooLarge(limit);
        }
        return read(upload, self -> {
            if (!request.content().hasEntity()) {
                throw Problems.malformed("The body is missing.");
            }
            self.readFile(null, request.content().inputStream());
        });
    }

    List<Part> parts() {
        return parts;
    }

    /** What stands for the body: the same files in the same order, whatever the boundary. */
    byte[] digest() {
        var text = new StringBuilder();
        parts.forEach(part -> text.append(part.bytes().sha256())
                .append(' ')
                .append(part.name())
                .append('\n'));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        parts.forEach(part -> part.bytes().close());
    }

    /** The part of the reading that can fail in the client's way. */
    @FunctionalInterface
    private interface Reading {
        void into(Upload upload) throws IOException;
    }

    private static Upload read(Upload upload, Reading reading) {
        boolean whole = false;
        try {
            reading.into(upload);
            whole = true;
            return upload;
        } catch (Refused refused) {
            throw refused;
        } catch (FileUploadSizeException headers) {
            throw Problems.malformed("The header of a part is too long.");
        } catch (IOException | RuntimeException broken) {
            // The parser and Helidon's stream both throw unchecked exceptions at bytes they can't make sense of. Our
            // own trouble with the disk is a Refused already.
            throw Problems.malformed("The body ends too early or isn't what its headers say.");
        } finally {
            if (!whole) {
                upload.close();
            }
        }
    }

    private void readParts(ServerRequest request, byte[] boundary) throws IOException {
        if (!request.content().hasEntity()) {
            throw Problems.malformed("The body is missing.");
        }
        MultipartInput body = MultipartInput.builder()
                .setInputStream(new Bounded(request.content().inputStream(), limits.total()))
                .setBoundary(boundary)
                .setBufferSize(BUFFER)
                .setPartHeaderSizeMax(PART_HEADERS_MAX)
                .get();
        body.setHeaderCharset(StandardCharsets.UTF_8);
        int others = 0;
        boolean more = body.skipPreamble();
        if (!more) {
            throw Problems.malformed("The body has no parts.");
        }
        for (; more; more = body.readBoundary()) {
            PartHeaders headers = PartHeaders.parse(body.readHeaders());
            if (headers.isFile()) {
                readFile(headers.filename(), body.newInputStream());
            } else if (++others > OTHER_PARTS) {
                throw Problems.malformed("The body has too many parts.");
            } else {
                body.discardBodyData();
            }
        }
        if (parts.isEmpty()) {
            throw Problems.noFiles();
        }
    }

    private void readFile(String filename, InputStream bytes) throws IOException {
        if (parts.size() == limits.files()) {
            throw Problems.tooManyFiles(limits.files());
        }
        Draft draft = store.draft();
        parts.add(new Part(FileName.safe(filename), draft));
        byte[] buffer = new byte[BUFFER];
        for (int count = bytes.read(buffer); count >= 0; count = bytes.read(buffer)) {
            if (draft.size() + count > limits.fileBytes()) {
                throw Problems.fileTooLarge(limits.fileBytes());
            }
            draft.write(buffer, 0, count);
        }
        if (draft.size() == 0) {
            throw Problems.emptyFile();
        }
        draft.finish();
    }

    private static String contentType(ServerRequest request) {
        return request.headers().first(HeaderNames.CONTENT_TYPE).orElse("");
    }

    private static byte[] boundary(String contentType) {
        String boundary = Disposition.parse(contentType).parameters().getOrDefault("boundary", "");
        boolean printable = boundary.chars().allMatch(character -> character >= ' ' && character < 0x7f);
        if (boundary.isEmpty() || boundary.length() > BOUNDARY_MAX || !printable) {
            throw Problems.malformed("The Content-Type names no boundary.");
        }
        return boundary.getBytes(StandardCharsets.US_ASCII);
    }

    /** A body that refuses to be longer than it may; also when it is chunked and never said how long it is. */
    private static final class Bounded extends InputStream {
        private final InputStream in;
        private final long limit;
        private long count;

        Bounded(InputStream in, long limit) {
            this.in = in;
            this.limit = limit;
        }

        @Override
        public int read() throws IOException {
            byte[] single = new byte[1];
            return read(single, 0, 1) < 0 ? -1 : single[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = in.read(bytes, offset, length);
            count += Math.max(read, 0);
            if (count > limit) {
                throw Problems.bodyTooLarge(limit);
            }
            return read;
        }
    }
}

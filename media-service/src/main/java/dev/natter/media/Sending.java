package dev.natter.media;

import dev.natter.platform.http.EntityTag;
import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;

/**
 * How stored bytes go to a client: whole or in part (RFC 9110, section 14), or not at all if it has them (section 13),
 * and always so that a browser neither guesses their type nor runs them.
 *
 * @param contentType what they are
 * @param tag changes when they do
 * @param caching the {@code Cache-Control}
 * @param disposition the {@code Content-Disposition}
 */
record Sending(String contentType, String tag, String caching, String disposition) {
    private static final HeaderName CROSS_ORIGIN = HeaderNames.create("Cross-Origin-Resource-Policy");
    private static final Header NOSNIFF = HeaderValues.createCached("X-Content-Type-Options", "nosniff");
    private static final Header SANDBOX =
            HeaderValues.createCached("Content-Security-Policy", "sandbox; default-src 'none'");
    private static final Header EMBEDDABLE = HeaderValues.createCached(CROSS_ORIGIN, "cross-origin");
    private static final Header RANGES = HeaderValues.createCached(HeaderNames.ACCEPT_RANGES, "bytes");
    private static final int BUFFER = 64 * 1024;

    void send(ServerRequest request, ServerResponse response, Optional<FileChannel> stored) throws IOException {
        try (FileChannel bytes = stored.orElseThrow(Problems::noFile)) {
            response.header(HeaderNames.ETAG, etag());
            response.header(HeaderNames.CACHE_CONTROL, caching);
            response.header(NOSNIFF);
            response.header(SANDBOX);
            response.header(EMBEDDABLE);
            if (EntityTag.isKnown(request, etag())) {
                // No length and no type: Helidon 4.1.2 takes a 304 with a Content-Length for a fault of ours.
                response.status(Status.NOT_MODIFIED_304).send();
                return;
            }
            response.header(RANGES);
            switch (slice(request, bytes.size())) {
                case Slice.Whole _ -> body(request, response.status(Status.OK_200), bytes, 0, bytes.size());
                case Slice.Part part -> {
                    long last = part.from() + part.length() - 1;
                    response.header(
                            HeaderNames.CONTENT_RANGE, "bytes " + part.from() + "-" + last + "/" + bytes.size());
                    body(request, response.status(Status.PARTIAL_CONTENT_206), bytes, part.from(), part.length());
                }
                case Slice.Beyond _ -> {
                    response.header(HeaderNames.CONTENT_RANGE, "bytes */" + bytes.size());
                    Problems.noSuchRange().send(response);
                }
            }
        }
    }

    private String etag() {
        return "\"" + tag + "\"";
    }

    /** A range of something else than the client has a part of is of no use to it. */
    private Slice slice(ServerRequest request, long size) {
        boolean same = request.headers()
                .first(HeaderNames.IF_RANGE)
                .map(known -> known.strip().equals(etag()))
                .orElse(true);
        String range = request.headers().first(HeaderNames.RANGE).orElse(null);
        return same ? Slice.of(range, size) : new Slice.Whole();
    }

    private void body(ServerRequest request, ServerResponse response, FileChannel bytes, long from, long length)
            throws IOException {
        response.header(HeaderNames.CONTENT_TYPE, ContentType.served(contentType));
        response.header(HeaderNames.CONTENT_DISPOSITION, disposition);
        response.contentLength(length);
        if (request.prologue().method().equals(Method.HEAD)) {
            response.send();
            return;
        }
        try (OutputStream out = response.outputStream()) {
            ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(BUFFER, length));
            for (long at = from; at < from + length; at += buffer.limit()) {
                buffer.clear().limit((int) Math.min(buffer.capacity(), from + length - at));
                if (bytes.read(buffer, at) < buffer.limit()) {
                    throw new EOFException("The stored file is shorter than it was");
                }
                out.write(buffer.array(), 0, buffer.limit());
            }
        }
    }
}

package dev.natter.media;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;

/** A body of {@code multipart/form-data} as a browser makes it. */
final class Form {
    static final String BOUNDARY = "----natterBoundary7MA4YWxkTrZu0gW";
    static final String TYPE = "multipart/form-data; boundary=" + BOUNDARY;

    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    static Form of(String filename, byte[] bytes) {
        return new Form().file(filename, bytes);
    }

    Form file(String filename, byte[] bytes) {
        return part(
                "Content-Disposition: form-data; name=\"file\"; filename=\"" + filename + "\"\r\n"
                        + "Content-Type: application/octet-stream",
                bytes);
    }

    Form field(String name, String value) {
        return part("Content-Disposition: form-data; name=\"" + name + "\"", value.getBytes(UTF_8));
    }

    Form part(String headers, byte[] bytes) {
        body.writeBytes(("--" + BOUNDARY + "\r\n" + headers + "\r\n\r\n").getBytes(UTF_8));
        body.writeBytes(bytes);
        body.writeBytes("\r\n".getBytes(UTF_8));
        return this;
    }

    /** Without its end. */
    byte[] open() {
        return body.toByteArray();
    }

    byte[] bytes() {
        return Specimens.concat(open(), ("--" + BOUNDARY + "--\r\n").getBytes(UTF_8));
    }
}

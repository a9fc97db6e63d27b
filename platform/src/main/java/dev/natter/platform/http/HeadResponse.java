package dev.natter.platform.http;

import io.helidon.common.uri.UriQuery;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.ServerResponseTrailers;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerResponse;
import java.io.OutputStream;
import java.util.function.UnaryOperator;

/** The answer to a HEAD: what the GET would have said, without its body. Helidon 4.1.2 would send the body. */
final class HeadResponse implements ServerResponse {
    private final ServerResponse response;
    private Counter stream;

    HeadResponse(ServerResponse response) {
        this.response = response;
    }

    private static final class Counter extends OutputStream {
        private long bytes;

        @Override
        public void write(int ignored) {
            bytes++;
        }

        @Override
        public void write(byte[] ignored, int from, int length) {
            bytes += length;
        }
    }

    /** Sends what a handler that streams has left unsent. */
    void finish() {
        if (!response.isSent() && stream != null) {
            empty(stream.bytes);
        }
    }

    @Override
    public ServerResponse status(Status status) {
        response.status(status);
        return this;
    }

    @Override
    public Status status() {
        return response.status();
    }

    @Override
    public ServerResponse header(Header header) {
        response.header(header);
        return this;
    }

    @Override
    public void send() {
        response.send();
    }

    @Override
    public void send(byte[] bytes) {
        empty(bytes.length);
    }

    @Override
    public void send(Object entity) {
        if (entity instanceof byte[] bytes) {
            send(bytes);
        } else {
            throw new UnsupportedOperationException("Answers are bytes, not " + entity.getClass());
        }
    }

    @Override
    public boolean isSent() {
        return response.isSent();
    }

    @Override
    public OutputStream outputStream() {
        stream = new Counter();
        return stream;
    }

    @Override
    public long bytesWritten() {
        return response.bytesWritten();
    }

    @Override
    public ServerResponse whenSent(Runnable listener) {
        response.whenSent(listener);
        return this;
    }

    @Override
    public ServerResponse reroute(String path) {
        response.reroute(path);
        return this;
    }

    @Override
    public ServerResponse reroute(String path, UriQuery query) {
        response.reroute(path, query);
        return this;
    }

    @Override
    public ServerResponse next() {
        response.next();
        return this;
    }

    @Override
    public ServerResponseHeaders headers() {
        return response.headers();
    }

    @Override
    public ServerResponseTrailers trailers() {
        return response.trailers();
    }

    @Override
    public void streamResult(String result) {
        response.streamResult(result);
    }

    @Override
    public void streamFilter(UnaryOperator<OutputStream> filter) {
        response.streamFilter(filter);
    }

    private void empty(long length) {
        if (!response.headers().contains(HeaderNames.CONTENT_LENGTH)) {
            response.contentLength(length);
        }
        response.send();
    }
}

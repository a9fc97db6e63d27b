package dev.natter.platform.http;

import dev.natter.platform.token.SharedSecret;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Another service of this installation, asked over its internal listener. Waits at most two seconds; carries the
 * request id on; shows the credential of {@link SharedSecret}.
 */
public final class Peer {
    private static final System.Logger LOG = System.getLogger(Peer.class.getName());
    private static final Duration CONNECT = Duration.ofSeconds(1);
    private static final Duration ANSWER = Duration.ofSeconds(2);

    private final String name;
    private final URI base;
    private final String credential;
    private final HttpClient client;

    /**
     * Names a peer.
     *
     * @param name its name, for logs and metrics, as in {@code chat}
     * @param base where its internal listener is
     * @param secret what the installation's services share
     */
    public Peer(String name, URI base, SharedSecret secret) {
        this.name = name;
        this.base = base;
        this.credential = secret.credential();
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT)
                .build();
    }

    /**
     * Asks for a thing.
     *
     * @param path path and query
     * @param type what the answer is
     * @return the answer, or empty on 404
     * @throws Refused 503, retryable, if the peer can't be reached, is slow or answers anything else
     */
    public <T> Optional<T> get(String path, Class<T> type) {
        HttpResponse<byte[]> answer = ask(request(path).GET());
        return answer.statusCode() == 404 ? Optional.empty() : Optional.of(read(path, answer, type));
    }

    /**
     * Asks a question that needs a body. Peers are only asked, never told, so a question may be asked twice.
     *
     * @param path path and query
     * @param body what to ask, written as JSON
     * @param type what the answer is
     * @return the answer
     * @throws Refused 503, retryable, if the peer can't be reached, is slow or answers anything but 2xx
     */
    public <T> T post(String path, Object body, Class<T> type) {
        HttpRequest.Builder request = request(path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(Json.bytes(body)));
        return read(path, ask(request), type);
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(ANSWER)
                .header(Guards.CREDENTIAL.defaultCase(), credential);
        String requestId = RequestId.current();
        if (requestId != null) {
            request.header(RequestId.HEADER.defaultCase(), requestId);
        }
        return request;
    }

    private HttpResponse<byte[]> ask(HttpRequest.Builder builder) {
        HttpRequest request = builder.build();
        try {
            try {
                return exchange(request);
            } catch (HttpTimeoutException slow) {
                throw slow;
            } catch (IOException broken) {
                // A kept connection may have been closed by a peer that restarted; a new one tells.
                return exchange(request);
            }
        } catch (IOException unreachable) {
            LOG.log(
                    Level.WARNING,
                    "{0} doesn''t answer {1}: {2}",
                    name,
                    request.uri().getPath(),
                    unreachable);
            throw unavailable();
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw unavailable();
        }
    }

    private HttpResponse<byte[]> exchange(HttpRequest request) throws IOException, InterruptedException {
        var exchange = client.sendAsync(request, BodyHandlers.ofByteArray());
        try {
            // The request's own time-out ends with the headers; this one covers the body.
            return exchange.get(ANSWER.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException slow) {
            throw new HttpTimeoutException("no whole answer in " + ANSWER);
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof IOException broken ? broken : new IOException(failed.getCause());
        } finally {
            exchange.cancel(true);
        }
    }

    private <T> T read(String path, HttpResponse<byte[]> answer, Class<T> type) {
        if (answer.statusCode() / 100 != 2) {
            LOG.log(Level.WARNING, "{0} answers {1} to {2}", name, answer.statusCode(), path);
            throw unavailable();
        }
        return Json.parse(answer.body(), type);
    }

    private Refused unavailable() {
        return Problem.unavailable("A part of the service that this needs doesn't answer now.")
                .refuse();
    }
}

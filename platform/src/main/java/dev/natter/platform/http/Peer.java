package dev.natter.platform.http;

import dev.natter.platform.token.SharedSecret;
import dev.natter.platform.trace.Span;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.ConnectException;
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
 * Another service of this installation, asked over its internal listener. Waits at most two seconds for an answer and
 * five for a deed; carries the request id on; shows the credential of {@link SharedSecret}.
 */
public final class Peer {
    private static final System.Logger LOG = System.getLogger(Peer.class.getName());
    private static final Duration CONNECT = Duration.ofSeconds(1);
    private static final Duration ANSWER = Duration.ofSeconds(2);
    private static final Duration DEED = Duration.ofSeconds(5);

    /** Of all peers, since it has a thread; made when first needed, since it reads the system's certificates. */
    private static final class Http {
        private static final HttpClient CLIENT = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT)
                .build();
    }

    private final String name;
    private final URI base;
    private final String credential;

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
    }

    /**
     * The peer's name.
     *
     * @return the name, as in {@code chat}
     */
    public String name() {
        return name;
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
     * Asks a question that needs a body. Nothing changes by it, so it may be asked twice.
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

    /**
     * Has a thing done for a client, who is refused what the peer refuses.
     *
     * @param path path and query
     * @param json what the client wants, UTF-8 JSON, to be judged by the peer
     * @param repeatable whether doing it twice is the same as doing it once
     * @param type what the answer is
     * @return the answer
     * @throws Refused with the peer's own problem; 503, retryable, if the peer can't be reached, is slow or answers
     *     what is no problem: then nobody knows whether it was done
     */
    public <T> T relay(String path, byte[] json, boolean repeatable, Class<T> type) {
        HttpRequest.Builder request =
                request(path, DEED).header("Content-Type", "application/json").POST(BodyPublishers.ofByteArray(json));
        HttpResponse<byte[]> answer = ask(request, DEED, repeatable);
        if (answer.statusCode() / 100 != 2) {
            String retryAfter = answer.headers().firstValue("Retry-After").orElse(null);
            Problem.read(answer.statusCode(), answer.body(), retryAfter).ifPresent(problem -> {
                throw problem.refuse();
            });
        }
        return read(path, answer, type);
    }

    private HttpRequest.Builder request(String path) {
        return request(path, ANSWER);
    }

    private HttpRequest.Builder request(String path, Duration patience) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(patience)
                .header(Guards.CREDENTIAL.defaultCase(), credential);
        String requestId = RequestId.current();
        if (requestId != null) {
            request.header(RequestId.HEADER.defaultCase(), requestId);
        }
        return request;
    }

    private HttpResponse<byte[]> ask(HttpRequest.Builder request) {
        return ask(request, ANSWER, true);
    }

    private HttpResponse<byte[]> ask(HttpRequest.Builder builder, Duration patience, boolean repeatable) {
        Span span = Span.current().child(Span.Kind.CLIENT, "ask " + name);
        if (span.traceparent() != null) {
            builder.header("traceparent", span.traceparent());
        }
        try {
            HttpResponse<byte[]> answer = ask(builder.build(), patience, repeatable);
            span.tag("http.request.method", answer.request().method())
                    .tag("url.path", answer.request().uri().getPath())
                    .tag("http.response.status_code", answer.statusCode());
            return answer;
        } catch (Refused unavailable) {
            span.failed("no answer");
            throw unavailable;
        } finally {
            span.end();
        }
    }

    private HttpResponse<byte[]> ask(HttpRequest request, Duration patience, boolean repeatable) {
        try {
            try {
                return exchange(request, patience);
            } catch (HttpTimeoutException slow) {
                throw slow;
            } catch (IOException broken) {
                if (!repeatable && !(broken instanceof ConnectException)) {
                    throw broken;
                }
                // A kept connection may have been closed by a peer that restarted; a new one tells.
                return exchange(request, patience);
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

    private HttpResponse<byte[]> exchange(HttpRequest request, Duration patience)
            throws IOException, InterruptedException {
        var exchange = Http.CLIENT.sendAsync(request, BodyHandlers.ofByteArray());
        try {
            // The request's own time-out ends with the headers; this one covers the body.
            return exchange.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException slow) {
            throw new HttpTimeoutException("no whole answer in " + patience);
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

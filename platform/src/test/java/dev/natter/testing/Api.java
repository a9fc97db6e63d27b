package dev.natter.testing;

import dev.natter.platform.http.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** A client of a service's HTTP API, as some user or as nobody. Immutable. */
public final class Api {
    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    private final URI base;
    private final Map<String, String> headers;

    /**
     * A client that shows no token.
     *
     * @param base the server, as in {@code http://127.0.0.1:8000}
     */
    public Api(URI base) {
        this(base, Map.of());
    }

    private Api(URI base, Map<String, String> headers) {
        this.base = base;
        this.headers = headers;
    }

    /**
     * The same server, as a user.
     *
     * @param token the user's access token
     * @return another client
     */
    public Api as(String token) {
        return with("Authorization", "Bearer " + token);
    }

    /**
     * The same client with one more header on every request.
     *
     * @param name the header
     * @param value its value
     * @return another client
     */
    public Api with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Api(base, more);
    }

    /**
     * Where a path of this server is.
     *
     * @param path the path, with its query
     * @return the address
     */
    public URI uri(String path) {
        return base.resolve(path);
    }

    /**
     * GET.
     *
     * @param path the path, with its query
     * @return the answer
     */
    public Reply get(String path) {
        return request(to(path).GET());
    }

    /**
     * POST of JSON.
     *
     * @param path the path
     * @param body anything that JSON can be made of; a string or bytes are sent as they are; null for no body
     * @return the answer
     */
    public Reply post(String path, Object body) {
        return send("POST", path, body);
    }

    /**
     * PUT of JSON.
     *
     * @param path the path
     * @param body as for {@link #post}
     * @return the answer
     */
    public Reply put(String path, Object body) {
        return send("PUT", path, body);
    }

    /**
     * PATCH of JSON.
     *
     * @param path the path
     * @param body as for {@link #post}
     * @return the answer
     */
    public Reply patch(String path, Object body) {
        return send("PATCH", path, body);
    }

    /**
     * DELETE.
     *
     * @param path the path
     * @return the answer
     */
    public Reply delete(String path) {
        return request(to(path).DELETE());
    }

    private Reply send(String method, String path, Object body) {
        if (body == null) {
            return request(to(path).method(method, BodyPublishers.noBody()));
        }
        byte[] bytes = switch (body) {
            case byte[] raw -> raw;
            case String text -> text.getBytes(StandardCharsets.UTF_8);
            default -> Json.bytes(body);
        };
        HttpRequest.Builder request = to(path).method(method, BodyPublishers.ofByteArray(bytes));
        if (headers.keySet().stream().noneMatch("Content-Type"::equalsIgnoreCase)) {
            request.header("Content-Type", "application/json");
        }
        return request(request);
    }

    /**
     * Begins a request of one's own.
     *
     * @param path the path, with its query
     * @return a builder for {@link #request}
     */
    public HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(30));
    }

    /**
     * Sends a request of one's own, with this client's headers added.
     *
     * @param request the request
     * @return the answer
     */
    public Reply request(HttpRequest.Builder request) {
        headers.forEach(request::setHeader);
        try {
            HttpResponse<byte[]> response = CLIENT.send(request.build(), BodyHandlers.ofByteArray());
            return new Reply(response.statusCode(), response.headers(), response.body());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}

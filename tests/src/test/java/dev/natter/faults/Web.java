package dev.natter.faults;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/** Asks over HTTP, of services that may be dying. Thread-safe. */
final class Web implements AutoCloseable {
    static final JsonMapper JSON = new JsonMapper();

    private static final Duration CONNECT = Duration.ofSeconds(3);
    private static final Duration PATIENCE = Duration.ofSeconds(8);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();

    /**
     * What came back.
     *
     * @param status 0 if nothing did: whatever was asked may have happened, or may happen yet
     * @param body JSON, or a missing node
     * @param headers none if nothing came
     */
    record Reply(int status, JsonNode body, HttpHeaders headers) {
        boolean ok() {
            return status >= 200 && status < 300;
        }

        /** Whether to ask again: nothing came, or the service says that it can't now. */
        boolean again() {
            return status == 0 || status == 503 || status == 502 || status == 504 || status == 429 || status == 409;
        }

        String header(String name) {
            return headers.firstValue(name).orElse(null);
        }

        long number(String name) {
            return headers.firstValueAsLong(name).orElse(0);
        }

        /** Whether there is another page. */
        boolean more() {
            return headers.allValues("Link").stream().anyMatch(link -> link.contains("rel=\"next\""));
        }
    }

    Reply get(URI at, String token) {
        return ask("GET", at, token, null);
    }

    Reply ask(String method, URI at, String token, Object body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(at).timeout(PATIENCE);
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        if (body == null) {
            request.method(method, BodyPublishers.noBody());
        } else {
            request.header("Content-Type", "application/json")
                    .method(method, BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)));
        }
        try {
            HttpResponse<byte[]> response = http.send(request.build(), BodyHandlers.ofByteArray());
            return new Reply(response.statusCode(), json(response.body()), response.headers());
        } catch (IOException lost) {
            return nothing();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return nothing();
        }
    }

    private static JsonNode json(byte[] body) {
        try {
            return body.length == 0 ? JsonNodeFactory.instance.missingNode() : JSON.readTree(body);
        } catch (JacksonException cutOff) {
            return JsonNodeFactory.instance.missingNode();
        }
    }

    /** No answer. */
    static Reply nothing() {
        return new Reply(
                0,
                JsonNodeFactory.instance.missingNode(),
                HttpHeaders.of(Map.<String, List<String>>of(), (_, _) -> true));
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}

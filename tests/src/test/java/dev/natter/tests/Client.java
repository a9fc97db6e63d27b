package dev.natter.tests;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Asks over HTTP as a frontend would, and holds every answer against the contract. Thread-safe. */
record Client(HttpClient http, URI base, String token) {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration RETRY = Duration.ofMillis(200);

    static Client anonymous(URI base) {
        var http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(10))
                .build();
        return new Client(http, base, null);
    }

    Client as(String accessToken) {
        return new Client(http, base, accessToken);
    }

    Answer get(String path) {
        return ask("GET", path, Map.of(), BodyPublishers.noBody());
    }

    Answer get(String path, Map<String, String> headers) {
        return ask("GET", path, headers, BodyPublishers.noBody());
    }

    /** Asks until there is an answer: a service that has too much to do, or is just away, says so by 503. */
    Answer persistently(String path) {
        return await().atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(RETRY)
                .until(() -> tried(path), Optional::isPresent)
                .orElseThrow();
    }

    /** Asks once; nothing if the service says 503. */
    Optional<Answer> tried(String path) {
        Answer answer = raw("GET", path, Map.of(), BodyPublishers.noBody());
        if (answer.status() == 503) {
            return Optional.empty();
        }
        Contract.natter().holds("GET", base.resolve(path).getRawPath(), answer);
        return Optional.of(answer);
    }

    Answer head(String path) {
        return ask("HEAD", path, Map.of(), BodyPublishers.noBody());
    }

    Answer post(String path, Object body) {
        return json("POST", path, Map.of(), body);
    }

    Answer post(String path, Map<String, String> headers, Object body) {
        return json("POST", path, headers, body);
    }

    Answer put(String path, Object body) {
        return json("PUT", path, Map.of(), body);
    }

    Answer delete(String path) {
        return ask("DELETE", path, Map.of(), BodyPublishers.noBody());
    }

    Answer json(String method, String path, Map<String, String> headers, Object body) {
        return send(method, path, headers, "application/json", Contract.JSON.writeValueAsBytes(body));
    }

    Answer send(String method, String path, String type, byte[] body) {
        return send(method, path, Map.of(), type, body);
    }

    Answer send(String method, String path, Map<String, String> headers, String type, byte[] body) {
        var all = new java.util.HashMap<>(headers);
        if (type != null) {
            all.put("Content-Type", type);
        }
        return ask(method, path, all, BodyPublishers.ofByteArray(body));
    }

    /** The answer as it is, held against nothing. */
    Answer raw(String method, String path, Map<String, String> headers, BodyPublisher body) {
        var request =
                HttpRequest.newBuilder(base.resolve(path)).timeout(PATIENCE).method(method, body);
        headers.forEach(request::header);
        if (token != null && !headers.containsKey("Authorization")) {
            request.header("Authorization", "Bearer " + token);
        }
        try {
            var response = http.send(request.build(), BodyHandlers.ofByteArray());
            return new Answer(method + " " + path, response.statusCode(), response.headers(), response.body());
        } catch (IOException lost) {
            throw new UncheckedIOException(method + " " + path, lost);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private Answer ask(String method, String path, Map<String, String> headers, BodyPublisher body) {
        Answer answer = raw(method, path, headers, body);
        Contract.natter().holds(method, base.resolve(path).getRawPath(), answer);
        return answer;
    }
}

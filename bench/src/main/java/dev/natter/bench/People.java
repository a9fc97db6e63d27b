package dev.natter.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Users of an installation and their chats, made through its API as anybody's are.
 *
 * @param base the installation
 */
record People(URI base) {
    static final JsonMapper JSON = new JsonMapper();

    /** As many at once as keep two processors busy with hashing passwords. */
    private static final int AT_ONCE = 4;

    /**
     * Somebody who is signed in.
     *
     * @param id user id
     * @param token access token
     */
    record Person(String id, String token) {}

    /** Registers some. */
    List<Person> register(int count) throws IOException {
        String crowd = UUID.randomUUID().toString().substring(0, 8);
        try (var threads =
                Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory())) {
            List<Future<Person>> all = IntStream.range(0, count)
                    .mapToObj(number -> threads.submit(() -> register("bench-" + crowd + "-" + number)))
                    .toList();
            return all.stream().map(People::outcome).toList();
        } catch (UncheckedIOException failure) {
            throw failure.getCause();
        }
    }

    private Person register(String name) throws IOException {
        JsonNode answer = post("/api/auth/register", null, Map.of("username", name, "password", "bench password"));
        return new Person(
                answer.path("user").path("id").asString(),
                answer.path("access_token").asString());
    }

    /**
     * Makes a group.
     *
     * @param owner who makes it
     * @param others who is in it too
     * @return its id
     */
    String group(Person owner, List<Person> others) throws IOException {
        List<String> ids = others.stream()
                .map(Person::id)
                .filter(id -> !id.equals(owner.id()))
                .toList();
        return post("/api/chats", owner.token(), Map.of("type", "group", "title", "Bench", "member_ids", ids))
                .path("id")
                .asString();
    }

    private JsonNode post(String path, String token, Map<String, ?> body) throws IOException {
        try (Connection connection = new Connection(base)) {
            byte[] request = Connection.request("POST", path, token, JSON.writeValueAsBytes(body));
            return JSON.readTree(connection.ask(request).good());
        }
    }

    private static <T> T outcome(Future<T> future) {
        try {
            return future.get();
        } catch (ExecutionException failed) {
            throw new UncheckedIOException(
                    failed.getCause() instanceof IOException cause ? cause : new IOException(failed.getCause()));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException("interrupted"));
        }
    }
}

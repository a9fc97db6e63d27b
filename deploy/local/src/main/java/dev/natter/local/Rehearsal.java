package dev.natter.local;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A start, and what the first client asks, for JVMs to learn from: {@code ./natter} runs it after a build, in a JVM
 * that keeps what it learns in the launcher's {@link AotCache}.
 */
public final class Rehearsal {
    private static final Pattern FIELD = Pattern.compile("\"(id|access_token)\" *: *\"([^\"]+)\"");

    private final HttpClient client = HttpClient.newHttpClient();
    private final URI base;

    private Rehearsal(URI base) {
        this.base = base;
    }

    /**
     * Rehearses in a folder that nobody needs afterwards.
     *
     * @param args the folder, and as in {@code auth-service} those that are to learn too, in processes of their own
     * @throws Exception if it fails; nothing is left running then
     */
    public static void main(String[] args) throws Exception {
        Path home = Path.of(args[0]).toAbsolutePath();
        Logs.configure(home, "natter", true);
        try (Natter natter = Natter.start(Options.in(home))) {
            new Rehearsal(natter.baseUri()).play();
            services(home, natter.wiring(), Set.of(args));
        }
        System.exit(0);
    }

    /** Each beside its like that runs here, as one more of several would. */
    private static void services(Path home, Wiring wiring, Set<String> modules) throws Exception {
        List<Future<Boolean>> rehearsals = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Part part : Part.values()) {
                if (modules.contains(part.module())) {
                    var settings = wiring.settings(part, Ports.internal(0), Ports.internal(0));
                    rehearsals.add(threads.submit(() -> new Alone(part, home, settings).rehearse()));
                }
            }
        }
        for (Future<Boolean> rehearsal : rehearsals) {
            rehearsal.get();
        }
    }

    private void play() throws IOException, InterruptedException {
        String user = ask("POST", "/api/auth/register", "", """
                {"username": "rehearsal", "password": "a rehearsal"}""");
        String token = field(user, "access_token");
        String chat = ask("POST", "/api/chats", token, """
                {"type": "group", "title": "Rehearsal", "member_ids": []}""");
        String messages = "/api/chats/" + field(chat, "id") + "/messages";
        ask("POST", messages, token, """
                {"content": "Hello?"}""");
        ask("GET", messages, token, "");
        ask("GET", "/api/chats", token, "");
    }

    private String ask(String method, String path, String token, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(base.resolve(path))
                .method(method, BodyPublishers.ofString(body))
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + token)
                .build();
        var answer = client.send(request, BodyHandlers.ofString());
        if (answer.statusCode() / 100 != 2) {
            throw new IOException(method + " " + path + ": " + answer.statusCode() + " " + answer.body());
        }
        return answer.body();
    }

    private static String field(String json, String name) {
        Matcher field = FIELD.matcher(json);
        while (field.find()) {
            if (field.group(1).equals(name)) {
                return field.group(2);
            }
        }
        throw new IllegalArgumentException("no " + name + " in " + json);
    }
}

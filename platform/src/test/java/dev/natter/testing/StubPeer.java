package dev.natter.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.natter.platform.http.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A neighbour's internal listener, answering as the test says; what it wasn't told about is 404. */
public final class StubPeer implements AutoCloseable {
    /**
     * What the neighbour was asked.
     *
     * @param method the method
     * @param uri path and query
     * @param path the path against the pattern: {@code path.group(1)} and so on
     * @param credential the header {@code Natter-Service}, or null
     * @param body the body
     */
    public record Request(String method, URI uri, MatchResult path, String credential, byte[] body) {
        /**
         * The body as a record.
         *
         * @param type its type
         * @return the value
         */
        public <T> T as(Class<T> type) {
            return Json.parse(body, type);
        }

        /**
         * A parameter of the query.
         *
         * @param name its name
         * @return its value, or null
         */
        public String query(String name) {
            String query = uri.getQuery();
            return query == null
                    ? null
                    : List.of(query.split("&")).stream()
                            .filter(pair -> pair.startsWith(name + "="))
                            .map(pair -> pair.substring(name.length() + 1))
                            .findFirst()
                            .orElse(null);
        }
    }

    /**
     * What the neighbour answers.
     *
     * @param status the HTTP status
     * @param body anything that JSON can be made of, or null
     */
    public record Answer(int status, Object body) {
        /**
         * A 200.
         *
         * @param body what is asked for
         * @return the answer
         */
        public static Answer ok(Object body) {
            return new Answer(200, body);
        }

        /**
         * A 404.
         *
         * @return the answer
         */
        public static Answer absent() {
            return new Answer(404, null);
        }
    }

    private record Rule(String method, Pattern path, Function<Request, Answer> answer) {}

    private final List<Rule> rules = new CopyOnWriteArrayList<>();
    private final List<Request> asked = new CopyOnWriteArrayList<>();
    private final HttpServer server;

    /** Starts a neighbour on a port of the system's choice. */
    public StubPeer() {
        try {
            this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    /**
     * Tells it how to answer; a later rule wins over an earlier one.
     *
     * @param method the method
     * @param path a regular expression for the whole path
     * @param answer the answer
     * @return this
     */
    public StubPeer on(String method, String path, Function<Request, Answer> answer) {
        rules.addFirst(new Rule(method, Pattern.compile(path), answer));
        return this;
    }

    /**
     * What it was asked so far, in order.
     *
     * @return a copy
     */
    public List<Request> asked() {
        return List.copyOf(asked);
    }

    /**
     * Where it is.
     *
     * @return its base address
     */
    public URI base() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Answer answer = answer(exchange, exchange.getRequestBody().readAllBytes());
            byte[] body = answer.body() == null ? new byte[0] : Json.bytes(answer.body());
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
            if (body.length > 0) {
                exchange.getResponseBody().write(body);
            }
        }
    }

    private Answer answer(HttpExchange exchange, byte[] body) {
        URI uri = exchange.getRequestURI();
        for (Rule rule : rules) {
            Matcher matcher = rule.path().matcher(uri.getPath());
            if (rule.method().equals(exchange.getRequestMethod()) && matcher.matches()) {
                Request request = new Request(
                        rule.method(),
                        uri,
                        matcher.toMatchResult(),
                        exchange.getRequestHeaders().getFirst("Natter-Service"),
                        body);
                asked.add(request);
                return rule.answer().apply(request);
            }
        }
        return Answer.absent();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}

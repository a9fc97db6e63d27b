package dev.natter.platform.http;

import io.helidon.http.DirectHandler;
import io.helidon.http.Header;
import io.helidon.http.HeaderValues;
import io.helidon.http.RequestException;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.http.DirectHandlers;

/**
 * Problems for what the server answers without asking the routing: a request that can't be parsed, a body over the
 * listener's limit, a refused upgrade. Helidon's own are plain text with the exception's message.
 */
final class DirectAnswers implements DirectHandler {
    private final Cors cors;

    private DirectAnswers(Cors cors) {
        this.cors = cors;
    }

    static DirectHandlers of(Cors cors) {
        DirectHandlers.Builder handlers = DirectHandlers.builder();
        for (EventType type : EventType.values()) {
            handlers.addHandler(type, new DirectAnswers(cors));
        }
        return handlers.build();
    }

    @Override
    public TransportResponse handle(
            TransportRequest request,
            EventType type,
            Status status,
            ServerResponseHeaders headers,
            Throwable thrown,
            System.Logger ignored) {
        return answer(request, type, headers, problem(status, thrown));
    }

    @Override
    public TransportResponse handle(
            TransportRequest request, EventType type, Status status, ServerResponseHeaders headers, String message) {
        return answer(request, type, headers, Failures.ofStatus(status.code()));
    }

    private static Problem problem(Status status, Throwable thrown) {
        if (status.code() >= 500
                && Connection.CURRENT.isBound()
                && Connection.CURRENT.get().isParsing()) {
            // Helidon's parser fails on a method that is no token as if that were its own fault.
            return Failures.ofStatus(400);
        }
        return thrown instanceof RequestException || status.code() >= 500
                ? Failures.problem(thrown)
                : Failures.ofStatus(status.code());
    }

    private TransportResponse answer(
            TransportRequest request, EventType type, ServerResponseHeaders headers, Problem problem) {
        Exchange exchange = Exchange.current();
        headers.set(HeaderValues.create(RequestId.HEADER, exchange.requestId()));
        for (Header header : cors.headers(request.headers())) {
            headers.set(header);
        }
        problem.headers().forEach(headers::set);
        byte[] body = problem.json(exchange.requestId());
        var response = TransportResponse.builder()
                .status(Status.create(problem.status()))
                .headers(headers)
                .keepAlive(type.keepAlive());
        return request.method().equals("HEAD")
                ? response.build()
                : response.entity(body).build();
    }
}

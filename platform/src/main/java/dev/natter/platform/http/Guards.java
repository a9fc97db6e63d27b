package dev.natter.platform.http;

import dev.natter.platform.http.Routes.CallerHandler;
import dev.natter.platform.token.Bearer;
import dev.natter.platform.token.SharedSecret;
import dev.natter.platform.token.TokenVerifier;
import dev.natter.platform.trace.Tracer;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerResponse;
import java.util.List;

/**
 * Who may pass to a service's handlers, and how often.
 *
 * @param service the service's name
 * @param tokens who verifies its callers
 * @param secret what its peers prove themselves with
 * @param tracer what begins its part in traces
 * @param edge the limits that every route has
 */
record Guards(String service, TokenVerifier tokens, SharedSecret secret, Tracer tracer, EdgeConfig edge) {
    static final HeaderName CREDENTIAL = HeaderNames.create("Natter-Service");

    Handler user(CallerHandler handler, List<RateLimit> limits) {
        return (request, response) -> {
            Exchange exchange = Exchange.current();
            try {
                exchange.caller(tokens.verify(Bearer.of(request.headers()).orElse(null)));
            } catch (Refused refused) {
                // Guessing is counted where it comes from, since nobody's token is being used up.
                exchange.count(edge.perAddress(), exchange.address(), response);
                throw refused;
            }
            exchange.count(edge.perUser(), exchange.caller().userId().toString(), response);
            count(limits, exchange, response);
            handler.handle(request, response, exchange.caller());
        };
    }

    Handler anyone(Handler handler, List<RateLimit> limits) {
        return (request, response) -> {
            Exchange exchange = Exchange.current();
            exchange.count(edge.perAddress(), exchange.address(), response);
            count(limits, exchange, response);
            handler.handle(request, response);
        };
    }

    Handler peer(Handler handler) {
        return (request, response) -> {
            if (!secret.isCredential(request.headers().first(CREDENTIAL).orElse(null))) {
                throw Problem.of(403, "forbidden", "Only services of this installation may call this.")
                        .refuse();
            }
            handler.handle(request, response);
        };
    }

    private static void count(List<RateLimit> limits, Exchange exchange, ServerResponse response) {
        limits.forEach(limit -> exchange.count(limit, exchange.address(), response));
    }
}

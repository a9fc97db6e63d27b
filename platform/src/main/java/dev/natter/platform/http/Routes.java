package dev.natter.platform.http;

import dev.natter.platform.token.Caller;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The routes of one listener. Every route says who may call it: a user with a bearer token (the default), another
 * service ({@link #peer}), or anyone ({@link #anonymous}). Paths are Helidon patterns:
 * {@code /api/chats/{chat_id}/messages}.
 *
 * <p>Keeps a table of what was registered: from it come 405 with {@code Allow}, the per-route metrics, and the test
 * that holds the routes against the contract.
 */
public final class Routes {
    /** Handles the request of a known user. */
    @FunctionalInterface
    public interface CallerHandler {
        /**
         * Answers a request, on the request's own virtual thread.
         *
         * @param request the request
         * @param response the response; sent before this returns
         * @param caller whose request it is
         * @throws Exception {@link Refused} for what the client is to hear; anything else is a 500
         */
        void handle(ServerRequest request, ServerResponse response, Caller caller) throws Exception;
    }

    /**
     * One registered route.
     *
     * @param method its method
     * @param path its pattern
     */
    public record Route(String method, String path) {}

    private final Listener listener;
    private final Guards guards;
    private final List<RateLimit> limits;
    private final List<RateLimit> everyLimit;
    private final List<Route> table;

    Routes(Listener listener, Guards guards) {
        this(listener, guards, List.of(), new ArrayList<>(), new ArrayList<>());
        everyLimit.add(guards.edge().perUser());
        everyLimit.add(guards.edge().perAddress());
    }

    private Routes(
            Listener listener, Guards guards, List<RateLimit> limits, List<RateLimit> everyLimit, List<Route> table) {
        this.listener = listener;
        this.guards = guards;
        this.limits = limits;
        this.everyLimit = everyLimit;
        this.table = table;
    }

    /**
     * A view of these routes: what is registered through it has a limit of its own, counted per client address, beside
     * the limits that every route has.
     *
     * <pre>{@code open.limited(RateLimit.from(config, "login")).anonymous(Method.POST, "/api/auth/login", this::login)}
     * </pre>
     *
     * @param limit the limit
     * @return the view
     */
    public Routes limited(RateLimit limit) {
        List<RateLimit> all = new ArrayList<>(limits);
        all.add(limit);
        everyLimit.add(limit);
        return new Routes(listener, guards, List.copyOf(all), everyLimit, table);
    }

    /**
     * GET by a user; HEAD is answered too.
     *
     * @param path the pattern
     * @param handler the handler
     * @return this
     */
    public Routes get(String path, CallerHandler handler) {
        return add(Method.GET, path, guards.user(handler, limits));
    }

    /**
     * POST by a user.
     *
     * @param path the pattern
     * @param handler the handler
     * @return this
     */
    public Routes post(String path, CallerHandler handler) {
        return add(Method.POST, path, guards.user(handler, limits));
    }

    /**
     * PUT by a user.
     *
     * @param path the pattern
     * @param handler the handler
     * @return this
     */
    public Routes put(String path, CallerHandler handler) {
        return add(Method.PUT, path, guards.user(handler, limits));
    }

    /**
     * PATCH by a user.
     *
     * @param path the pattern
     * @param handler the handler
     * @return this
     */
    public Routes patch(String path, CallerHandler handler) {
        return add(Method.PATCH, path, guards.user(handler, limits));
    }

    /**
     * DELETE by a user.
     *
     * @param path the pattern
     * @param handler the handler
     * @return this
     */
    public Routes delete(String path, CallerHandler handler) {
        return add(Method.DELETE, path, guards.user(handler, limits));
    }

    /**
     * A route that anyone may call; a GET answers HEAD too.
     *
     * @param method the method
     * @param path the pattern
     * @param handler the handler
     * @return this
     */
    public Routes anonymous(Method method, String path, Handler handler) {
        return add(method, path, guards.anyone(handler, limits));
    }

    /**
     * A route that only another service of this installation may call: it must show the credential of
     * {@link dev.natter.platform.token.SharedSecret}.
     *
     * @param method the method
     * @param path the pattern
     * @param handler the handler
     * @return this
     */
    public Routes peer(Method method, String path, Handler handler) {
        return add(method, path, guards.peer(handler));
    }

    /**
     * What requests must not exceed here, as it is enforced; to be asked for once every route is registered.
     *
     * @return the limits
     */
    public RequestLimits limits() {
        return RequestLimits.of(listener.maxBody(), everyLimit);
    }

    /**
     * Tells other services what clients must not exceed at this one: {@code GET /internal/limits/<service>}.
     *
     * @param limits asked each time; a record, told to clients as it is
     * @return this
     */
    public Routes limits(Supplier<? extends Record> limits) {
        return peer(
                Method.GET,
                "/internal/limits/" + guards.service(),
                (_, response) -> Json.send(response, Status.OK_200, limits.get()));
    }

    /**
     * What was registered, in order.
     *
     * @return the routes
     */
    public List<Route> table() {
        return List.copyOf(table);
    }

    private Routes add(Method method, String path, Handler guarded) {
        table.add(new Route(method.text(), path));
        listener.add(guards, method, path, guarded);
        return this;
    }
}

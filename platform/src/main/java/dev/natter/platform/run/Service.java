package dev.natter.platform.run;

import dev.natter.platform.http.Routes;
import dev.natter.platform.token.SharedSecret;
import dev.natter.platform.token.TokenVerifier;
import dev.natter.platform.trace.Tracer;
import io.helidon.health.HealthCheck;
import io.helidon.webserver.websocket.WsRouting;
import java.util.List;

/**
 * A service as an object: what a {@link Node} hosts, alone or beside others. A service never knows which.
 *
 * <p>Life cycle, each step once and from one thread: {@link #routes} and {@link #sockets}, {@link #start}, then
 * requests from many threads, {@link #drain} while the last of them finish, {@link #close}.
 */
public interface Service {
    /**
     * The service's short name, as in {@code message}: its section in metrics, logs and health.
     *
     * @return the name
     */
    String name();

    /**
     * Who verifies the bearer tokens of the service's routes.
     *
     * @return the verifier
     */
    TokenVerifier tokens();

    /**
     * What peers prove themselves with at the service's internal routes.
     *
     * @return the secret
     */
    SharedSecret secret();

    /**
     * What begins the service's part in traces; closed by its node, after the service.
     *
     * @return the tracer
     */
    default Tracer tracer() {
        return Tracer.off();
    }

    /**
     * Adds the service's routes.
     *
     * @param open the listener that clients reach
     * @param internal the listener that only other services reach
     */
    void routes(Routes open, Routes internal);

    /**
     * Adds the service's WebSocket endpoints to the public listener.
     *
     * @param sockets the endpoints of the listener
     */
    default void sockets(WsRouting.Builder sockets) {}

    /** Waits for what the service depends on and begins its work; returns when it can serve. */
    void start();

    /** Finishes what has begun and begins nothing new; called before the listeners close. */
    default void drain() {}

    /** Lets go of everything; called after the listeners have closed, and also if {@link #start} failed. */
    void close();

    /**
     * What readiness depends on, each under its own name.
     *
     * @return the checks
     */
    default List<HealthCheck> checks() {
        return List.of();
    }
}

package dev.natter.auth;

import dev.natter.contracts.Internal.SessionIds;
import dev.natter.contracts.Internal.Ticket;
import dev.natter.platform.http.Json;
import dev.natter.platform.http.Problem;
import dev.natter.platform.http.Query;
import dev.natter.platform.http.Routes;
import dev.natter.platform.token.Caller;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.Set;
import java.util.UUID;

/** Shows users where they are signed in and signs them out there; gives tickets for WebSockets. */
final class SessionApi {
    private final Sessions sessions;
    private final Tickets tickets;

    /**
     * What opens one WebSocket.
     *
     * @param ticket shown in the address
     * @param expiresIn seconds until it is worth nothing
     */
    record Given(String ticket, long expiresIn) {
        @Override
        public String toString() {
            return "Given[hidden]";
        }
    }

    SessionApi(Sessions sessions, Tickets tickets) {
        this.sessions = sessions;
        this.tickets = tickets;
    }

    void routes(Routes open, Routes internal) {
        open.get("/api/auth/sessions", this::list);
        open.delete("/api/auth/sessions/{session_id}", this::end);
        open.post("/api/auth/logout", this::logout);
        open.post("/api/auth/ws-ticket", this::give);
        internal.peer(Method.POST, "/internal/tickets/redeem", this::redeem);
        internal.peer(Method.POST, "/internal/sessions/alive", this::alive);
    }

    private void list(ServerRequest request, ServerResponse response, Caller caller) {
        UUID current = Query.id(caller.sessionId()).orElse(null);
        Json.send(response, Status.OK_200, sessions.of(caller.userId(), current));
    }

    private void end(ServerRequest request, ServerResponse response, Caller caller) {
        UUID id = Query.pathId(request, "session_id", "session");
        if (!sessions.end(caller.userId(), id)) {
            throw Problem.notFound("session").refuse();
        }
        response.status(Status.NO_CONTENT_204).send();
    }

    private void logout(ServerRequest request, ServerResponse response, Caller caller) {
        Query.id(caller.sessionId()).ifPresent(id -> sessions.end(caller.userId(), id));
        response.status(Status.NO_CONTENT_204).send();
    }

    private void give(ServerRequest request, ServerResponse response, Caller caller) {
        String ticket = Query.id(caller.sessionId())
                .flatMap(id -> tickets.issue(caller, id))
                .orElseThrow(() -> Problems.endedSession().refuse());
        response.header(Headers.NO_STORE);
        Json.send(response, Status.CREATED_201, new Given(ticket, Tickets.LIFETIME.toSeconds()));
    }

    private void redeem(ServerRequest request, ServerResponse response) {
        String shown = Json.read(request, Ticket.class).ticket();
        var holder = tickets.redeem(shown == null ? "" : shown)
                .orElseThrow(() -> Problem.notFound("ticket").refuse());
        Json.send(response, Status.OK_200, holder);
    }

    private void alive(ServerRequest request, ServerResponse response) {
        Set<String> asked = Json.read(request, SessionIds.class).ids();
        Json.send(response, Status.OK_200, new SessionIds(sessions.alive(asked == null ? Set.of() : asked)));
    }
}

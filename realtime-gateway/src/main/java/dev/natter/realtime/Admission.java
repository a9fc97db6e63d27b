package dev.natter.realtime;

import dev.natter.contracts.Internal;
import dev.natter.platform.http.Json;
import dev.natter.platform.http.Peer;
import dev.natter.platform.http.Problem;
import dev.natter.platform.http.Refused;
import dev.natter.platform.token.Caller;
import dev.natter.platform.token.TokenVerifier;
import java.time.Instant;
import java.util.regex.Pattern;

/** Whom a token or a ticket proves. Neither is ever logged. Thread-safe; a ticket blocks. */
final class Admission {
    private static final Pattern TICKET = Pattern.compile("[A-Za-z0-9._~-]{1,256}");
    private static final Problem UNAUTHENTICATED =
            Problem.of(401, "unauthenticated", "A valid access token or ticket is required.");

    private final TokenVerifier tokens;
    private final Peer auth;
    private final EndedSessions ended;

    Admission(TokenVerifier tokens, Peer auth, EndedSessions ended) {
        this.tokens = tokens;
        this.auth = auth;
        this.ended = ended;
    }

    /**
     * Whose token this is.
     *
     * @param token the token, or null
     * @throws Refused 401 if it proves nothing, or its session has ended; 503 if that can't be known now
     */
    Caller byToken(String token) {
        return inSession(tokens.verify(token));
    }

    /**
     * Whom this ticket was given to; it is spent now, whatever comes of it.
     *
     * @throws Refused 401 if it proves nothing; 503 if that can't be known now
     */
    Caller byTicket(String ticket) {
        if (!TICKET.matcher(ticket).matches()) {
            throw UNAUTHENTICATED.refuse();
        }
        Internal.TicketHolder holder;
        try {
            holder = auth.relay(
                    "/internal/tickets/redeem",
                    Json.bytes(new Internal.Ticket(ticket)),
                    false,
                    Internal.TicketHolder.class);
        } catch (Refused refused) {
            throw refused.problem().status() == 404 ? UNAUTHENTICATED.refuse() : refused;
        }
        if (!holder.expiresAt().isAfter(Instant.now())) {
            throw UNAUTHENTICATED.refuse();
        }
        return inSession(new Caller(holder.userId(), holder.sessionId(), holder.expiresAt()));
    }

    /** Whether a caller's session has ended since they were admitted. */
    boolean hasEnded(Caller caller) {
        return ended.contains(caller.sessionId());
    }

    private Caller inSession(Caller caller) {
        if (hasEnded(caller)) {
            throw UNAUTHENTICATED.refuse();
        }
        return caller;
    }
}

package dev.natter.realtime;

import dev.natter.platform.http.Problem;
import dev.natter.platform.http.Refused;
import dev.natter.platform.http.RequestId;
import dev.natter.platform.http.Wire;
import dev.natter.platform.token.Bearer;
import dev.natter.platform.token.Caller;
import io.helidon.common.buffers.BufferData;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import io.helidon.http.HttpPrologue;
import io.helidon.http.Method;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.websocket.WsListener;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Who may open a socket (RFC 6455, section 4.2). Helidon's filters don't see upgrades, so everything that they do for
 * other requests is done here. A request that may not be upgraded isn't: it goes on as the plain GET that it also is,
 * and the route of that path ({@link #explain}) says why in the form and with the headers of any other answer.
 */
final class Handshake implements WsListener {
    private static final System.Logger LOG = System.getLogger(Handshake.class.getName());
    private static final HeaderName KEY = HeaderNames.create("Sec-WebSocket-Key");
    private static final HeaderName VERSION = HeaderNames.create("Sec-WebSocket-Version");
    private static final HeaderName PROTOCOL = HeaderNames.create("Sec-WebSocket-Protocol");
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int KEY_BYTES = 16;

    private record Opening(Caller caller, String accept, boolean bearerChosen) {}

    private record Refusal(HttpPrologue request, Refused why) {}

    private final RealtimeConfig config;
    private final Admission admission;
    private final Sockets sockets;
    private final Meters meters;
    private final Function<Socket, Conversation> conversations;

    /** Why this thread, which serves one connection, has just refused: asking again would spend a ticket again. */
    private final ThreadLocal<Refusal> refusal = new ThreadLocal<>();

    Handshake(
            RealtimeConfig config,
            Admission admission,
            Sockets sockets,
            Meters meters,
            Function<Socket, Conversation> conversations) {
        this.config = config;
        this.admission = admission;
        this.sockets = sockets;
        this.meters = meters;
        this.conversations = conversations;
    }

    /**
     * Upgrades.
     *
     * @return the connection, its 101 already sent; or null if it is to go on as plain HTTP
     */
    ServerConnection upgrade(ConnectionContext context, HttpPrologue prologue, Headers headers) {
        Opening opening;
        try {
            opening = examine(prologue, headers);
            reserve(opening.caller());
        } catch (Refused refused) {
            meters.upgrade(refused.problem().status());
            refusal.set(new Refusal(prologue, refused));
            return null;
        }
        Caller caller = opening.caller();
        String requestId = RequestId.accept(headers.first(RequestId.HEADER).orElse(null));
        boolean allChats = prologue.query().first("subscribe").orElse("").equals("all");
        Socket socket;
        try {
            context.dataWriter().writeNow(BufferData.create(answer(opening, requestId)));
            socket = new Socket(
                    Wire.take(),
                    context.dataReader(),
                    caller,
                    allChats,
                    requestId,
                    config,
                    sockets,
                    meters,
                    conversations);
        } catch (RuntimeException gone) {
            sockets.release(caller.userId());
            throw gone;
        }
        meters.upgrade(101);
        LOG.log(System.Logger.Level.DEBUG, "{0} opened a socket, request {1}", caller, requestId);
        socket.open();
        return Wire.TAKEN;
    }

    /** Says why a request to the socket's path was not upgraded. */
    void explain(ServerRequest request, ServerResponse response) {
        Refusal known = refusal.get();
        refusal.remove();
        if (known != null && known.request() == request.prologue()) {
            throw known.why();
        }
        examine(request.prologue(), request.headers());
        throw Problem.unavailable("The socket can't be opened right now.").refuse();
    }

    private Opening examine(HttpPrologue prologue, Headers headers) {
        demandOrigin(headers);
        List<String> protocols = list(headers, PROTOCOL);
        boolean bearer = protocols.size() == 2 && protocols.getFirst().equalsIgnoreCase(Bearer.SCHEME);
        String ticket = prologue.query().first("ticket").orElse(null);
        Caller caller = null;
        if (ticket == null) {
            caller = demandOwn(prologue, admission.byToken(token(prologue, headers, bearer ? protocols.get(1) : null)));
        }
        demandUpgrade(prologue, headers);
        String accept = accept(headers.first(KEY).orElse(""));
        if (sockets.isDraining()) {
            throw Problem.unavailable("This server is about to restart.").refuse();
        }
        if (ticket != null) {
            // Last, since that spends it.
            caller = demandOwn(prologue, admission.byTicket(ticket));
        }
        return new Opening(caller, accept, bearer);
    }

    private static Caller demandOwn(HttpPrologue prologue, Caller caller) {
        String path = prologue.uriPath().path();
        if (!path.substring(path.lastIndexOf('/') + 1).equals(caller.userId().toString())) {
            throw Problem.of(403, "forbidden", "This is another user's socket.").refuse();
        }
        return caller;
    }

    private void demandOrigin(Headers headers) {
        Optional<String> origin = headers.first(HeaderNames.ORIGIN);
        if (origin.isPresent() && !config.origins().contains(origin.get())) {
            throw Problem.of(403, "forbidden", "Pages of this origin may not connect.")
                    .refuse();
        }
    }

    private static String token(HttpPrologue prologue, Headers headers, String offered) {
        if (headers.contains(HeaderNames.AUTHORIZATION)) {
            return Bearer.of(headers).orElse(null);
        }
        return offered != null ? offered : prologue.query().first("token").orElse(null);
    }

    private static void demandUpgrade(HttpPrologue prologue, Headers headers) {
        boolean asked = prologue.method().equals(Method.GET)
                && list(headers, HeaderNames.UPGRADE).stream().anyMatch("websocket"::equalsIgnoreCase)
                && list(headers, HeaderNames.CONNECTION).stream().anyMatch("upgrade"::equalsIgnoreCase);
        if (!asked) {
            throw Problem.of(426, "upgrade_required", "This path speaks WebSocket only.")
                    .refuse();
        }
        if (!headers.first(VERSION).orElse("").equals("13")) {
            throw Problem.of(426, "upgrade_required", "Sec-WebSocket-Version must be 13.")
                    .refuse();
        }
        boolean body = headers.contains(HeaderNames.TRANSFER_ENCODING)
                || !headers.first(HeaderNames.CONTENT_LENGTH).orElse("0").equals("0");
        if (body || !headers.contains(HeaderNames.HOST)) {
            throw Problem.malformed("An upgrade needs a Host and has no body.").refuse();
        }
    }

    private static String accept(String key) {
        try {
            if (Base64.getDecoder().decode(key).length == KEY_BYTES) {
                byte[] sha1 =
                        MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
                return Base64.getEncoder().encodeToString(sha1);
            }
        } catch (IllegalArgumentException notBase64) {
            throw Problem.malformed("Sec-WebSocket-Key is malformed.").refuse();
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("This JDK has no SHA-1", impossible);
        }
        throw Problem.malformed("Sec-WebSocket-Key is malformed.").refuse();
    }

    private void reserve(Caller caller) {
        if (!sockets.reserve(caller.userId())) {
            throw new Problem(
                            429,
                            "rate_limited",
                            "You have as many sockets open as you may.",
                            true,
                            Duration.ofSeconds(1),
                            List.of())
                    .refuse();
        }
    }

    private static byte[] answer(Opening opening, String requestId) {
        String text = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Accept: " + opening.accept() + "\r\n"
                + RequestId.HEADER.defaultCase() + ": " + requestId + "\r\n"
                + (opening.bearerChosen() ? "Sec-WebSocket-Protocol: " + Bearer.SCHEME + "\r\n" : "")
                + "\r\n";
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static List<String> list(Headers headers, HeaderName name) {
        if (!headers.contains(name)) {
            return List.of();
        }
        return headers.get(name).allValues().stream()
                .flatMap(value -> Stream.of(value.split(",")))
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .toList();
    }
}

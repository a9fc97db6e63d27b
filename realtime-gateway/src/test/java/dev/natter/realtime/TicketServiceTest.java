package dev.natter.realtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.natter.contracts.Internal;
import dev.natter.testing.Api;
import dev.natter.testing.Reply;
import dev.natter.testing.Socket;
import dev.natter.testing.StubPeer.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Opening a socket with a ticket: once, whatever comes of it. */
class TicketServiceTest {
    private static final Map<String, Internal.TicketHolder> TICKETS = new ConcurrentHashMap<>();
    private static Stage stage;

    private final UUID ann = UUID.randomUUID();
    private final String ticket = "t-" + UUID.randomUUID();

    @BeforeAll
    static void begin() {
        stage = Stage.open("sockets.per.user", "1");
        stage.log().peer().on("POST", "/internal/tickets/redeem", request -> {
            Internal.TicketHolder holder =
                    TICKETS.remove(request.as(Internal.Ticket.class).ticket());
            return holder == null
                    ? new Answer(
                            404, Map.of("code", "not_found", "detail", "There is no such ticket.", "retryable", false))
                    : Answer.ok(holder);
        });
    }

    @AfterAll
    static void end() {
        stage.close();
    }

    @Test
    void aTicketOpensOneSocketWithItsSessionUntilItsTokenExpires() {
        Instant until = give(Duration.ofSeconds(2));
        try (Socket socket = Socket.open(stage.uri(path()), Map.of())) {
            assertThat(socket.await("hello").path("session_id").stringValue()).isEqualTo("s-" + ann);
            assertThat(Instant.parse(
                            socket.await("token_expiring").path("expires_at").stringValue()))
                    .isEqualTo(until);
            assertThat(Socket.refused(stage.uri(path()), Map.of())).isEqualTo(401);
            assertThat(socket.awaitClose()).isEqualTo(4401);
        }
    }

    @Test
    void aTicketIsSpentEvenIfTheUpgradeFailsAfterIt() {
        give(Duration.ofHours(1));
        try (Socket only = stage.socket(ann)) {
            assertThat(Socket.refused(stage.uri(path()), Map.of())).isEqualTo(429);
            assertThat(only.frames("error")).isEmpty();
        }
        assertThat(Socket.refused(stage.uri(path()), Map.of())).isEqualTo(401);

        give(Duration.ofHours(1));
        assertThat(Socket.refused(stage.uri("/ws/" + UUID.randomUUID() + "?ticket=" + ticket), Map.of()))
                .isEqualTo(403);
        assertThat(Socket.refused(stage.uri(path()), Map.of())).isEqualTo(401);
    }

    @Test
    void whatIsNoUpgradeSpendsNoTicket() {
        give(Duration.ofHours(1));
        Reply reply = new Api(stage.http("/")).get(path());

        assertThat(reply.status()).isEqualTo(426);
        try (Socket socket = Socket.open(stage.uri(path()), Map.of())) {
            socket.await("hello");
        }
    }

    @Test
    void whatIsNoTicketOpensNothing() {
        for (String bad : new String[] {"", "no", "%00", "x".repeat(300)}) {
            assertThat(Socket.refused(stage.uri("/ws/" + ann + "?ticket=" + bad), Map.of()))
                    .as(bad)
                    .isEqualTo(401);
        }
        give(Duration.ofSeconds(-1));
        assertThat(Socket.refused(stage.uri(path()), Map.of())).isEqualTo(401);
    }

    @Test
    void whileAuthServiceIsAwayTicketsCanBeTriedLater() {
        try (Stage lonely = Stage.open("auth.url", "http://127.0.0.1:1")) {
            assertThat(Socket.refused(lonely.uri(path()), Map.of())).isEqualTo(503);
        }
    }

    @Test
    void noTicketIsEverLogged() {
        var lines = new StringBuffer();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord line) {
                lines.append(new SimpleFormatter().format(line));
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        handler.setLevel(Level.ALL);
        Logger root = Logger.getLogger("dev.natter");
        Level before = root.getLevel();
        root.setLevel(Level.ALL);
        root.addHandler(handler);
        try {
            give(Duration.ofHours(1));
            try (Socket socket = Socket.open(stage.uri(path()), Map.of())) {
                socket.await("hello");
                assertThat(Socket.refused(stage.uri(path()), Map.of())).isEqualTo(401);
            }
            new Api(stage.http("/")).get(path());
        } finally {
            root.removeHandler(handler);
            root.setLevel(before);
        }

        assertThat(lines.toString()).contains("opened a socket").doesNotContain(ticket);
    }

    private String path() {
        return "/ws/" + ann + "?ticket=" + ticket;
    }

    private Instant give(Duration life) {
        Instant until = Instant.ofEpochSecond(Instant.now().plus(life).getEpochSecond() + 1);
        TICKETS.put(ticket, new Internal.TicketHolder(ann, "s-" + ann, life.isNegative() ? Instant.now() : until));
        return until;
    }
}

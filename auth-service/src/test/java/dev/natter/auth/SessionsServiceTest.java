package dev.natter.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.natter.auth.Sessions.Open;
import dev.natter.contracts.Internal.TicketHolder;
import dev.natter.contracts.Subjects;
import dev.natter.contracts.UserEvent;
import dev.natter.platform.bus.Delivery;
import dev.natter.platform.http.Json;
import dev.natter.platform.token.Caller;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SessionsServiceTest {
    private final SignIns signIns = new SignIns();

    @AfterAll
    void close() {
        signIns.close();
    }

    @Test
    void aSessionEndsWhenItIsNotUsed() {
        Open idle = signIns.sessions.open(signIns.user(), null);
        Open busy = signIns.sessions.open(idle.userId(), null);

        signIns.clock.advance(Duration.ofDays(29));
        Open next = signIns.rotate(busy.refreshToken()).orElseThrow();
        signIns.clock.advance(Duration.ofDays(2));

        assertThat(signIns.rotate(idle.refreshToken())).isEmpty();
        assertThat(signIns.rotate(next.refreshToken())).isPresent();
    }

    @Test
    void whoSignsOutIsOut() {
        Open open = signIns.sessions.open(signIns.user(), null);

        assertThat(signIns.sessions.end(open.userId(), open.id())).isTrue();
        assertThat(signIns.sessions.end(open.userId(), open.id())).isFalse();

        assertThat(signIns.rotate(open.refreshToken())).isEmpty();
    }

    @Test
    void nobodySignsAnotherOut() {
        Open open = signIns.sessions.open(signIns.user(), null);

        assertThat(signIns.sessions.end(signIns.user(), open.id())).isFalse();

        assertThat(signIns.rotate(open.refreshToken())).isPresent();
    }

    @Test
    void anEndBeforeItsTimeIsToldOnceAndOneInItsTimeIsNot() {
        BlockingQueue<Delivery> heard = new LinkedBlockingQueue<>();
        try (var _ = signIns.bus.subscribe(Subjects.SESSIONS_ENDED, heard::add)) {
            Open ended = signIns.sessions.open(signIns.user(), null);
            signIns.sessions.end(ended.userId(), ended.id());
            signIns.sessions.end(ended.userId(), ended.id());
            Open stolen = signIns.sessions.open(ended.userId(), null);
            signIns.rotate(stolen.refreshToken()).orElseThrow();
            signIns.rotate(stolen.refreshToken());
            Open idle = signIns.sessions.open(ended.userId(), null);
            signIns.clock.advance(Duration.ofDays(31));
            signIns.sessions.end(idle.userId(), idle.id());
            signIns.rotate(idle.refreshToken());
            UUID crowded = signIns.user();
            List<UUID> opened = new ArrayList<>();
            for (int i = 0; i < 101; i++) {
                signIns.clock.advance(SignIns.MOMENT);
                opened.add(signIns.sessions.open(crowded, null).id());
            }

            await().until(() ->
                    heard.stream().anyMatch(event -> told(event).userId().equals(crowded)));

            assertThat(heard)
                    .extracting(event -> told(event).sessionId())
                    .containsExactly(
                            ended.id().toString(),
                            stolen.id().toString(),
                            opened.getFirst().toString());
            assertThat(heard).allSatisfy(event -> {
                assertThat(event.subject())
                        .isEqualTo("natter.user." + told(event).userId() + ".session_ended");
                assertThat(told(event).version()).isEqualTo(1);
            });
        }
    }

    @Test
    void oneSessionIsShownBesideTheOthersTheLastUsedFirst() {
        UUID userId = signIns.user();
        Open first = signIns.sessions.open(userId, "Firefox on Linux");
        signIns.clock.advance(SignIns.MOMENT);
        Open second = signIns.sessions.open(userId, null);
        signIns.sessions.open(signIns.user(), "of another");
        signIns.rotate(first.refreshToken()).orElseThrow();

        List<Sessions.Shown> shown = signIns.sessions.of(userId, second.id());

        assertThat(shown).extracting(Sessions.Shown::id).containsExactly(first.id(), second.id());
        assertThat(shown).extracting(Sessions.Shown::device).containsExactly("Firefox on Linux", null);
        assertThat(shown).extracting(Sessions.Shown::current).containsExactly(false, true);
        assertThat(shown.getFirst().lastUsedAt()).isEqualTo(signIns.clock.instant());
        assertThat(shown.getFirst().createdAt()).isBefore(signIns.clock.instant());
        signIns.clock.advance(Duration.ofDays(31));
        assertThat(signIns.sessions.of(userId, second.id())).isEmpty();
    }

    @Test
    void ofFiftyWhoShowATicketOneGetsIn() throws Exception {
        Open open = signIns.sessions.open(signIns.user(), null);
        String ticket = signIns.ticket(open);
        var together = new CyclicBarrier(50);
        List<Future<Optional<TicketHolder>>> answers = new ArrayList<>();

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 50; i++) {
                answers.add(threads.submit(() -> {
                    together.await();
                    return signIns.tickets.redeem(ticket);
                }));
            }
        }

        List<TicketHolder> winners = new ArrayList<>();
        for (var answer : answers) {
            answer.get().ifPresent(winners::add);
        }
        assertThat(winners)
                .containsExactly(new TicketHolder(
                        open.userId(), open.id().toString(), caller(open).expiresAt()));
    }

    @Test
    void aTicketIsWorthNothingLaterOrOnceItsSessionHasEnded() {
        Open open = signIns.sessions.open(signIns.user(), null);
        String late = signIns.ticket(open);
        signIns.clock.advance(Duration.ofSeconds(30));
        assertThat(signIns.tickets.redeem(late)).isEmpty();

        String inTime = signIns.ticket(open);
        signIns.clock.advance(Duration.ofSeconds(29));
        assertThat(signIns.tickets.redeem(inTime)).isPresent();

        String orphan = signIns.ticket(open);
        signIns.sessions.end(open.userId(), open.id());
        assertThat(signIns.tickets.redeem(orphan)).isEmpty();
        assertThat(signIns.tickets.issue(caller(open), open.id())).isEmpty();
        for (String text : List.of("", "wt_", "wt_" + "A".repeat(43), "\0", "x".repeat(60_000))) {
            assertThat(signIns.tickets.redeem(text)).isEmpty();
        }
    }

    @Test
    void aTicketOutlivesNoAccessToken() {
        Open open = signIns.sessions.open(signIns.user(), null);
        String ticket = signIns.ticket(open);
        var soon = new Caller(
                open.userId(), open.id().toString(), signIns.clock.instant().plusSeconds(5));
        String brief = signIns.tickets.issue(soon, open.id()).orElseThrow();

        signIns.clock.advance(Duration.ofSeconds(6));

        assertThat(signIns.tickets.redeem(brief)).isEmpty();
        assertThat(signIns.tickets.redeem(ticket)).isPresent();
    }

    @Test
    void ticketsNobodyCameWithDoNotPileUp() throws Exception {
        Open open = signIns.sessions.open(signIns.user(), null);
        for (int i = 0; i < 40; i++) {
            signIns.ticket(open);
            signIns.clock.advance(Duration.ofSeconds(10));
        }

        try (var connection = signIns.database.connection();
                var row = connection
                        .prepareStatement("SELECT count(*) FROM tickets WHERE session_id = '" + open.id() + "'")
                        .executeQuery()) {
            row.next();
            assertThat(row.getInt(1)).isLessThan(10);
        }
    }

    @Test
    void aUserHasOnlySoManySessions() {
        UUID userId = signIns.user();
        Open oldest = signIns.sessions.open(userId, null);
        signIns.clock.advance(SignIns.MOMENT);
        Open second = signIns.sessions.open(userId, null);

        for (int i = 0; i < 99; i++) {
            signIns.clock.advance(SignIns.MOMENT);
            signIns.sessions.open(userId, null);
        }

        assertThat(signIns.rotate(oldest.refreshToken())).isEmpty();
        assertThat(signIns.rotate(second.refreshToken())).isPresent();
    }

    @Test
    void neitherTokenNorTicketIsStoredAsItIs() throws Exception {
        Open open = signIns.sessions.open(signIns.user(), null);
        String ticket = signIns.ticket(open);

        try (var connection = signIns.database.connection();
                var rows = connection
                        .prepareStatement(
                                "SELECT CAST(t AS text) FROM refresh_tokens t UNION SELECT CAST(t AS text) FROM tickets t")
                        .executeQuery()) {
            while (rows.next()) {
                assertThat(rows.getString(1))
                        .doesNotContain(open.refreshToken())
                        .doesNotContain(ticket);
            }
        }
    }

    private static Caller caller(Open open) {
        return SignIns.caller(open);
    }

    private static UserEvent.SessionEnded told(Delivery event) {
        return (UserEvent.SessionEnded) Json.parse(event.payload(), UserEvent.class);
    }
}

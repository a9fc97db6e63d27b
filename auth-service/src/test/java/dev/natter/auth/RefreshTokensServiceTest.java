package dev.natter.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.natter.auth.RefreshTokens.Rotation;
import dev.natter.auth.Sessions.Open;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RefreshTokensServiceTest {
    private final SignIns signIns = new SignIns();

    @AfterAll
    void close() {
        signIns.close();
    }

    @Test
    void aTokenWorksOnceAndItsSuccessorToo() {
        Open first = signIns.sessions.open(signIns.user(), null);

        Open second = signIns.rotate(first.refreshToken()).orElseThrow();
        Open third = signIns.rotate(second.refreshToken()).orElseThrow();

        assertThat(List.of(second.id(), third.id())).containsOnly(first.id());
        assertThat(third.userId()).isEqualTo(first.userId());
        assertThat(List.of(first.refreshToken(), second.refreshToken(), third.refreshToken()))
                .doesNotHaveDuplicates();
    }

    @Test
    void aTokenThatComesAgainEndsTheWholeSession() {
        Open first = signIns.sessions.open(signIns.user(), null);
        Open other = signIns.sessions.open(first.userId(), null);
        Open second = signIns.rotate(first.refreshToken()).orElseThrow();
        Open third = signIns.rotate(second.refreshToken()).orElseThrow();

        int before = signIns.reuses.get();

        assertThat(signIns.rotate(first.refreshToken())).isEmpty();

        assertThat(signIns.reuses).hasValue(before + 1);
        assertThat(signIns.rotate(third.refreshToken())).isEmpty();
        assertThat(signIns.rotate(second.refreshToken())).isEmpty();
        assertThat(signIns.rotate(other.refreshToken())).isPresent();
    }

    @Test
    void fiftyWhoShowOneTokenAtOnceMakeOneSuccessor() throws Exception {
        Open first = signIns.sessions.open(signIns.user(), null);
        var arrivedAt = signIns.clock.instant();
        var together = new CyclicBarrier(50);
        List<Future<Optional<Open>>> answers = new ArrayList<>();

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 50; i++) {
                answers.add(threads.submit(() -> {
                    together.await();
                    return signIns.refreshTokens.rotate(new Rotation(first.refreshToken(), null, arrivedAt));
                }));
            }
        }

        List<Open> winners = new ArrayList<>();
        for (Future<Optional<Open>> answer : answers) {
            answer.get().ifPresent(winners::add);
        }
        assertThat(winners).hasSize(1);
        assertThat(signIns.rotate(winners.getFirst().refreshToken())).isPresent();
    }

    @Test
    void aLostAnswerIsGivenAgainToWhoeverNamedTheRequest() {
        Open first = signIns.sessions.open(signIns.user(), null);
        Open second = signIns.rotate(first.refreshToken(), "retry-1").orElseThrow();

        assertThat(signIns.rotate(first.refreshToken(), "retry-1")).contains(second);
        assertThat(signIns.rotate(second.refreshToken())).isPresent();
    }

    @Test
    void aLostAnswerIsNotGivenToAnotherRequest() {
        Open first = signIns.sessions.open(signIns.user(), null);
        Open second = signIns.rotate(first.refreshToken(), "retry-1").orElseThrow();

        assertThat(signIns.rotate(first.refreshToken(), "retry-2")).isEmpty();
        assertThat(signIns.rotate(second.refreshToken())).isEmpty();
    }

    @Test
    void aLostAnswerIsNotGivenLateNorAfterItArrived() {
        Open late = signIns.sessions.open(signIns.user(), null);
        signIns.rotate(late.refreshToken(), "retry").orElseThrow();
        signIns.clock.advance(Duration.ofSeconds(10));
        assertThat(signIns.rotate(late.refreshToken(), "retry")).isEmpty();

        Open used = signIns.sessions.open(signIns.user(), null);
        Open second = signIns.rotate(used.refreshToken(), "retry").orElseThrow();
        Open third = signIns.rotate(second.refreshToken()).orElseThrow();
        assertThat(signIns.rotate(used.refreshToken(), "retry")).isEmpty();
        assertThat(signIns.rotate(third.refreshToken())).isEmpty();
    }

    @Test
    void whatIsNoTokenIsWorthNothing() {
        for (String text :
                List.of("", "rt_", "rt_" + "A".repeat(43), "\0", "rt_" + "я".repeat(43), "x".repeat(60_000))) {
            assertThat(signIns.rotate(text)).isEmpty();
        }
    }
}

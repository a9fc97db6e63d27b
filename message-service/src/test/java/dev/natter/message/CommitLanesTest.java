package dev.natter.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.natter.platform.http.Refused;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.function.ObjIntConsumer;
import org.junit.jupiter.api.Test;

class CommitLanesTest {
    private static final MessageConfig ONE_LANE = oneLane(Duration.ofSeconds(10));
    private static final MessageConfig IMPATIENT = oneLane(Duration.ofMillis(100));
    private static final UUID CHAT = UUID.randomUUID();
    private static final Outcome DONE = new Outcome.Stranger();

    /** Each batch as it was committed. */
    private final List<List<String>> batches = new CopyOnWriteArrayList<>();

    /** What is to happen when one is. */
    private volatile Consumer<List<String>> committing = _ -> {};

    private void commit(List<Change> changes, ObjIntConsumer<Outcome> told) {
        List<String> texts =
                changes.stream().map(change -> ((Change.Send) change).content()).toList();
        batches.add(texts);
        committing.accept(texts);
        for (int place = 0; place < texts.size(); place++) {
            told.accept(DONE, place);
        }
    }

    @Test
    void aLaneOutlivesAnError() {
        try (var lanes = lanes(ONE_LANE)) {
            committing = _ -> {
                throw new StackOverflowError("expected by this test");
            };

            assertThatThrownBy(() -> lanes.commit(send("a"))).hasCauseInstanceOf(StackOverflowError.class);
            committing = _ -> {};

            assertThat(lanes.commit(send("b"))).isEqualTo(DONE);
        }
    }

    @Test
    void whoWaitsForOthersForTooLongIsToldSo() {
        try (var lanes = lanes(IMPATIENT);
                var _ = new Held(lanes)) {
            assertThatThrownBy(() -> lanes.commit(send("b")))
                    .isInstanceOfSatisfying(
                            Refused.class,
                            refused -> assertThat(refused.problem().status()).isEqualTo(503));
        }
    }

    @Test
    void whatWaitsIsCommittedTogetherInOrder() {
        try (var lanes = lanes(ONE_LANE)) {
            List<CompletableFuture<Outcome>> others;
            try (var first = new Held(lanes)) {
                others = first.behind("b", "c", "d");
            }

            assertThat(others).allSatisfy(other -> assertThat(other.join()).isEqualTo(DONE));
            assertThat(batches).containsExactly(List.of("first"), List.of("b", "c", "d"));
        }
    }

    @Test
    void moreThanABatchIsCommittedInSeveral() {
        try (var lanes = lanes(ONE_LANE)) {
            List<CompletableFuture<Outcome>> others;
            try (var first = new Held(lanes)) {
                others = first.behind("1", "2", "3", "4", "5");
            }

            assertThat(others).allSatisfy(other -> assertThat(other.join()).isEqualTo(DONE));
            assertThat(batches).containsExactly(List.of("first"), List.of("1", "2", "3", "4"), List.of("5"));
        }
    }

    @Test
    void oneThatCannotBeCommittedDoesNotFailItsNeighbours() {
        committing = texts -> {
            if (texts.contains("bad")) {
                throw new IllegalStateException("expected by this test");
            }
        };
        try (var lanes = lanes(ONE_LANE)) {
            List<CompletableFuture<Outcome>> others;
            try (var first = new Held(lanes)) {
                others = first.behind("b", "bad", "c");
            }

            assertThat(others.get(0).join()).isEqualTo(DONE);
            assertThatThrownBy(() -> others.get(1).join()).hasCauseInstanceOf(IllegalStateException.class);
            assertThat(others.get(2).join()).isEqualTo(DONE);
            assertThat(batches).contains(List.of("b"), List.of("c"));
        }
    }

    @Test
    void whatWaitsWhenALaneEndsIsCommittedAndWhatComesLaterIsRefused() throws InterruptedException {
        var lanes = lanes(ONE_LANE);
        var closing = Thread.ofVirtual().unstarted(lanes::close);
        List<CompletableFuture<Outcome>> others;
        try (var first = new Held(lanes)) {
            others = first.behind("b", "c");
            closing.start();
            await().until(() -> closing.getState() == Thread.State.TIMED_WAITING);

            assertThatThrownBy(() -> lanes.commit(send("late"))).isInstanceOf(Refused.class);
        }
        closing.join();

        assertThat(others).allSatisfy(other -> assertThat(other.join()).isEqualTo(DONE));
        assertThat(batches).containsExactly(List.of("first"), List.of("b", "c"));
    }

    /** A change that is being committed until this is closed. */
    private final class Held implements AutoCloseable {
        private final CommitLanes lanes;
        private final CountDownLatch held = new CountDownLatch(1);
        private final CompletableFuture<Outcome> first;

        Held(CommitLanes lanes) {
            this.lanes = lanes;
            var begun = new CountDownLatch(1);
            Consumer<List<String>> next = committing;
            committing = texts -> {
                if (texts.equals(List.of("first"))) {
                    begun.countDown();
                    join(held);
                } else {
                    next.accept(texts);
                }
            };
            this.first = CompletableFuture.supplyAsync(() -> lanes.commit(send("first")), Thread::startVirtualThread);
            join(begun);
        }

        /** Those that wait for it meanwhile, each come when the one before it was there. */
        List<CompletableFuture<Outcome>> behind(String... texts) {
            List<CompletableFuture<Outcome>> outcomes = new ArrayList<>();
            for (String text : texts) {
                var outcome = new CompletableFuture<Outcome>();
                Thread waiting = Thread.startVirtualThread(() -> {
                    try {
                        outcome.complete(lanes.commit(send(text)));
                    } catch (RuntimeException failure) {
                        outcome.completeExceptionally(failure);
                    }
                });
                await().until(() -> waiting.getState() == Thread.State.WAITING);
                outcomes.add(outcome);
            }
            return outcomes;
        }

        @Override
        public void close() {
            held.countDown();
            first.join();
        }
    }

    private static void join(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stopped) {
            throw new IllegalStateException(stopped);
        }
    }

    private CommitLanes lanes(MessageConfig config) {
        return new CommitLanes(this::commit, config);
    }

    private static Change.Send send(String text) {
        return new Change.Send(CHAT, UUID.randomUUID(), text, null, null, null);
    }

    private static MessageConfig oneLane(Duration timeout) {
        return new MessageConfig(URI.create("http://none"), Duration.ofHours(1), 1, 4, 8, timeout);
    }
}

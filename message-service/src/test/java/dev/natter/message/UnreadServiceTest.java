package dev.natter.message;

import static dev.natter.message.Running.member;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.natter.contracts.Internal.Mark;
import dev.natter.contracts.Internal.Standing;
import dev.natter.contracts.Internal.State;
import dev.natter.contracts.LiveEvent;
import dev.natter.contracts.LiveEvent.Unread;
import dev.natter.contracts.Subjects;
import dev.natter.platform.bus.Bus;
import dev.natter.platform.db.Uuid7;
import dev.natter.platform.http.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Unread counts, however they are come by, against counting by hand. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UnreadServiceTest {
    private Running running;

    @BeforeAll
    void open() {
        running = new Running();
    }

    @AfterAll
    void close() {
        running.close();
    }

    /** Each run has new ones; to repeat one, put its seed here. */
    static IntStream seeds() {
        return new Random().ints(5);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void countsAndSumsAreThoseOfTheModelAfterEachOfManySteps(int seed) {
        var random = new Random(seed);
        var readers = new Readers(running);
        var ledger = new Ledger(readers);
        Queue<Unread> told = new ConcurrentLinkedQueue<>();
        List<Bus.Subscription> subscriptions =
                readers.users.stream().map(user -> listen(user, told)).toList();
        for (int step = 0; step < 60; step++) {
            String when = "seed " + seed + ", step " + step;
            Unread moved = ledger.step(random);
            if (moved != null) {
                await().pollInterval(Duration.ofMillis(2)).until(() -> !told.isEmpty());
                assertThat(told.poll()).as(when).isEqualTo(moved);
            }
            // Not after each step, so that what is remembered lags behind by different lengths.
            if (random.nextBoolean()) {
                UUID reader = readers.users.get(random.nextInt(readers.users.size()));
                assertThat(readers.states(reader))
                        .as(when)
                        .extracting(Ledger::essence)
                        .containsExactlyInAnyOrderElementsOf(ledger.states(reader));
            }
        }
        subscriptions.forEach(Bus.Subscription::close);
        assertThat(told).as("seed %d", seed).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void countsAndSumsAreTrueAfterManyDevicesDidAllOfItAtOnce(int seed) {
        var readers = new Readers(running);
        try (var devices = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<Void>> busy = new ArrayList<>();
            for (int device = 0; device < 6; device++) {
                UUID user = readers.users.get(device % readers.users.size());
                var random = new Random(seed + device);
                busy.add(CompletableFuture.runAsync(() -> readers.bustle(user, random), devices));
            }
            busy.forEach(CompletableFuture::join);
        }

        for (UUID user : readers.users) {
            long sum = 0;
            Map<UUID, Integer> counts = new HashMap<>();
            for (State state : readers.states(user)) {
                int count = readers.countByHand(user, state.chatId());
                assertThat(state.unreadCount()).as("seed %d", seed).isEqualTo(count);
                counts.put(state.chatId(), count);
                sum += count;
            }
            Queue<Unread> told = new ConcurrentLinkedQueue<>();
            UUID chat = readers.chats.getFirst();
            try (var subscription = listen(user, told)) {
                assertThat(subscription).isNotNull();
                // Whatever the position was, this moves it, and what is told then is the truth.
                readers.mark(user, chat, "read", Long.MAX_VALUE / 10);
                readers.mark(user, chat, "unread", 0);
                long others = sum - counts.get(chat);
                int all = readers.countByHand(user, chat);
                await().untilAsserted(() ->
                        assertThat(told).as("seed %d", seed).contains(new Unread(chat, all, 0, others + all)));
            }
        }
    }

    @Test
    void aCountEndsAtAThousandAndComesDownFromThere() {
        UUID reader = Uuid7.next();
        UUID chat = running.chat(List.of(member(running.ann), member(reader)));
        running.fill(chat, 1010);
        assertThat(unread(reader, chat)).isEqualTo(1000);

        IntStream.rangeClosed(1, 9).forEach(seq -> delete(chat, seq));
        assertThat(unread(reader, chat)).isEqualTo(1000);
        IntStream.rangeClosed(10, 12).forEach(seq -> delete(chat, seq));
        assertThat(unread(reader, chat)).isEqualTo(998);
        IntStream.range(0, 5).forEach(i -> running.send(running.ann, chat, "more " + i));
        assertThat(unread(reader, chat)).isEqualTo(1000);
        running.as(reader).post("/api/chats/" + chat + "/read", new Mark(1009));
        assertThat(unread(reader, chat)).isEqualTo(6);
    }

    @Test
    void theSumLeavesOutWhatOneHasLeft() {
        UUID reader = Uuid7.next();
        var members = List.of(member(running.ann), member(reader));
        UUID stays = running.chat(members);
        UUID leaves = running.chat(members);
        for (UUID chat : List.of(stays, stays, leaves)) {
            running.send(running.ann, chat, "hello");
            unread(reader, chat);
        }
        Queue<Unread> told = new ConcurrentLinkedQueue<>();
        try (var subscription = listen(reader, told)) {
            assertThat(subscription).isNotNull();
            running.as(reader).post("/api/chats/" + stays + "/read", new Mark(1));
            await().until(() -> told.size() == 1);
            running.remove(leaves, 2, reader);
            await().until(() ->
                    running.as(reader).get("/api/chats/" + leaves + "/reads").status() == 404);
            running.as(reader).post("/api/chats/" + stays + "/unread", new Mark(0));
            await().until(() -> told.size() == 2);
        }
        assertThat(told).extracting(Unread::total).containsExactly(2L, 2L);
    }

    private int unread(UUID reader, UUID chat) {
        return running.as(reader)
                .post("/api/chats/" + chat + "/unread", new Mark(Long.MAX_VALUE / 10))
                .as(Standing.class)
                .unreadCount();
    }

    private void delete(UUID chat, long seq) {
        assertThat(running.as(running.ann)
                        .delete("/api/messages/" + chat + "." + seq)
                        .status())
                .isEqualTo(204);
    }

    private Bus.Subscription listen(UUID user, Queue<Unread> told) {
        return running.bus.subscribe(Subjects.unread(user), delivery -> {
            if (Json.parse(delivery.payload(), LiveEvent.class) instanceof Unread unread) {
                told.add(unread);
            }
        });
    }
}

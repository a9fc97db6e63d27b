package dev.natter.realtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.natter.platform.http.Problem;
import dev.natter.platform.http.Refused;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GatheringTest {
    private final List<List<Integer>> requests = Collections.synchronizedList(new ArrayList<>());

    @Test
    void aLoneAskerIsAnsweredAtOnce() throws InterruptedException {
        assertThat(squares(10, _ -> {}).ask(List.of(2, 3))).containsEntry(2, 4).containsEntry(3, 9);
        assertThat(squares(10, _ -> {}).ask(List.of())).isEmpty();
    }

    @Test
    void whoAsksWhileARequestIsUnderWayGathersForTheNext() {
        var answer = new CountDownLatch(1);
        var gathering = squares(10, _ -> await(answer));

        CompletableFuture<Map<Integer, Integer>> first = gathering.askSoon(List.of(0));
        List<CompletableFuture<Map<Integer, Integer>>> others = IntStream.range(1, 26)
                .mapToObj(i -> gathering.askSoon(List.of(i)))
                .toList();
        answer.countDown();

        assertThat(first.join()).containsEntry(0, 0);
        for (int i = 1; i < 26; i++) {
            assertThat(others.get(i - 1).join()).containsEntry(i, i * i);
        }
        assertThat(requests.stream().mapToInt(List::size)).allMatch(size -> size <= 10);
        assertThat(requests.size()).isBetween(3, 5);
    }

    @Test
    void aQuestionLargerThanARequestGoesAlone() throws InterruptedException {
        var gathering = squares(10, _ -> {});

        assertThat(gathering.ask(IntStream.range(0, 25).boxed().toList())).hasSize(25);
    }

    @Test
    void aRequestThatFailsFailsItsAskersOnly() throws InterruptedException {
        var gathering = squares(1, keys -> {
            if (keys.contains(13)) {
                throw Problem.unavailable("bad luck").refuse();
            }
        });

        CompletableFuture<Map<Integer, Integer>> good = gathering.askSoon(List.of(1));
        CompletableFuture<Map<Integer, Integer>> bad = gathering.askSoon(List.of(13));

        assertThat(good.join()).containsEntry(1, 1);
        assertThatThrownBy(bad::join).isInstanceOf(CompletionException.class).hasCauseInstanceOf(Refused.class);
        assertThatThrownBy(() -> gathering.ask(List.of(13))).isInstanceOf(Refused.class);
        assertThat(gathering.ask(List.of(2))).containsEntry(2, 4);
    }

    private Gathering<Integer, Integer> squares(int atOnce, java.util.function.Consumer<List<Integer>> first) {
        return new Gathering<>(atOnce, keys -> {
            requests.add(keys);
            first.accept(keys);
            return keys.stream().collect(Collectors.toMap(Function.identity(), key -> key * key));
        });
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

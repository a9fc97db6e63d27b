package dev.natter.realtime;

import dev.natter.platform.http.Problem;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * Puts the questions of many askers into few requests: while one request is under way the next askers gather, and the
 * next request is for all of them. No timer and no added wait: a lone asker's question goes out at once. Nobody is
 * answered from a request that began before they asked. Thread-safe.
 *
 * @param <K> what is asked about
 * @param <V> what is known about it
 */
final class Gathering<K, V> {
    private static final long PATIENCE_SECONDS = 15;

    private record Asker<K, V>(List<K> keys, CompletableFuture<Map<K, V>> answer) {}

    private final int atOnce;
    private final Function<List<K>, Map<K, V>> request;
    private final ArrayDeque<Asker<K, V>> waiting = new ArrayDeque<>();
    private boolean asking;

    /**
     * Nobody asks yet.
     *
     * @param atOnce for how many keys one request may ask
     * @param request asks; what it throws is thrown at those whose keys were among its own
     */
    Gathering(int atOnce, Function<List<K>, Map<K, V>> request) {
        this.atOnce = atOnce;
        this.request = request;
    }

    /**
     * Asks, and waits for the answer.
     *
     * @return what is known, of others' keys too; nothing about a key of which nothing is known
     * @throws dev.natter.platform.http.Refused 503 if it can't be known now
     */
    Map<K, V> ask(Collection<K> keys) throws InterruptedException {
        try {
            return askSoon(keys).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(failed);
        } catch (TimeoutException late) {
            throw Problem.unavailable("Too much is being asked right now.").refuse();
        }
    }

    /** Asks without waiting. */
    CompletableFuture<Map<K, V>> askSoon(Collection<K> keys) {
        var asker = new Asker<K, V>(List.copyOf(keys), new CompletableFuture<>());
        boolean first;
        synchronized (this) {
            waiting.add(asker);
            first = !asking;
            asking = true;
        }
        if (first) {
            Thread.startVirtualThread(this::answerAll);
        }
        return asker.answer();
    }

    private void answerAll() {
        for (List<Asker<K, V>> askers = next(); !askers.isEmpty(); askers = next()) {
            try {
                var keys = new LinkedHashSet<K>();
                askers.forEach(asker -> keys.addAll(asker.keys()));
                Map<K, V> answer = request.apply(List.copyOf(keys));
                askers.forEach(asker -> asker.answer().complete(answer));
            } catch (RuntimeException | Error failed) {
                askers.forEach(asker -> asker.answer().completeExceptionally(failed));
            }
        }
    }

    private synchronized List<Asker<K, V>> next() {
        var askers = new ArrayList<Asker<K, V>>();
        int keys = 0;
        while (!waiting.isEmpty()
                && (askers.isEmpty() || keys + waiting.peek().keys().size() <= atOnce)) {
            Asker<K, V> asker = waiting.poll();
            keys += asker.keys().size();
            askers.add(asker);
        }
        asking = !askers.isEmpty();
        return askers;
    }
}

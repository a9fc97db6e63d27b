package dev.natter.realtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** What waits in all queues together is counted as it is held. */
class BacklogTest {
    private final Meters meters = new Meters(() -> 0, () -> 0, () -> 0, () -> 0, () -> 0);
    private final Backlog backlog = new Backlog(10_000_000, meters);

    @Test
    void aFrameThatManyWaitForCountsOnce() {
        Frame shared = new Frame(new byte[1000]);
        List<Outbound> queues = queues(100, 10_000);

        queues.forEach(queue -> queue.offer(shared));

        assertThat(backlog.bytes()).isEqualTo(1000 + Backlog.FRAME + 100 * Backlog.PLACE);
        queues.forEach(Outbound::flush);
        assertThat(backlog.bytes()).isZero();
    }

    @Test
    void whatIsBeingWrittenCountsUntilItIs() {
        var permits = new Semaphore(0);
        var queue = new Outbound(_ -> permits.acquireUninterruptibly(), () -> {}, 10_000, backlog, meters);
        queue.offer(new Frame(new byte[300]));
        queue.offer(new Frame(new byte[500]));

        Thread.startVirtualThread(queue::flush);
        await().until(permits::hasQueuedThreads);

        assertThat(backlog.bytes()).isEqualTo(800 + Backlog.FRAME + Backlog.PLACE);
        queue.abandon();
        assertThat(backlog.bytes()).isPositive();
        permits.release();
        await().until(() -> backlog.bytes() == 0);
    }

    @Test
    void whatAPatientSenderStillHasCountsToo() throws InterruptedException {
        var permits = new Semaphore(0);
        var queue = new Outbound(_ -> permits.acquireUninterruptibly(), () -> {}, 1000, backlog, meters);
        List<Frame> page = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            page.add(new Frame(new byte[400]));
        }

        Thread sender = Thread.startVirtualThread(() -> {
            try {
                queue.sendPatiently(page);
            } catch (InterruptedException unexpected) {
                Thread.currentThread().interrupt();
            }
        });
        await().until(permits::hasQueuedThreads);

        assertThat(backlog.bytes()).isGreaterThanOrEqualTo(50 * 400);
        permits.release(1000);
        sender.join();
        await().until(() -> backlog.bytes() == 0);
        assertThat(queue.closingSince()).isZero();
    }

    @Test
    void aDroppedQueueIsNotHeldAnyMore() {
        Outbound queue = queues(1, 1000).getFirst();
        queue.offer(new Frame(new byte[900]));
        queue.offer(new Frame(new byte[900]));

        assertThat(backlog.bytes()).isEqualTo(Frame.close(CloseCode.TOO_SLOW).size() + Backlog.FRAME + Backlog.PLACE);
    }

    /** Each step offers one of five frames to one of four queues, or lets a queue write or die. */
    @Property(tries = 500)
    void theCountIsThatOfTheFramesThatSomebodyHolds(@ForAll @Size(max = 60) List<@IntRange(max = 99) Integer> steps) {
        List<Outbound> queues = queues(4, 2_000);
        List<List<Frame>> held = Stream.generate(ArrayList<Frame>::new)
                .limit(4)
                .<List<Frame>>map(list -> list)
                .toList();
        List<Frame> frames = IntStream.of(10, 100, 500, 900, 1500)
                .mapToObj(size -> new Frame(new byte[size]))
                .toList();
        boolean[] open = {true, true, true, true};
        for (int step : steps) {
            int at = step % 4;
            Outbound queue = queues.get(at);
            if (step >= 96) {
                queue.abandon();
                held.get(at).clear();
                open[at] = false;
            } else if (step >= 80) {
                queue.flush();
                held.get(at).clear();
            } else if (open[at]) {
                queue.offer(frames.get(step / 4 % 5));
                open[at] = queue.closingSince() == 0;
                if (!open[at]) {
                    held.get(at).clear();
                }
                held.get(at).add(open[at] ? frames.get(step / 4 % 5) : Frame.close(CloseCode.TOO_SLOW));
            }
            assertThat(backlog.bytes()).isEqualTo(expected(held));
        }
        queues.forEach(Outbound::flush);
        assertThat(backlog.bytes()).isZero();
    }

    private static long expected(List<List<Frame>> queues) {
        List<Frame> places = queues.stream().flatMap(List::stream).toList();
        return places.size() * Backlog.PLACE
                + places.stream()
                        .distinct()
                        .mapToLong(frame -> frame.size() + Backlog.FRAME)
                        .sum();
    }

    private List<Outbound> queues(int count, int maxBytes) {
        var queues = new ArrayList<Outbound>();
        for (int i = 0; i < count; i++) {
            queues.add(new Outbound(_ -> {}, () -> {}, maxBytes, backlog, meters));
        }
        return queues;
    }
}

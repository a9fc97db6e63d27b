package dev.natter.realtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OutboundTest {
    private final Meters meters = new Meters(() -> 0, () -> 0, () -> 0, () -> 0, () -> 0);
    private final Backlog backlog = new Backlog(10_000_000, meters);
    private final List<byte[]> writes = new ArrayList<>();
    private final AtomicInteger broken = new AtomicInteger();
    private final Semaphore permits = new Semaphore(0);

    @AfterEach
    void letGo() {
        permits.release(1_000_000);
        meters.close();
    }

    @Test
    void aLoneFrameIsWrittenAtOnceAndNotCopied() {
        Outbound outbound = open(1000);
        Frame frame = frame("one");

        outbound.send(frame);

        assertThat(writes).hasSize(1);
        assertThat(writes.getFirst()).isSameAs(frame.bytes());
    }

    @Test
    void whatGathersIsJoinedIntoOneWrite() {
        Outbound outbound = open(1000);

        assertThat(outbound.offer(frame("a")))
                .as("the first gets the writer's role")
                .isTrue();
        assertThat(outbound.offer(frame("b"))).isFalse();
        assertThat(outbound.offer(frame("c"))).isFalse();
        outbound.flush();

        assertThat(writes).containsExactly(joined(frame("a"), frame("b"), frame("c")));
        assertThat(outbound.offer(frame("d"))).as("the role is free again").isTrue();
    }

    @Test
    void oneWriteIsBounded() {
        Outbound outbound = open(1_000_000);
        Frame large = new Frame(new byte[30_000]);

        for (int i = 0; i < 5; i++) {
            outbound.offer(large);
        }
        outbound.flush();

        assertThat(writes).extracting(bytes -> bytes.length).containsExactly(60_000, 60_000, 30_000);
    }

    @Test
    void manyThreadsWriteEveryFrameWholeAndEachInItsOrder() throws InterruptedException {
        Outbound outbound = open(10_000_000);
        var threads = new ArrayList<Thread>();
        for (int t = 0; t < 8; t++) {
            int name = t;
            threads.add(Thread.startVirtualThread(() -> {
                for (int i = 0; i < 500; i++) {
                    outbound.send(frame(name + ":" + i));
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }

        List<String> texts = texts(joined(writes));
        assertThat(texts).hasSize(4000);
        for (int t = 0; t < 8; t++) {
            String name = t + ":";
            assertThat(texts.stream().filter(text -> text.startsWith(name)))
                    .map(text -> Integer.parseInt(text.substring(2)))
                    .isSorted()
                    .hasSize(500);
        }
    }

    @Test
    void anOverflowingQueueIsDroppedForACloseFrame() {
        Outbound outbound = blocked(100);
        outbound.offer(frame("in flight"));
        Thread.startVirtualThread(outbound::flush);
        await().until(permits::hasQueuedThreads);

        for (int i = 0; i < 20; i++) {
            outbound.offer(frame("waiting " + i));
        }
        assertThat(outbound.closingSince()).isNotZero();
        permits.release(10);

        await().untilAsserted(() ->
                assertThat(joined(written())).isEqualTo(joined(frame("in flight"), Frame.close(CloseCode.TOO_SLOW))));
        assertThat(outbound.offer(frame("too late"))).isFalse();
    }

    @Test
    void whatMayBeLostIsLostFirst() {
        Outbound outbound = open(100);
        outbound.offer(frame("a frame of some size, more than a quarter"));

        assertThat(outbound.offerIfCalm(frame("typing"))).isFalse();
        outbound.flush();

        assertThat(texts(joined(writes))).containsExactly("a frame of some size, more than a quarter");
        assertThat(outbound.offerIfCalm(frame("typing"))).isTrue();
    }

    @Test
    void aPatientSenderWaitsForRoom() throws InterruptedException {
        Outbound outbound = blocked(100);
        outbound.offer(frame("in flight"));
        Thread.startVirtualThread(outbound::flush);
        await().until(permits::hasQueuedThreads);
        outbound.offer(new Frame(new byte[60]));
        var sent = new CountDownLatch(1);

        Thread patient = Thread.startVirtualThread(() -> {
            try {
                outbound.sendPatiently(new Frame(new byte[60]));
                sent.countDown();
            } catch (InterruptedException unexpected) {
                Thread.currentThread().interrupt();
            }
        });
        await().until(() -> patient.getState() == Thread.State.WAITING);
        permits.release(10);

        sent.await();
        assertThat(outbound.closingSince()).isZero();
    }

    @Test
    void nothingFollowsTheCloseFrame() throws InterruptedException {
        Outbound outbound = open(1000);

        outbound.closeAndWait(CloseCode.NORMAL);
        outbound.send(frame("late"));
        outbound.closeAndWait(CloseCode.PROTOCOL);

        assertThat(writes).containsExactly(Frame.close(CloseCode.NORMAL).bytes());
    }

    @Test
    void aPeerThatIsGoneIsNoticedByWhoWrites() {
        Outbound outbound = new Outbound(
                _ -> {
                    throw new UncheckedIOException(new java.io.IOException("broken pipe"));
                },
                broken::incrementAndGet,
                1000,
                backlog,
                meters);

        outbound.send(frame("a"));
        outbound.send(frame("b"));

        assertThat(broken).hasValue(1);
    }

    @Test
    void whoeverWritesForASocketThatNeverFallsSilentIsReleased() {
        var writers = ConcurrentHashMap.<Thread>newKeySet();
        var outbound = new Outbound[1];
        outbound[0] = new Outbound(
                bytes -> {
                    record(bytes);
                    writers.add(Thread.currentThread());
                    if (writes.size() < 1000) {
                        outbound[0].offer(frame("more"));
                    }
                },
                broken::incrementAndGet,
                1000,
                backlog,
                meters);
        outbound[0].offer(frame("first"));

        outbound[0].flush();

        await().until(() -> written().size() == 1000);
        assertThat(writers).contains(Thread.currentThread()).hasSizeGreaterThan(1);
    }

    private Outbound open(int maxBytes) {
        return new Outbound(this::record, broken::incrementAndGet, maxBytes, backlog, meters);
    }

    private Outbound blocked(int maxBytes) {
        return new Outbound(
                bytes -> {
                    permits.acquireUninterruptibly();
                    record(bytes);
                },
                broken::incrementAndGet,
                maxBytes,
                backlog,
                meters);
    }

    private void record(byte[] bytes) {
        synchronized (writes) {
            writes.add(bytes);
        }
    }

    private List<byte[]> written() {
        synchronized (writes) {
            return List.copyOf(writes);
        }
    }

    private static Frame frame(String text) {
        return Frame.text(text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] joined(Frame... frames) {
        return joined(List.of(frames).stream().map(Frame::bytes).toList());
    }

    private static byte[] joined(List<byte[]> parts) {
        var out = new ByteArrayOutputStream();
        parts.forEach(out::writeBytes);
        return out.toByteArray();
    }

    private static List<String> texts(byte[] frames) {
        var texts = new ArrayList<String>();
        for (int at = 0; at < frames.length; ) {
            int length = frames[at + 1];
            texts.add(new String(frames, at + 2, length, StandardCharsets.UTF_8));
            at += 2 + length;
        }
        return texts;
    }
}

package dev.natter.realtime;

import java.util.ArrayDeque;
import java.util.function.Consumer;

/**
 * Everything that goes out on one socket, control frames too: a queue, bounded in bytes, and at most one writer.
 *
 * <p>Whoever adds to a queue that nobody is writing gets the writer's role and must call {@link #flush} soon; whoever
 * adds while somebody writes just adds, and the writer takes all that waits in one write. So no thread is parked for an
 * idle socket, a lone frame is written without copying it, and a busy socket costs one write for many frames.
 *
 * <p>A queue that overflows is dropped as a whole and the socket closed as too slow: its client comes back and asks for
 * what it missed, which is better than a hole and than memory without end. Thread-safe.
 */
final class Outbound {
    /** Most bytes joined into one write. */
    static final int MAX_JOINED = 64 * 1024;

    private enum State {
        OPEN,
        CLOSING,
        ENDED
    }

    private final Consumer<byte[]> wire;
    private final Runnable broken;
    private final int maxBytes;
    private final Meters meters;
    private ArrayDeque<Frame> queue;
    private int queuedBytes;
    private boolean writing;
    private State state = State.OPEN;
    private volatile long writingSince;
    private volatile long closingSince;

    /**
     * The way out of one socket.
     *
     * @param wire writes bytes, blocking for as long as it takes; throws if the peer is gone
     * @param broken told once if that happens
     * @param maxBytes how much may wait
     * @param meters counts what is dropped
     */
    Outbound(Consumer<byte[]> wire, Runnable broken, int maxBytes, Meters meters) {
        this.wire = wire;
        this.broken = broken;
        this.maxBytes = maxBytes;
        this.meters = meters;
    }

    /**
     * Adds a frame.
     *
     * @return whether the caller is now the writer and must call {@link #flush}
     */
    synchronized boolean offer(Frame frame) {
        if (state != State.OPEN) {
            return false;
        }
        if (queuedBytes + frame.size() > maxBytes) {
            meters.dropped(queue == null ? 1 : queue.size() + 1);
            queue = null;
            queuedBytes = 0;
            return end(CloseCode.TOO_SLOW);
        }
        return add(frame);
    }

    /** Adds a frame that may be lost: not at all if much waits already. */
    synchronized boolean offerIfCalm(Frame frame) {
        if (state != State.OPEN) {
            return false;
        }
        if (queuedBytes > maxBytes / 4) {
            meters.dropped(1);
            return false;
        }
        return add(frame);
    }

    /** Adds the close frame; nothing is accepted after it. */
    synchronized boolean offerClose(CloseCode code) {
        return state == State.OPEN && end(code);
    }

    /** Writes until nothing waits; to be called by whoever has the writer's role. */
    void flush() {
        for (byte[] bytes = next(); bytes != null; bytes = next()) {
            writingSince = System.nanoTime() | 1;
            try {
                wire.accept(bytes);
            } catch (RuntimeException gone) {
                abandon();
                broken.run();
            }
            writingSince = 0;
        }
    }

    /** Adds a frame and writes it, or leaves that to the active writer. */
    void send(Frame frame) {
        if (offer(frame)) {
            flush();
        }
    }

    /** As {@link #send}, but first waits until at most half of the queue is in use. */
    void sendPatiently(Frame frame) throws InterruptedException {
        synchronized (this) {
            while (state == State.OPEN && queuedBytes > maxBytes / 2) {
                wait();
            }
        }
        send(frame);
    }

    /** Closes and waits until the close frame is written, or never can be. */
    void closeAndWait(CloseCode code) throws InterruptedException {
        if (offerClose(code)) {
            flush();
        }
        synchronized (this) {
            while (writing && state != State.ENDED) {
                wait();
            }
        }
    }

    /** Gives up: nothing will be written any more. */
    synchronized void abandon() {
        state = State.ENDED;
        queue = null;
        queuedBytes = 0;
        notifyAll();
    }

    /** Since when somebody has been busy with one write, by {@link System#nanoTime}; 0 if nobody is. */
    long writingSince() {
        return writingSince;
    }

    /** Since when the socket has been closing, by {@link System#nanoTime}; 0 while it is open. */
    long closingSince() {
        return closingSince;
    }

    private boolean end(CloseCode code) {
        meters.closed(code);
        state = State.CLOSING;
        closingSince = System.nanoTime() | 1;
        return add(Frame.close(code));
    }

    private boolean add(Frame frame) {
        if (queue == null) {
            queue = new ArrayDeque<>(4);
        }
        queue.add(frame);
        queuedBytes += frame.size();
        boolean role = !writing;
        writing = true;
        return role;
    }

    private synchronized byte[] next() {
        if (queue == null || queue.isEmpty()) {
            queue = null;
            writing = false;
            notifyAll();
            return null;
        }
        Frame first = queue.poll();
        int size = first.size();
        int joined = 0;
        for (Frame frame : queue) {
            if (size + frame.size() > MAX_JOINED) {
                break;
            }
            size += frame.size();
            joined++;
        }
        queuedBytes -= size;
        notifyAll();
        return joined == 0 ? first.bytes() : join(first, joined, size);
    }

    private byte[] join(Frame first, int more, int size) {
        byte[] bytes = new byte[size];
        System.arraycopy(first.bytes(), 0, bytes, 0, first.size());
        int at = first.size();
        for (int i = 0; i < more; i++) {
            Frame frame = queue.poll();
            System.arraycopy(frame.bytes(), 0, bytes, at, frame.size());
            at += frame.size();
        }
        return bytes;
    }
}

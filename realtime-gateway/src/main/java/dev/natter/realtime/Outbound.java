package dev.natter.realtime;

import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Consumer;

/**
 * Everything that goes out on one socket, control frames too: a queue, bounded in bytes, and at most one writer.
 *
 * <p>Whoever adds to a queue that nobody is writing gets the writer's role and must call {@link #flush} soon; whoever
 * adds while somebody writes just adds, and the writer takes all that waits in one write. So no thread is parked for an
 * idle socket, a lone frame is written without copying it, and a busy socket costs one write for many frames.
 *
 * <p>A queue that overflows is dropped as a whole and the socket closed as too slow: its client comes back and asks for
 * what it missed, which is better than a hole and than memory without end. The {@link Backlog} bounds all queues
 * together. Thread-safe.
 */
final class Outbound {
    /** Most bytes joined into one write. */
    static final int MAX_JOINED = 64 * 1024;

    /** After so many writes in a row a thread that has other things to do passes the role on. */
    private static final int MAX_WRITES = 64;

    private enum State {
        OPEN,
        CLOSING,
        ENDED
    }

    private final Consumer<byte[]> wire;
    private final Runnable broken;
    private final int maxBytes;
    private final Backlog backlog;
    private final Meters meters;
    private ArrayDeque<Frame> queue;
    private int queuedBytes;
    private int patientBytes;
    private Frame inFlight;
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
     * @param backlog bounds what waits in all
     * @param meters counts what is dropped
     */
    Outbound(Consumer<byte[]> wire, Runnable broken, int maxBytes, Backlog backlog, Meters meters) {
        this.wire = wire;
        this.broken = broken;
        this.maxBytes = maxBytes;
        this.backlog = backlog;
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
            meters.dropped(1);
            return overflow();
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

    /** Drops all that waits and closes as too slow. */
    synchronized boolean overflow() {
        if (state != State.OPEN) {
            return false;
        }
        meters.dropped(queue == null ? 0 : queue.size());
        drop();
        return end(CloseCode.TOO_SLOW);
    }

    /** Writes until nothing waits; to be called by whoever has the writer's role. */
    void flush() {
        int writes = 0;
        for (Frame next = next(); next != null; next = next()) {
            writingSince = System.nanoTime() | 1;
            try {
                wire.accept(next.bytes());
            } catch (RuntimeException gone) {
                abandon();
                broken.run();
            }
            writingSince = 0;
            if (++writes == MAX_WRITES) {
                Thread.startVirtualThread(this::flush);
                return;
            }
        }
    }

    /** Adds a frame and writes it, or leaves that to the active writer. */
    void send(Frame frame) {
        if (offer(frame)) {
            flush();
        }
    }

    /**
     * As {@link #send} of one frame after the other, but each waits until at most half of the queue is in use, or, when
     * room is scarce, none. What hasn't been queued yet counts as waiting all the same.
     */
    void sendPatiently(List<Frame> frames) throws InterruptedException {
        int bytes = frames.stream().mapToInt(Frame::size).sum();
        frames.forEach(backlog::add);
        try {
            addPatient(bytes);
            for (Frame frame : frames) {
                awaitRoom();
                send(frame);
            }
        } finally {
            addPatient(-bytes);
            frames.forEach(backlog::remove);
        }
    }

    void sendPatiently(Frame frame) throws InterruptedException {
        sendPatiently(List.of(frame));
    }

    private synchronized void addPatient(int bytes) {
        patientBytes += bytes;
    }

    private synchronized void awaitRoom() throws InterruptedException {
        while (state == State.OPEN && queuedBytes > (backlog.isTight() ? 0 : maxBytes / 2)) {
            wait();
        }
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
        drop();
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

    /** How many bytes are being written now. */
    synchronized int inFlight() {
        return inFlight == null ? 0 : inFlight.size();
    }

    /** What this socket keeps, times how long it has kept it: in the main the time that its present write takes. */
    synchronized long cost(long now) {
        long since = writingSince;
        long bytes = (long) queuedBytes + patientBytes + inFlight();
        return bytes * (since == 0 ? 1 : Math.max(1, now - since));
    }

    private boolean end(CloseCode code) {
        meters.closed(code);
        state = State.CLOSING;
        closingSince = System.nanoTime() | 1;
        notifyAll();
        return add(Frame.close(code));
    }

    private boolean add(Frame frame) {
        if (queue == null) {
            queue = new ArrayDeque<>(4);
        }
        queue.add(frame);
        backlog.add(frame);
        queuedBytes += frame.size();
        boolean role = !writing;
        writing = true;
        return role;
    }

    private void drop() {
        if (queue != null) {
            queue.forEach(backlog::remove);
            queue = null;
        }
        queuedBytes = 0;
    }

    /** What to write next; whatever was being written has been, or never will be. */
    private synchronized Frame next() {
        if (inFlight != null) {
            backlog.remove(inFlight);
            inFlight = null;
        }
        notifyAll();
        if (queue == null || queue.isEmpty()) {
            queue = null;
            writing = false;
            return null;
        }
        inFlight = take();
        return inFlight;
    }

    /** Takes from the queue what goes out in one write, and still counts it; copies nothing when room is scarce. */
    private Frame take() {
        Frame first = queue.poll();
        int most = queue.isEmpty() || backlog.isTight() ? 0 : MAX_JOINED;
        int size = first.size();
        int joined = 0;
        for (Frame frame : queue) {
            if (size + frame.size() > most) {
                break;
            }
            size += frame.size();
            joined++;
        }
        queuedBytes -= size;
        if (joined == 0) {
            return first;
        }
        Frame whole = new Frame(join(first, joined, size));
        backlog.add(whole);
        return whole;
    }

    private byte[] join(Frame first, int more, int size) {
        byte[] bytes = new byte[size];
        Frame frame = first;
        int at = 0;
        for (int left = more; ; left--) {
            System.arraycopy(frame.bytes(), 0, bytes, at, frame.size());
            at += frame.size();
            backlog.remove(frame);
            if (left == 0) {
                return bytes;
            }
            frame = queue.poll();
        }
    }
}

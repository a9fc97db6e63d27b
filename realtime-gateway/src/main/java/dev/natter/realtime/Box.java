package dev.natter.realtime;

import dev.natter.platform.bus.Bus;
import dev.natter.platform.bus.Delivery;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A connected user's own log, of what happens to their chats as such, on its way to their sockets: by the same rule as
 * a chat's, in order, none twice, holes filled from chat-service. And what is only true now for this user. Thread-safe;
 * under its lock nothing blocks.
 */
final class Box {
    private static final int MAX_WAITING = 256;
    private static final int MAX_EARLY = 64;
    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(300);
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final byte[] ACTIVITY = "{\"type\":\"chat_activity\",".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] UNREAD = "{\"type\":\"unread\",".getBytes(StandardCharsets.US_ASCII);

    private final UUID userId;
    private final Fanout fanout;
    private final Feed<Notice> feed = new Feed<>(MAX_WAITING);
    private Socket[] sockets = {};
    private List<byte[]> early;
    private Bus.Subscription live;
    private boolean unnumbered;
    private int holds;
    private long holeSince;
    private long notBefore = System.nanoTime();

    Box(UUID userId, Fanout fanout) {
        this.userId = userId;
        this.fanout = fanout;
    }

    UUID userId() {
        return userId;
    }

    /** Whether it is known where the box stands. */
    synchronized boolean isKnown() {
        return feed.applied() >= 0;
    }

    /** Somebody needs this box; counted by {@link Boxes} alone, of one user one at a time. */
    Box held() {
        holds++;
        return this;
    }

    /** Somebody doesn't any more. */
    boolean isNeededAfter() {
        return --holds > 0;
    }

    /** Begins to listen, once. */
    synchronized void listen(Supplier<Bus.Subscription> subscription) {
        if (live == null) {
            live = subscription.get();
        }
    }

    /** Stops listening. */
    synchronized void close() {
        if (live != null) {
            live.close();
        }
    }

    /** Lets a socket in, whose first frame is made from the number that the box stands at, or null. */
    void enter(Socket socket, Function<Long, Frame> hello) {
        boolean write;
        synchronized (this) {
            Long number = feed.applied() < 0 ? null : Long.valueOf(feed.applied());
            unnumbered |= number == null;
            write = socket.outbound().offer(hello.apply(number));
            sockets = Arrays.copyOf(sockets, sockets.length + 1);
            sockets[sockets.length - 1] = socket;
        }
        if (write) {
            socket.outbound().flush();
        }
    }

    /** Lets a socket out. */
    synchronized void leave(Socket socket) {
        sockets = Arrays.stream(sockets).filter(other -> other != socket).toArray(Socket[]::new);
    }

    /** NATS brought an entry. */
    void arrived(Notice notice) {
        deliver(_ -> feed.arrived(notice));
    }

    /** The box was seen to stand at a number. */
    void head(long number) {
        deliver(ready -> {
            boolean first = feed.applied() < 0;
            if (first && unnumbered) {
                tell(new ServerFrame.Box(number).frame(), ready);
            }
            List<Notice> notices = feed.head(number);
            if (first && early != null) {
                early.forEach(activity -> hint(Notice.activity(activity, number), ready));
                early = null;
            }
            return notices;
        });
    }

    /**
     * Takes on to fill a hole, if there is one that won't close by itself.
     *
     * @return since which number
     */
    synchronized OptionalLong beginFill(long now) {
        if (!feed.hasHole()) {
            holeSince = now;
        }
        boolean due = feed.hasHole() && now - holeSince > PATIENCE_NANOS && now - notBefore > 0;
        return due ? feed.beginFill() : OptionalLong.empty();
    }

    /** A page was read from chat-service; the last one ends the filling. */
    void filled(List<Notice> notices, long upTo, boolean last) {
        deliver(_ -> feed.filled(notices, upTo, last));
    }

    /** Chat-service can't be asked. */
    void fillFailed() {
        deliver(_ -> {
            notBefore = System.nanoTime() + RETRY_NANOS;
            return feed.fillFailed();
        });
    }

    /** NATS brought what is only true now. */
    void live(Delivery delivery) {
        byte[] json = delivery.payload();
        deliver(ready -> {
            if (begins(json, UNREAD)) {
                tell(Frame.text(json), ready);
            } else if (begins(json, ACTIVITY) && feed.applied() >= 0) {
                hint(Notice.activity(json, feed.applied()), ready);
            } else if (begins(json, ACTIVITY)) {
                keep(json);
            }
            return List.of();
        });
    }

    private static boolean begins(byte[] json, byte[] prefix) {
        return json.length > prefix.length
                && Arrays.equals(json, 0, prefix.length, prefix, 0, prefix.length)
                && json[json.length - 1] == '}';
    }

    private void keep(byte[] activity) {
        if (early == null) {
            early = new ArrayList<>();
        }
        if (early.size() < MAX_EARLY) {
            early.add(activity);
        }
    }

    private void deliver(Function<List<Outbound>, List<Notice>> step) {
        var ready = new ArrayList<Outbound>();
        synchronized (this) {
            for (Notice notice : step.apply(ready)) {
                tell(notice.frame(), ready);
                if (notice.entered() != null) {
                    for (Socket socket : sockets) {
                        socket.mayJoin(notice.entered());
                    }
                }
            }
        }
        fanout.flush(ready);
    }

    private void tell(Frame frame, List<Outbound> ready) {
        for (Socket socket : sockets) {
            if (socket.outbound().offer(frame)) {
                ready.add(socket.outbound());
            }
        }
    }

    /** Tells what may be lost under pressure. */
    private void hint(Frame frame, List<Outbound> ready) {
        for (Socket socket : sockets) {
            if (socket.outbound().offerIfCalm(frame)) {
                ready.add(socket.outbound());
            }
        }
    }
}

package dev.natter.realtime;

import dev.natter.contracts.Internal;
import dev.natter.contracts.Subjects;
import dev.natter.platform.bus.Bus;
import dev.natter.platform.http.Peer;
import dev.natter.platform.http.Problem;
import dev.natter.platform.http.Refused;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.function.Function;

/** The boxes of the users who are connected here. Thread-safe. */
final class Boxes {
    private static final System.Logger LOG = System.getLogger(Boxes.class.getName());
    private static final int FILLS_AT_ONCE = 8;
    private static final int PAGE = 200;
    private static final long ASK_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** How long hello may wait to be complete: chat-service needs a few milliseconds, unless it is ill. */
    private static final long HELLO_MILLIS = 250;

    private final ConcurrentHashMap<UUID, Box> boxes = new ConcurrentHashMap<>();
    private final Gathering<UUID, Long> numbers = new Gathering<>(Backfill.SEATS_AT_ONCE, this::fetch);
    private final Semaphore fills = new Semaphore(FILLS_AT_ONCE);
    private final AtomicLong doubts = new AtomicLong();
    private final Peer chats;
    private final Bus bus;
    private final Fanout fanout;
    private final Meters meters;
    private volatile long settled;
    private volatile long askedAt = System.nanoTime();

    Boxes(Peer chats, Bus bus, Fanout fanout, Meters meters) {
        this.chats = chats;
        this.bus = bus;
        this.fanout = fanout;
        this.meters = meters;
    }

    /**
     * Lets a socket into its user's box; to be undone by {@link #leave}.
     *
     * @param hello makes its first frame from the number that the box stands at, or null if that isn't known yet
     */
    void enter(Socket socket, Function<Long, Frame> hello) throws InterruptedException {
        UUID userId = socket.userId();
        Box box = boxes.compute(userId, (_, known) -> (known == null ? new Box(userId, fanout) : known).held());
        box.listen(() -> bus.subscribeSoon(Subjects.live(userId), box::live));
        if (!box.isKnown()) {
            try {
                ask(List.of(userId)).get(HELLO_MILLIS, TimeUnit.MILLISECONDS);
            } catch (ExecutionException | TimeoutException notNow) {
                LOG.log(System.Logger.Level.DEBUG, "A box''s number is not known yet: {0}", notNow.getMessage());
            }
        }
        box.enter(socket, hello);
    }

    /** Lets a socket out. */
    void leave(Socket socket) {
        boxes.computeIfPresent(socket.userId(), (_, box) -> {
            box.leave(socket);
            if (box.isNeededAfter()) {
                return box;
            }
            box.close();
            return null;
        });
    }

    /**
     * NATS brought an entry of many boxes.
     *
     * @param seqs its number in each
     * @param entry makes it, from the user and the number
     */
    void arrived(Map<UUID, Long> seqs, BiFunction<UUID, Long, Notice> entry) {
        seqs.forEach((userId, seq) -> {
            Box box = boxes.get(userId);
            if (box != null) {
                box.arrived(entry.apply(userId, seq));
            }
        });
    }

    /** Whether anyone of these is connected here. */
    boolean hasAny(Collection<UUID> userIds) {
        return userIds.stream().anyMatch(boxes::containsKey);
    }

    /** Something may have been missed in every box. */
    void doubt() {
        doubts.incrementAndGet();
        askAll();
    }

    /** Time passes. */
    void tick(long now) {
        var unknown = new ArrayList<UUID>();
        for (Box box : boxes.values()) {
            if (!box.isKnown()) {
                unknown.add(box.userId());
            }
            box.beginFill(now).ifPresent(since -> Thread.startVirtualThread(() -> fillInTurn(box, since)));
        }
        if (now - askedAt > ASK_AGAIN_NANOS) {
            askedAt = now;
            Backfill.batches(unknown).forEach(this::ask);
            if (doubts.get() != settled) {
                askAll();
            }
        }
    }

    int size() {
        return boxes.size();
    }

    private void askAll() {
        long asked = doubts.get();
        askedAt = System.nanoTime();
        CompletableFuture<?>[] answers =
                Backfill.batches(boxes.keySet()).stream().map(this::ask).toArray(CompletableFuture<?>[]::new);
        CompletableFuture.allOf(answers).thenRun(() -> settled = Math.max(settled, asked));
    }

    private CompletableFuture<Void> ask(List<UUID> userIds) {
        return numbers.askSoon(userIds)
                .thenAccept(known -> userIds.forEach(userId -> {
                    Box box = boxes.get(userId);
                    if (box != null) {
                        box.head(known.getOrDefault(userId, 0L));
                    }
                }));
    }

    private Map<UUID, Long> fetch(List<UUID> userIds) {
        var question = new Internal.UserIds(Set.copyOf(userIds));
        return chats.post("/internal/boxes", question, Internal.Boxes.class).seqs();
    }

    private void fillInTurn(Box box, long since) {
        meters.boxGap();
        fills.acquireUninterruptibly();
        try {
            fill(box, since);
        } catch (Refused unavailable) {
            box.fillFailed();
        } catch (RuntimeException wrong) {
            LOG.log(System.Logger.Level.ERROR, "Filling the box of " + box.userId() + " failed", wrong);
            box.fillFailed();
        } finally {
            fills.release();
        }
    }

    private void fill(Box box, long since) {
        var reading = new BoxReading(since);
        boolean last = false;
        while (!last) {
            String path = "/internal/users/" + box.userId() + "/box?since=" + reading.at() + "&limit=" + PAGE;
            Internal.Box page = chats.get(path, Internal.Box.class)
                    .orElseThrow(() -> Problem.unavailable("This box can't be read right now.")
                            .refuse());
            List<Notice> notices = reading.read(page);
            last = !page.more();
            box.filled(notices, reading.at(), last);
        }
    }
}
